"""Whether a brand should begin with a pack (M17): by who can be reached, who serves them, and who comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models.functions import Coalesce

from homeground.channels.models import Channel
from homeground.core import time
from homeground.people.models import Customer, Identity
from homeground.playbooks.pack.nodes import Pack, Threshold, Words
from homeground.service.models import Capacity
from homeground.wecom.models import Staff

Level = Literal["well", "care", "not_yet"]
_WEEKS_A_MONTH = 30 / 7
_DAYS = 30
_WORST: tuple[Level, ...] = ("not_yet", "care", "well")


@dataclass(frozen=True)
class Figures:
    """audience: customers whom a channel that is on can reach. staff_minutes: of all staff in a month.

    newcomers: first known in thirty days.
    """

    audience: int
    staff: int
    staff_minutes: int
    newcomers: int

    @property
    def minutes_each(self) -> float:
        """Of staff, a customer and month."""
        return self.staff_minutes / self.audience if self.audience else 0.0


@dataclass(frozen=True)
class Verdict:
    """One of the three questions. figure: audience in people, service in minutes, acquisition in people a month."""

    part: str
    figure: float
    level: Level
    says: Words
    enough: float
    few: float


def figures(at: datetime | None = None) -> Figures:
    """What the brand's own rows say; the operator may say otherwise."""
    since = (at or time.now()) - timedelta(days=_DAYS)
    people = Customer.objects.filter(merged_into=None)
    ways = {
        kind
        for kinds in Channel.objects.filter(is_enabled=True).values_list("address_kinds", flat=True)
        for kind in kinds
    }
    reachable = Identity.objects.filter(kind__in=ways).values(person=Coalesce("customer__merged_into", "customer"))
    staff = Staff.objects.filter(is_active=True)
    known = {row.staff_id: row for row in Capacity.objects.filter(staff__in=staff)}
    weekly = sum(
        known[pk].minutes * len(known[pk].weekdays)
        if pk in known
        else Capacity.USUAL_MINUTES * len(Capacity.USUAL_WEEKDAYS)
        for pk in staff.values_list("pk", flat=True)
    )
    return Figures(
        audience=reachable.distinct().count(),
        staff=staff.count(),
        staff_minutes=round(weekly * _WEEKS_A_MONTH),
        newcomers=people.filter(created_at__gte=since).count(),
    )


def verdicts(pack: Pack, given: Figures) -> list[Verdict]:
    """The three, in the order of M17."""
    asked = pack.suitability
    return [
        _verdict("audience", asked.audience, given.audience),
        _verdict("service", asked.service, given.minutes_each),
        _verdict("acquisition", asked.acquisition, given.newcomers),
    ]


def overall(found: list[Verdict]) -> Level:
    """The worst of the three: a chain is as strong as its weakest link."""
    levels = {one.level for one in found}
    return next(level for level in _WORST if level in levels)


def _verdict(part: str, threshold: Threshold, figure: float) -> Verdict:
    level: Level = "well" if figure >= threshold.enough else "care" if figure >= threshold.few else "not_yet"
    return Verdict(part, figure, level, getattr(threshold, level), threshold.enough, threshold.few)
