"""The platform's own figures (document 92132): read once a day for each member, kept day by day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.models import Max

from homeground.core import time
from homeground.people.queries import brand
from homeground.service.models import PlatformDay
from homeground.wecom.client import Api, WeComError, connect, statistics
from homeground.wecom.client.statistics import BehaviourDay
from homeground.wecom.models import Staff

_MOST_DAYS = 30  # Of one call, so also how far a first reading goes back.
_AGAIN = 2  # The last days are read again: late figures change.
_KEEP = (Path(__file__).parents[2] / "sql" / "scorecard_platform_keep.sql").read_text()
_LOWEST, _HIGHEST = 0, 10_000
_Row = tuple[int, date, int, int, int, int, int | None, int | None, int]


def read_platform(at: datetime | None = None) -> int:
    """Read what is missing up to yesterday, one call a member. Returns how many days of members were kept.

    A member whom the platform refuses is left out; a repeat changes nothing. Raises what the call raises otherwise.
    """
    api, at = connect(), at or time.now()
    zone = brand().time_zone
    yesterday = time.day_of(at, zone) - timedelta(days=1)
    known = dict(PlatformDay.objects.values_list("staff_id").annotate(Max("day")))
    kept = 0
    for staff in Staff.objects.filter(is_active=True):
        since = _since(known.get(staff.pk), yesterday)
        rows = list(_rows(staff, _read(api, staff, time.start_of(since, zone), time.start_of(yesterday, zone)), zone))
        kept += _keep(rows, at)
    return kept


def _since(known: date | None, yesterday: date) -> date:
    first = yesterday - timedelta(days=_MOST_DAYS - 1)
    return min(max(first, known - timedelta(days=_AGAIN)), yesterday) if known else first


def _read(api: Api, staff: Staff, since: datetime, until: datetime) -> list[BehaviourDay]:
    try:
        return statistics.behaviour(api, [staff.userid], since, until)
    except WeComError as refusal:
        if refusal.may_retry:
            raise
        return []


def _rows(staff: Staff, days: list[BehaviourDay], zone: str) -> Iterator[_Row]:
    for day in days:
        if day.at:
            share = None if day.reply_share is None else min(max(round(day.reply_share * _HIGHEST), _LOWEST), _HIGHEST)
            minutes = None if day.reply_minutes is None else max(round(day.reply_minutes), 0)
            on = time.day_of(day.at, zone)
            yield staff.pk, on, day.applied, day.added, day.chats, day.messages, share, minutes, day.removed


def _keep(rows: list[_Row], at: datetime) -> int:
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [*(list(column) for column in zip(*rows, strict=True)), at])
    return len(rows)
