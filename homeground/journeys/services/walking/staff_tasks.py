"""Tasks for staff: each to the member who looks after the customer, on the first day that has room for it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Count

from homeground.core import time
from homeground.growth.models import Door
from homeground.growth.queries.addresses import page_url
from homeground.journeys.services.walking.marks import source_of
from homeground.journeys.services.walking.walkers import Move, Place, Said, Walker
from homeground.people import queries as people
from homeground.service.models import Task
from homeground.service.queries.day import capacities, minutes_of_work
from homeground.service.services import tasks
from homeground.wecom import queries as wecom

_NOBODY = {"skipped": "no_staff"}  # Nobody looks after the customer: there is nobody to ask.


def assign(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """A task each. Who has no member of staff goes on without."""
    return _give(place, walkers, place.step.title, place.step.how)


def invite(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """A task each: invite the customer into the group by the door's page, which shows a group that has room."""
    door = Door.objects.get(pk=place.step.door)
    return _give(place, walkers, place.step.name, f"{door.name}\n{page_url(door)}")


def _give(place: Place, walkers: Sequence[Walker], title: str, how: str) -> list[Said]:
    owners = wecom.owners([one.customer_id for one in walkers])
    days = _Days(place, sorted(set(owners.values())))
    tasks.assign(
        [
            tasks.Assignment(
                key=f"journey:{one.id}:step:{one.steps + 1}", staff_id=staff, title=title, instructions=how,
                customer_id=one.customer_id, due_on=days.next_for(staff), expires_on=days.last,
            )
            for one in walkers
            if (staff := owners.get(one.customer_id))
        ],
        assigned_by=source_of(place),
    )  # fmt: skip
    return [Move("next", place.step.next, None if one.customer_id in owners else _NOBODY) for one in walkers]


class _Days:
    """The days up to the deadline, and how many more tasks each holds for each member (M3)."""

    def __init__(self, place: Place, staff_ids: Sequence[int]) -> None:
        zone = people.brand().time_zone
        first = time.day_of(place.at, zone)
        self.last = time.day_of(place.at + timedelta(hours=place.step.deadline_hours), zone)
        self._days = [first + timedelta(days=n) for n in range((self.last - first).days + 1)]
        self._room = {day: _room(staff_ids, day, self._days[0]) for day in self._days}

    def next_for(self, staff_id: int) -> date:
        """The first day with room; the last one where none has."""
        for day in self._days:
            if self._room[day][staff_id] > 0:
                self._room[day][staff_id] -= 1
                return day
        return self.last


def _room(staff_ids: Sequence[int], day: date, first: date) -> Counter[int]:
    each = minutes_of_work()[Task.Kind.CAMPAIGN]
    capacity = capacities(staff_ids, day)
    waiting = Task.objects.filter(staff__in=staff_ids, state=Task.State.OPEN)
    # What is late is to be done on the first day, too.
    rows = waiting.filter(due_on__lte=day) if day == first else waiting.filter(due_on=day)
    taken = dict(rows.values_list("staff").annotate(n=Count("pk")).values_list("staff", "n"))
    return Counter({staff: int(capacity[staff] // each) - taken.get(staff, 0) for staff in staff_ids})
