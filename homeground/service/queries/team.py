"""The team's day: every member with who waits, what is planned and doable, coverage and proactive share."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from homeground.core import time
from homeground.people import queries as people
from homeground.service.queries.care import Coverage, coverage
from homeground.service.queries.day import Load, loads
from homeground.service.queries.proactive import Proactive, proactive
from homeground.wecom.models import Staff

MOST = 500  # Members on one page.


@dataclass(frozen=True)
class Member:
    """One member's row."""

    staff: Staff
    load: Load
    coverage: Coverage | None
    proactive: Proactive | None

    @property
    def waiting(self) -> int:
        return self.load.part("wait").open + self.load.part("request").open

    @property
    def late(self) -> int:
        return self.load.part("wait").late + self.load.part("request").late


@dataclass(frozen=True)
class Team:
    """All members, those who need help first, and their sums. left_out: members beyond the page."""

    members: list[Member]
    left_out: int

    @property
    def waiting(self) -> int:
        return sum(member.waiting for member in self.members)

    @property
    def late(self) -> int:
        return sum(member.late for member in self.members)

    @property
    def planned_minutes(self) -> int:
        return sum(member.load.planned_minutes for member in self.members)

    @property
    def doable_minutes(self) -> int:
        return sum(member.load.doable_minutes for member in self.members)

    @property
    def beyond_minutes(self) -> int:
        return sum(member.load.beyond_minutes for member in self.members)

    @property
    def covered(self) -> float:
        """Share of all friends who got a like and a comment this month."""
        rounds = [member.coverage for member in self.members if member.coverage]
        friends = sum(one.friends for one in rounds)
        return sum(one.both for one in rounds) / friends if friends else 0.0


def team(text: str = "", at: datetime | None = None) -> Team:
    """The day of this moment; text: only members whose name or userid has it."""
    at = at or time.now()
    found = Staff.objects.filter(is_active=True)
    if text := text.strip().replace("\x00", ""):
        found = found.filter(Q(name__icontains=text) | Q(userid__icontains=text))
    staff = list(found.order_by("name", "pk")[:MOST])
    ids = [member.pk for member in staff]
    month = time.day_of(at, people.brand().time_zone).replace(day=1)
    day, care, own = loads(ids, at), coverage(month, ids), proactive(at)
    members = [Member(one, day[one.pk], care.get(one.pk), own.get(one.userid)) for one in staff]
    members.sort(key=lambda member: (-member.late, -member.waiting, -member.load.beyond_minutes))
    return Team(members, max(0, found.count() - MOST) if len(staff) == MOST else 0)
