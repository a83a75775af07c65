"""What decides whether a call comes in, looked up at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.db import connection

from homeground.core import time
from homeground.sandbox.models import App, Corp
from homeground.sandbox.services.wecom.corp import corp
from homeground.sandbox.services.wecom.refusals import Refused

_LOOK = (Path(__file__).parents[2] / "sql" / "enter.sql").read_text()


@dataclass(frozen=True)
class Entry:
    """The corp at this moment of its clock; the token's app, expiry and withdrawal; the API's own limits, if any."""

    corp: Corp
    at: datetime
    token_app: str | None
    token_until: datetime | None
    token_is_invalid: bool | None
    own_limits: tuple[int, int] | None  # Calls a minute and an hour.
    has_faults: bool

    def app(self, token: str) -> App:
        """Which app holds the token. Raises Refused: 41001 missing, 40014 unknown or withdrawn, 42001 expired."""
        if not token:
            raise Refused(41001, "access_token missing")
        if self.token_app is None or self.token_until is None or self.token_is_invalid:
            raise Refused(40014, "invalid access_token")
        if self.token_until <= self.at:
            raise Refused(42001, "access_token expired")
        return App(self.token_app)


def look(api: str, token: str) -> Entry:
    """Everything about one call; the corp is made when it is missing."""
    row = _row(api, token)
    if row is None:
        corp()
        row = _row(api, token)
    assert row
    found = Corp(**orjson.loads(row[0]))
    app, until, is_invalid, per_minute, per_hour, has_faults = row[1:]
    own = None if per_minute is None else (per_minute, per_hour)
    at = time.now() + timedelta(seconds=found.clock_offset_seconds)
    return Entry(found, at, app, until, is_invalid, own, has_faults)


def _row(api: str, token: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"api": api, "token": token[:512].replace("\x00", "")})
        return cursor.fetchone()
