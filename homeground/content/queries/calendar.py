"""The month: what is posted on which day, where a slot stands empty, where nothing is said at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from homeground.content.models import MomentPlan, Persona, PersonaSlot
from homeground.core import time
from homeground.people.queries import brand
from homeground.wecom.models import MomentPost


@dataclass
class Day:
    """One day of the calendar."""

    on: date
    is_in_month: bool
    is_past: bool
    is_today: bool
    plans: list[MomentPlan] = field(default_factory=list)
    own_posts: int = 0  # Of members, planned nowhere.
    slots: list[PersonaSlot] = field(default_factory=list)  # Of personas, with no plan on this day.

    @property
    def is_gap(self) -> bool:
        """Nothing was or will be said."""
        return self.is_in_month and not self.plans and not self.own_posts


def month_of(month: date, persona: Persona | None = None, at: datetime | None = None) -> list[list[Day]]:
    """The weeks of a month, Monday first, with the days before and after that fill them. persona: this feed alone."""
    today = time.day_of(at or time.now(), brand().time_zone)
    days = [
        Day(on, on.month == month.month, on < today, on == today)
        for on in _grid(month.replace(day=1), _month_after(month))
    ]
    by_day = {day.on: day for day in days}
    _fill_plans(by_day, persona)
    _fill_own_posts(by_day, persona)
    _fill_slots(days, persona)
    return [days[at : at + 7] for at in range(0, len(days), 7)]


def plans_of_month(month: date, persona: Persona | None = None) -> QuerySet[MomentPlan]:
    """The posts of one month, in order."""
    return _between(month.replace(day=1), _month_after(month), persona)


def plans_of_moments(moment_ids: Sequence[int]) -> dict[int, MomentPlan]:
    """Which plan stands behind which post of the corp, by the post's id."""
    found = MomentPlan.objects.filter(moment__in=moment_ids)
    return {plan.moment_id: plan for plan in found if plan.moment_id is not None}


def same_place_in(month: date, day: date) -> date | None:
    """The day of a month with the same weekday in the same week; None: it has no fifth such day."""
    first = month.replace(day=1)
    offset = (day.weekday() - first.weekday()) % 7
    found = first + timedelta(days=offset + 7 * ((day.day - 1) // 7))
    return found if found.month == first.month else None


def _between(since: date, until: date, persona: Persona | None) -> QuerySet[MomentPlan]:
    zone = brand().time_zone
    plans = MomentPlan.objects.filter(
        planned_at__gte=time.start_of(since, zone), planned_at__lt=time.start_of(until, zone)
    )
    return (plans.filter(persona=persona) if persona else plans).order_by("planned_at", "pk")


def _month_after(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _grid(first: date, after: date) -> Iterable[date]:
    start = first - timedelta(days=first.weekday())
    weeks = -(-((after - start).days) // 7)
    return (start + timedelta(days=count) for count in range(weeks * 7))


def _fill_plans(by_day: dict[date, Day], persona: Persona | None) -> None:
    zone = brand().time_zone
    plans = _between(min(by_day), max(by_day) + timedelta(days=1), persona)
    for plan in plans.select_related("persona"):
        by_day[time.day_of(plan.planned_at, zone)].plans.append(plan)


def _fill_own_posts(by_day: dict[date, Day], persona: Persona | None) -> None:
    zone = brand().time_zone
    since, until = time.start_of(min(by_day), zone), time.start_of(max(by_day) + timedelta(days=1), zone)
    shown = MomentPost.objects.filter(published_at__gte=since, published_at__lt=until)
    shown = shown.exclude(moment__in=MomentPlan.objects.filter(moment__isnull=False).values("moment"))
    if persona:
        shown = shown.filter(staff=persona.staff_id)
    per_day: Any = shown.values(day=TruncDate("published_at", tzinfo=ZoneInfo(zone)))
    for row in per_day.annotate(posts=Count("moment", distinct=True)):
        by_day[row["day"]].own_posts = row["posts"]


def _fill_slots(days: Iterable[Day], persona: Persona | None) -> None:
    known = PersonaSlot.objects.filter(persona__is_active=True).select_related("persona")
    slots = list(known.filter(persona=persona) if persona else known)
    for day in days:
        taken = {plan.persona_id for plan in day.plans}
        day.slots = [
            slot
            for slot in slots
            if slot.weekday == day.on.weekday() and day.on >= slot.persona.begins_on and slot.persona_id not in taken
        ]
