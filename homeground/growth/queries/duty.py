"""Who stands behind the doors now, which group is filling, and what comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.core import time
from homeground.growth import schedule
from homeground.growth.models import Door, DoorStaff, Shift
from homeground.people.queries import brand
from homeground.wecom.models import Staff

SQL = Path(__file__).parent.parent / "sql"
NEARLY_FULL = 20  # Places left in the whole line: below it somebody has to make a group.


@dataclass(frozen=True)
class Duty:
    """Who should stand behind one door. is_backup: nobody on shift is free. Empty: nobody can."""

    door_id: int
    userids: tuple[str, ...]
    is_backup: bool


@dataclass(frozen=True)
class GroupPlace:
    """One group of a group code, with its members now."""

    door_id: int
    chat_id: str
    title: str
    limit: int
    members: int
    is_dismissed: bool

    @property
    def places(self) -> int:
        """How many more may come."""
        return 0 if self.is_dismissed else max(self.limit - self.members, 0)


@dataclass(frozen=True)
class Line:
    """The groups of one group code, in order."""

    groups: tuple[GroupPlace, ...]

    @property
    def open(self) -> tuple[GroupPlace, ...]:
        """Those with a place left: the first is filling, the second is next."""
        return tuple(group for group in self.groups if group.places)

    @property
    def places(self) -> int:
        return sum(group.places for group in self.groups)

    @property
    def is_nearly_full(self) -> bool:
        """The last group is filling, and few places are left."""
        return len(self.open) <= 1 and self.places < NEARLY_FULL


@dataclass(frozen=True)
class NextDuty:
    """When the shifts change next, and who is on then; no one: the back-ups."""

    at: datetime
    staff: tuple[Staff, ...]


def duty(door_ids: Iterable[int] | None = None, at: datetime | None = None) -> dict[int, Duty]:
    """Who should stand behind the doors that are open (None: all of them), by door; group codes are left out."""
    now, zone = at or time.now(), brand().time_zone
    params: dict[str, Any] = {"at": now, "zone": zone, "day": time.day_of(now, zone), "doors": _list(door_ids)}
    with connection.cursor() as cursor:
        cursor.execute((SQL / "duty.sql").read_text(), params)
        return {row[0]: Duty(row[0], tuple(row[1]), row[2]) for row in cursor.fetchall()}


def lines(door_ids: Iterable[int] | None = None) -> Mapping[int, Line]:
    """The groups of the group codes that are open (None: all of them), by door."""
    with connection.cursor() as cursor:
        cursor.execute((SQL / "lines.sql").read_text(), {"doors": _list(door_ids)})
        places = [GroupPlace(*row) for row in cursor.fetchall()]
    return {door: Line(tuple(group)) for door, group in groupby(places, key=lambda place: place.door_id)}


def next_duty(door: Door, at: datetime | None = None) -> NextDuty | None:
    """When the door's shifts change next, limits aside; None: they never do."""
    now, zone = at or time.now(), brand().time_zone
    shifts = list(door.shifts.prefetch_related("staff"))
    when = schedule.next_change(spans_of(shifts), now, zone)
    if when is None:
        return None
    on = [shifts[place] for place in schedule.on_at(spans_of(shifts), when, zone)]
    always = Staff.objects.filter(pk__in=DoorStaff.objects.filter(door=door, is_backup=False).values("staff"))
    found = {staff.pk: staff for staff in [*always, *(staff for shift in on for staff in shift.staff.all())]}
    return NextDuty(when, tuple(staff for staff in found.values() if staff.is_active))


def spans_of(shifts: Sequence[Shift]) -> list[schedule.Span]:
    """The shifts' hours."""
    return [schedule.Span(frozenset(shift.weekdays), shift.start_minute, shift.end_minute) for shift in shifts]


def _list(ids: Iterable[int] | None) -> list[int] | None:
    return None if ids is None else sorted(ids)
