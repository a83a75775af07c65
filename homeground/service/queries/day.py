"""A day of work: what there is, what the day holds, and what will not fit (M3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from homeground.core import time
from homeground.people import queries as people
from homeground.service.models import Capacity, CareItem, Cover, Task, Ticket, Wait, Work, WorkMinutes
from homeground.wecom.models import MassSendTask, MomentPost, Staff

_LOAD = (Path(__file__).parent.parent / "sql" / "load.sql").read_text()


@dataclass(frozen=True)
class Part:
    """One kind of work of one day. open: pieces to do; late: of them, past their time.

    fit: of the open ones, what the day holds; minutes: what one piece takes.
    """

    kind: str
    open: int = 0
    late: int = 0
    done: int = 0
    fit: int = 0
    minutes: float = 0.0

    @property
    def label(self) -> str:
        return str(Work(self.kind).label)

    @property
    def beyond(self) -> int:
        """Pieces that will not fit."""
        return self.open - self.fit


@dataclass(frozen=True)
class Load:
    """What one member has to do on a day. capacity: minutes; 0 on a day off. parts: in the order of priority."""

    staff_id: int
    capacity: int
    parts: Sequence[Part] = field(default_factory=tuple)

    @cached_property
    def planned_minutes(self) -> int:
        return round(sum(part.open * part.minutes for part in self.parts))

    @cached_property
    def doable_minutes(self) -> int:
        return round(sum(part.fit * part.minutes for part in self.parts))

    @property
    def beyond_minutes(self) -> int:
        return self.planned_minutes - self.doable_minutes

    @property
    def beyond(self) -> list[Part]:
        """The kinds of work of which something will not fit."""
        return [part for part in self.parts if part.beyond]

    @property
    def open(self) -> int:
        return sum(part.open for part in self.parts)

    @property
    def late(self) -> int:
        return sum(part.late for part in self.parts)

    @property
    def done(self) -> int:
        return sum(part.done for part in self.parts)

    @property
    def share_done(self) -> int:
        """Percent of the pieces of the day."""
        return round(100 * self.done / (self.done + self.open)) if self.done + self.open else 100

    def part(self, kind: str) -> Part:
        """One kind of work; empty where there is none."""
        return next((part for part in self.parts if part.kind == kind), Part(kind))


def loads(staff_ids: Sequence[int], at: datetime | None = None, zone: str = "") -> dict[int, Load]:
    """The day of this moment for each of these members. zone: the brand's, where the caller knows it."""
    at, zone = at or time.now(), zone or people.brand().time_zone
    on = time.day_of(at, zone)
    params: dict[str, Any] = {
        "staff": list(staff_ids), "on": on, "now": at, "since": time.start_of(on, zone),
        "until": time.start_of(on + timedelta(days=1), zone),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, params)
        rows = cursor.fetchall()
    return _filled(staff_ids, rows, capacities(staff_ids, on), minutes_of_work())


def capacities(staff_ids: Sequence[int], on: date) -> dict[int, int]:
    """The minutes that each member has on a day; 0 on a day off."""
    own = {row.staff_id: row for row in Capacity.objects.filter(staff_id__in=staff_ids)}
    usual = Capacity(minutes=Capacity.USUAL_MINUTES, weekdays=Capacity.USUAL_WEEKDAYS)
    chosen = {staff: own.get(staff, usual) for staff in staff_ids}
    return {staff: row.minutes if on.isoweekday() in row.weekdays else 0 for staff, row in chosen.items()}


def minutes_of_work() -> dict[str, float]:
    """What one piece of each kind of work takes."""
    usual = {str(kind): each for kind, each in WorkMinutes.USUAL.items()}
    return usual | {row.kind: float(row.minutes) for row in WorkMinutes.objects.all()}


def fill(open_pieces: dict[str, int], minutes: dict[str, float], capacity: float) -> dict[str, int]:
    """How many pieces of each kind a day holds, the most urgent kinds first."""
    fit, left = {}, capacity
    for kind in Work.values:
        fit[kind] = min(open_pieces.get(kind, 0), int(max(left, 0) // minutes[kind]))
        left -= open_pieces.get(kind, 0) * minutes[kind]  # What is more urgent and does not fit leaves no room either.
    return fit


def _filled(
    staff_ids: Sequence[int],
    rows: Sequence[tuple[int, str, int, int, int]],
    capacity: dict[int, int],
    minutes: dict[str, float],
) -> dict[int, Load]:
    found: dict[int, dict[str, tuple[int, int, int]]] = {staff: {} for staff in staff_ids}
    for staff, kind, open_, late, done in rows:
        found[staff][kind] = (open_, late, done)
    return {staff: _load(staff, capacity[staff], kinds, minutes) for staff, kinds in found.items()}


def _load(staff: int, capacity: int, kinds: dict[str, tuple[int, int, int]], minutes: dict[str, float]) -> Load:
    each = {kind: minutes[kind] for kind in Work.values}
    spent = sum(done * each[kind] for kind, (_open, _late, done) in kinds.items())
    fit = fill({kind: numbers[0] for kind, numbers in kinds.items()}, each, capacity - spent)
    return Load(
        staff, capacity,
        [Part(kind, *kinds[kind], fit=fit[kind], minutes=each[kind]) for kind in Work.values if kind in kinds],
    )  # fmt: skip


def covered(staff: Staff, on: date) -> list[int]:
    """The members for whom this one answers on a day, with themselves first."""
    covers = Cover.objects.filter(by=staff, starts_on__lte=on, ends_on__gte=on)
    return [staff.pk, *covers.values_list("staff_id", flat=True).distinct()]


def open_waits(staff_ids: Sequence[int]) -> QuerySet[Wait]:
    """Who waits for these members, the most urgent first; friend requests apart."""
    rows = Wait.objects.filter(staff_id__in=staff_ids, answered_at=None).exclude(kind="request")
    return rows.select_related("staff", "customer__merged_into").order_by("due_at", "pk")


def open_requests(staff_ids: Sequence[int]) -> QuerySet[Wait]:
    """Who asks to be a friend of these members, the most urgent first."""
    rows = Wait.objects.filter(staff_id__in=staff_ids, answered_at=None, kind="request")
    return rows.select_related("staff", "customer__merged_into").order_by("due_at", "pk")


def open_tickets(staff_ids: Sequence[int]) -> QuerySet[Ticket]:
    """Tickets that these members answer for, the most urgent first."""
    rows = Ticket.objects.filter(staff_id__in=staff_ids, closed_at=None)
    return rows.select_related("staff", "customer__merged_into").order_by("due_at", "pk")


def sends_to_confirm(staff_ids: Sequence[int]) -> QuerySet[MassSendTask]:
    """Mass sends that these members have to confirm in WeCom, the one that ends first first."""
    rows = MassSendTask.objects.filter(staff_id__in=staff_ids, confirmed_at=None, mass_send__state="placed")
    return rows.filter(mass_send__is_personal=False).select_related("mass_send", "staff").order_by(
        "mass_send__expires_at", "pk"
    )  # fmt: skip


def moments_to_publish(staff_ids: Sequence[int]) -> QuerySet[MomentPost]:
    """Moments that these members have to publish in WeCom, the one that ends first first."""
    rows = MomentPost.objects.filter(staff_id__in=staff_ids, published_at=None, moment__state="placed")
    return rows.filter(moment__is_personal=False).select_related("moment", "staff").order_by(
        "moment__expires_at", "pk"
    )  # fmt: skip


def open_tasks(staff_ids: Sequence[int], kind: str, until: date) -> QuerySet[Task]:
    """Tasks of one kind that are due by a day, the longest overdue first."""
    rows = Task.objects.filter(staff_id__in=staff_ids, kind=kind, state=Task.State.OPEN, due_on__lte=until)
    return rows.select_related("staff", "customer").order_by("due_on", "pk")


def care_of_day(staff_ids: Sequence[int], on: date) -> QuerySet[CareItem]:
    """The friends whom the care round chose for a day, those that lack something."""
    todo = Q(liked_at=None) | Q(commented_at=None)
    rows = CareItem.objects.filter(todo, round__staff_id__in=staff_ids, planned_on=on, left_out="")
    return rows.select_related("contact__customer", "round__staff").order_by("round_id", "position")
