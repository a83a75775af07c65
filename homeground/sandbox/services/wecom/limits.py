"""How often one API may be called: by the minute and by the hour; who exceeds it is shut out as long as the window."""

from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from homeground.sandbox.models import ApiLimit, CallCount
from homeground.sandbox.services.wecom.entering import Entry
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Endpoint

SQL = Path(__file__).parent.parent.parent / "sql"
_COUNT = (SQL / "count_call.sql").read_text()
LAX = "SET LOCAL synchronous_commit TO off"  # All calls of an API count on one row: none waits for another's disk.


def count(endpoint: Endpoint, entry: Entry) -> None:
    """Count one call. Raises Refused 45009 while the API is blocked, or from the call that blocks it."""
    at = entry.at
    with connection.cursor() as cursor:
        cursor.execute(f"{LAX}; {_COUNT}", {"api": endpoint.path, "at": at})
        cursor.nextset()
        in_minute, in_hour, blocked_until = cursor.fetchone()
    if blocked_until and blocked_until > at:
        raise _too_often(endpoint.path)
    per_minute, per_hour = entry.own_limits or (
        endpoint.per_minute or entry.corp.calls_per_minute,
        endpoint.per_hour or entry.corp.calls_per_hour,
    )
    if in_minute > per_minute or in_hour > per_hour:
        _block(endpoint.path, at, timedelta(hours=1) if in_hour > per_hour else timedelta(minutes=1))


def limit(api: str, *, per_minute: int, per_hour: int) -> None:
    """Set how often one API may be called."""
    ApiLimit.objects.update_or_create(api=api, defaults={"per_minute": per_minute, "per_hour": per_hour})


def forget() -> None:
    """Count every API from nothing, and let in who was shut out."""
    CallCount.objects.update(in_minute=0, in_hour=0, blocked_until=None)


def _block(api: str, at: datetime, span: timedelta) -> None:
    CallCount.objects.filter(api=api).update(blocked_until=at + span)
    raise _too_often(api)


def _too_often(api: str) -> Refused:
    return Refused(45009, f"api freq out of limit: {api}")
