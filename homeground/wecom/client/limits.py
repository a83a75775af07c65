"""How many calls the platform bears, per corp and API (document 90312). Dated: read it before changing a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

DOCUMENT = "90312"
READ_ON = date(2026, 8, 1)


@dataclass(frozen=True)
class Limit:
    """Calls to one API by one corp."""

    per_minute: int
    per_hour: int


BASE = Limit(10_000, 150_000)
TIGHTER: Mapping[str, Limit] = {
    "externalcontact/add_moment_task": Limit(10, 600),
    "get_jsapi_ticket": Limit(400, 400),
    "ticket/get": Limit(100, 100),
}
# Counted by other rules than calls: valid codes are exempt, messages go by person-times a day, tokens are cached.
EXEMPT = frozenset({"gettoken", "auth/getuserinfo", "message/send"})


def of(api: str) -> Limit | None:
    """The limit of one API; None: its calls are not counted."""
    return None if api in EXEMPT else TIGHTER.get(api, BASE)
