"""The ledger of people: everyone of a frozen audience, in exactly one line; the lines add up to the audience."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from homeground.journeys.models import Arm, Suppression, TouchState

_LEDGER = """
SELECT arm, '', '', count(*) FROM journeys_participant
WHERE campaign_id = %(campaign_id)s AND arm <> 'treated' GROUP BY arm
UNION ALL
SELECT 'treated', state, reason, count(*) FROM journeys_touch WHERE campaign_id = %(campaign_id)s GROUP BY state, reason
"""
_HARM = """
SELECT campaign_id, count(*) FILTER (WHERE state IN ('sent', 'delivered', 'opened', 'clicked', 'unknown')),
       count(delivered_at), count(opened_at), count(clicked_at), count(answered_at), count(refused_at),
       count(opted_out_at)
FROM journeys_touch WHERE campaign_id = ANY(%s) AND key IS NOT NULL GROUP BY campaign_id
"""
_ORDER = {state: at for at, state in enumerate(["", *TouchState.values])}
_REASONS = {reason: at for at, reason in enumerate(Suppression.values)}


@dataclass(frozen=True)
class Line:
    """One line: customers of one arm, state and reason."""

    arm: str
    state: str  # Empty for the holdouts: they have no touch.
    reason: str
    customers: int

    @property
    def slug(self) -> str:
        """Its name in addresses: holdout, suppressed.no_consent, sent."""
        return ".".join(part for part in ((self.state or self.arm), self.reason) if part)


@dataclass(frozen=True)
class Ledger:
    """All lines of a campaign, holdouts first, then touches by state and the guard's order of reasons."""

    lines: list[Line]

    @property
    def eligible(self) -> int:
        """The frozen audience."""
        return sum(line.customers for line in self.lines)

    def of(self, *names: str) -> int:
        """How many customers stand in these arms or states."""
        return sum(line.customers for line in self.lines if (line.state or line.arm) in names)

    @property
    def treated(self) -> int:
        """Assigned to be touched, whatever came of it."""
        return sum(line.customers for line in self.lines if line.arm == Arm.TREATED)

    @property
    def reached(self) -> int:
        """Handed to the channel, and not known to have failed."""
        return self.of("sent", "delivered", "opened", "clicked")

    @property
    def assigned(self) -> int:
        """With staff, who have not confirmed."""
        return self.of("assigned")

    @property
    def waiting(self) -> int:
        """Still to go out."""
        return self.of("queued", "deferred", "sending")


@dataclass(frozen=True)
class Reception:
    """How touches were received, gain and harm side by side. Customers, counted in every column that fits."""

    sent: int = 0
    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    answered: int = 0
    refused: int = 0
    opted_out: int = 0


def ledger(campaign_id: int) -> Ledger:
    """The ledger of people of one campaign; empty before the freeze."""
    with connection.cursor() as cursor:
        cursor.execute(_LEDGER, {"campaign_id": campaign_id})
        lines = [Line(*row) for row in cursor.fetchall()]
    return Ledger(sorted(lines, key=_place))


def receptions(campaign_ids: Sequence[int]) -> dict[int, Reception]:
    """How each campaign's touches were received; campaigns that sent nothing yet are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_HARM, [list(campaign_ids)])
        return {row[0]: Reception(*row[1:]) for row in cursor.fetchall()}


def _place(line: Line) -> tuple[bool, str, int, int, str]:
    # global_holdout before holdout before touches, which come in the order of TouchState with left-outs in the guard's.
    return (line.arm == Arm.TREATED, line.arm, _ORDER[line.state], _REASONS.get(line.reason, 0), line.reason)
