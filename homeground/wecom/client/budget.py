"""The rate budget: calls per API in the running minute and hour, shared by every process through one row an API.

A process takes small leases from the row, so that most calls cost no statement. A window begins with its first call.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

from django.db import connection

from homeground.core import time
from homeground.wecom.client import limits
from homeground.wecom.client.failures import QuotaFull
from homeground.wecom.client.limits import Limit
from homeground.wecom.models import RateBudget

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_LEASES_A_WINDOW = 100  # A lease is this part of the minute's limit: 100 calls of 10,000, one of 10.
_BLINK = timedelta(milliseconds=5)
_TAKE = (Path(__file__).parent.parent / "sql" / "take_budget.sql").read_text()


@dataclass
class _Lease:
    """Calls that this process may still make without asking, until its minute ends."""

    left: int
    until: datetime


_leases: dict[str, _Lease] = {}
_lock = threading.Lock()


def take(api: str, patience: timedelta) -> None:
    """One call of this API's budget; waits for the next window while patience lasts.

    Raises QuotaFull when the budget is used up, or blocked by the platform, for longer than that.
    """
    limit = limits.of(api)
    give_up_at = time.now() + patience
    while limit and not _spent(api):
        if free_at := _lease(api, limit):
            if free_at > give_up_at:
                raise QuotaFull(api, free_at)
            sleep(max(free_at - time.now(), _BLINK).total_seconds())


def block(api: str) -> datetime:
    """The platform answered 45009: no calls until the end of the window. Returns that moment.

    The minute's rule is taken first; refused again right after such a minute, it was the hour's.
    """
    at = time.now()
    row, _made = RateBudget.objects.get_or_create(api=api, defaults={"minute_at": at, "hour_at": at})
    again = row.blocked_until and row.blocked_until <= at < row.blocked_until + _MINUTE
    until = at + (_HOUR if again else _MINUTE)
    RateBudget.objects.filter(pk=row.pk).update(blocked_until=until)
    with _lock:
        _leases.pop(api, None)
    return until


def forget() -> None:
    """Drop what this process has leased: another corp, another test."""
    with _lock:
        _leases.clear()


def _spent(api: str) -> bool:
    with _lock:
        lease = _leases.get(api)
        if lease is None or lease.left < 1 or lease.until <= time.now():
            return False
        lease.left -= 1
        return True


def _lease(api: str, limit: Limit) -> datetime | None:
    """Take a lease from the row. None: taken; else the moment to ask again."""
    at = time.now()
    granted, until = _asked(api, limit, at)
    if granted < 1:
        return until
    with _lock:
        held = _leases.get(api)
        rest = held.left if held and held.until == until else 0
        _leases[api] = _Lease(rest + granted, until)
    return None


def _asked(api: str, limit: Limit, at: datetime) -> tuple[int, datetime]:
    size = max(1, limit.per_minute // _LEASES_A_WINDOW)
    values: dict[str, str | int | datetime] = {
        "api": api,
        "at": at,
        "size": size,
        "minute": limit.per_minute,
        "hour": limit.per_hour,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wecom_ratebudget (api, minute_at, in_minute, hour_at, in_hour)"
            " VALUES (%(api)s, %(at)s, 0, %(at)s, 0) ON CONFLICT (api) DO NOTHING",
            values,
        )
        cursor.execute(_TAKE, values)
        granted, until = cursor.fetchone()
    return int(granted), until
