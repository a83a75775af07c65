"""How people went through doors: counts with their denominators, harm beside gain (M2), and the alarms."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Sum

from homeground.core import time
from homeground.growth.models import Door, DoorOpening
from homeground.growth.queries.duty import SQL

RIPE_DAYS = 90  # How far back the alarm looks, before the days of observation.
RIPE_PEOPLE = 50  # Fewer say nothing: 2 % of them is one person.


@dataclass(frozen=True)
class Steps:
    """People by step. requested is 0 where the platform does not tell; passed: of requested, those who came."""

    requested: int = 0
    came: int = 0
    friends: int = 0
    grouped: int = 0
    ordered: int = 0
    gone: int = 0
    gone_by_customer: int = 0
    passed: int = 0
    opened: int = 0


@dataclass(frozen=True)
class Passage:
    """One door's steps: in all, by day, by member of staff."""

    total: Steps
    days: Mapping[date, Steps]
    staff: Mapping[str, Steps]


@dataclass(frozen=True)
class Ripe:
    """Of a door, those whose days of observation are over, and who of them ordered."""

    came: int
    ordered: int
    alarm_bp: int
    order_days: int

    @property
    def is_alarming(self) -> bool:
        """Enough people came, and too few of them ordered (M24)."""
        return self.came >= RIPE_PEOPLE and self.ordered * 10_000 < self.alarm_bp * self.came

    @property
    def share(self) -> float | None:
        return self.ordered / self.came if self.came else None


def passages(doors: Collection[Door], since: date, until: date, at: datetime | None = None) -> dict[int, Passage]:
    """How people went through these doors from one day to another, both included."""
    ids = [door.pk for door in doors]
    params: dict[str, Any] = {"doors": ids, "since": since, "until": until, "at": at or time.now()}
    with connection.cursor() as cursor:
        cursor.execute((SQL / "funnel.sql").read_text(), params)
        rows = cursor.fetchall()
    openings = _openings(ids, since, until)
    return {door: _passage([row for row in rows if row[0] == door], openings.get(door, {})) for door in ids}


def ripe(doors: Collection[Door], at: datetime | None = None) -> dict[int, Ripe]:
    """Joins against orders, by door."""
    params: dict[str, Any] = {"doors": [door.pk for door in doors], "at": at or time.now(), "span": RIPE_DAYS}
    with connection.cursor() as cursor:
        cursor.execute((SQL / "ripe.sql").read_text(), params)
        found = {door: (came, ordered) for door, came, ordered in cursor.fetchall()}
    return {
        door.pk: Ripe(*found.get(door.pk, (0, 0)), alarm_bp=door.order_alarm_bp, order_days=door.order_days)
        for door in doors
    }


def _openings(doors: Collection[int], since: date, until: date) -> dict[int, dict[date, int]]:
    rows = DoorOpening.objects.filter(door__in=doors, day__gte=since, day__lte=until)
    found: dict[int, dict[date, int]] = {}
    for door, day, opened in rows.values_list("door_id", "day").annotate(Sum("opened")):
        found.setdefault(door, {})[day] = opened
    return found


def _passage(rows: list[tuple[object, ...]], openings: Mapping[date, int]) -> Passage:
    counted = [(day, userid, Steps(*counts)) for _door, day, userid, *counts in rows]  # type: ignore[arg-type]
    total = next((steps for day, userid, steps in counted if day is None and userid is None), Steps())
    days = {day: _with_opened(steps, openings.get(day, 0)) for day, _userid, steps in counted if isinstance(day, date)}
    days |= {day: _with_opened(Steps(), opened) for day, opened in openings.items() if day not in days}
    staff = {userid: steps for _day, userid, steps in counted if isinstance(userid, str)}
    return Passage(_with_opened(total, sum(openings.values())), dict(sorted(days.items())), staff)


def _with_opened(steps: Steps, opened: int) -> Steps:
    return Steps(**{**vars(steps), "opened": opened})
