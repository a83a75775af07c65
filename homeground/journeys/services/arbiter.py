"""The arbiter: when several messages compete for what one person still bears, the most important go first.

Whatever the guard would let out for itself contends: service messages first, then by urgency, value and age. Going down
that rank, each goes that still fits under every limit beside those before it; the others are outranked. A rival that
the guard keeps back takes no place. The claims lock keeps two campaigns from giving the same place away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from homeground.journeys.models import Campaign, State
from homeground.journeys.models.policy import EVERY
from homeground.journeys.services import guard

RETRY = timedelta(minutes=30)  # What was outranked looks again: by then the other is out, or was kept back after all.
_RIVALS = (guard.SQL / "rivals.sql").read_text()
_CONTENDERS = (guard.SQL / "contenders.sql").read_text()
_ROOM = (
    "WITH asked AS (SELECT id AS candidate_id, root_id, channel, relation, is_promotion, since FROM guard_candidate"
    f" WHERE id = ANY(%(contenders)s)), {guard.BORNE}, {(guard.SQL / 'room.sql').read_text()}"
)
_OUTRANK = """
UPDATE guard_verdict AS v SET
    reason = 'outranked', detail = o.detail,
    state = CASE WHEN c.expires_at IS NULL THEN 'suppressed' ELSE 'deferred' END,
    due_at = CASE WHEN c.expires_at IS NULL THEN v.due_at ELSE least(%(again_at)s, c.expires_at) END
FROM unnest(%(ids)s::bigint[], %(details)s::jsonb[]) AS o (id, detail)
JOIN guard_candidate c ON c.id = o.id
WHERE v.id = o.id
"""
_NONE = -1


@dataclass(frozen=True)
class Contender:
    """A touch that the guard would let out. Of one person they come from the first rank to the last."""

    id: int
    person: int
    campaign_id: int
    channel: str
    is_promotion: bool
    relation: str


@dataclass(frozen=True)
class Limits:
    """What limits a person's touches: caps (relation, channel, most), quotas by channel, the promotional share."""

    caps: Sequence[tuple[str, str, int]] = ()
    quotas: Mapping[str, int] = field(default_factory=dict)
    share_bp: int = 10_000
    share_from: int = 0


def add_rivals(campaign: Campaign, at: datetime) -> None:
    """Make candidates of what else is due to the persons of the candidates."""
    # The usual case, nothing else being sent, costs this one look.
    if not Campaign.objects.filter(state=State.SENDING).exclude(pk=campaign.pk).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_RIVALS, {"campaign_id": campaign.pk, "at": at})


def arbitrate(at: datetime) -> None:
    """Put off or leave out, in the table of verdicts, what does not fit beside what ranks before it."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTENDERS)
        contenders = [Contender(*row[:6]) for row in cursor.fetchall()]
        if not contenders:
            return
        given = guard.params(at)
        cursor.execute(_ROOM, given | {"contenders": [one.id for one in contenders]})
        had = {(person, limit): count for person, limit, count in cursor.fetchall()}
        outranked = losers(contenders, _limits(given), had)
        cursor.execute(_OUTRANK, _columns(contenders, outranked) | {"again_at": at + RETRY})


def _limits(given: Mapping[str, Any]) -> Limits:
    caps = list(zip(given["cap_relations"], given["cap_channels"], given["cap_most"], strict=True))
    quotas = dict(zip(given["quota_channels"], given["quota_most"], strict=True))
    return Limits(caps, quotas, given["share_bp"], given["share_from"])


def _columns(contenders: Sequence[Contender], outranked: Mapping[int, int]) -> dict[str, list[Any]]:
    campaigns = {one.id: one.campaign_id for one in contenders}
    names = dict(
        Campaign.objects.filter(pk__in={campaigns[winner] for winner in outranked.values()}).values_list("pk", "name")
    )
    winners = [campaigns[winner] for winner in outranked.values()]
    details = [Jsonb({"campaign": pk, "name": names[pk]}) for pk in winners]
    return {"ids": list(outranked), "details": details}


def losers(contenders: Sequence[Contender], limits: Limits, had: Mapping[tuple[int, str], int]) -> dict[int, int]:
    """Who is outranked, and by whom: touch → the touch that took its place.

    had: (person, limit) → how many count already, limits as in room.sql. All persons are judged at once, rank by rank.
    """
    hall = _Hall(contenders, limits, had)
    for rank in range(int(hall.places.max(initial=0)) + 1):
        hall.admit(np.flatnonzero(hall.places == rank))
    return {contenders[at].id: contenders[hall.winner[at]].id for at in np.flatnonzero(hall.winner != _NONE).tolist()}


class _Hall:
    """How much room is left for whom, in columns: persons by row, limits by column."""

    def __init__(self, contenders: Sequence[Contender], limits: Limits, had: Mapping[tuple[int, str], int]) -> None:
        persons = sorted({one.person for one in contenders})
        rows = {person: at for at, person in enumerate(persons)}
        self.limits = limits
        self.person = np.array([rows[one.person] for one in contenders], np.int64)
        self.places = _places(self.person)
        self.is_promotion = np.array([one.is_promotion for one in contenders], bool)
        self.binds = np.array([_binds(one, limits) for one in contenders], bool)
        names = [f"cap:{n}" for n in range(1, len(limits.caps) + 1)] + [f"quota:{slug}" for slug in limits.quotas]
        most = [cap[2] for cap in limits.caps] + list(limits.quotas.values())
        self.room = np.array([[m - had.get((p, n), 0) for n, m in zip(names, most, strict=True)] for p in persons])
        self.promotions = np.array([had.get((person, "share:promotions"), 0) for person in persons])
        self.touches = self.promotions + np.array([had.get((person, "share:services"), 0) for person in persons])
        self.takers = np.full((len(persons), len(names) + 1), _NONE)  # Who came last under a limit; last column: share.
        self.winner = np.full(len(contenders), _NONE)

    def admit(self, ones: NDArray[np.int64]) -> None:
        """Let in those of this rank, one a person at most, who still fit; note of the others who took their place."""
        persons = self.person[ones]
        full = self.binds[ones] & (self.room[persons] <= 0)
        full = np.column_stack([full, self._crowded(persons) & self.is_promotion[ones]])
        out = full.any(axis=1)
        self.winner[ones[out]] = self.takers[persons[out], full[out].argmax(axis=1)]
        self._take(ones[~out])

    def _crowded(self, persons: NDArray[np.int64]) -> NDArray[np.bool_]:
        promotions, touches = self.promotions[persons] + 1, self.touches[persons] + 1
        crowded: NDArray[np.bool_] = (touches >= self.limits.share_from) & (
            promotions * 10_000 > self.limits.share_bp * touches
        )
        return crowded

    def _take(self, ones: NDArray[np.int64]) -> None:
        persons = self.person[ones]
        self.room[persons] -= self.binds[ones]
        self.promotions[persons] += self.is_promotion[ones]
        self.touches[persons] += self.is_promotion[ones]  # A service message makes no room, and takes none.
        takes = np.column_stack([self.binds[ones], self.is_promotion[ones]])
        self.takers[persons] = np.where(takes, ones[:, None], self.takers[persons])


def _places(person: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, 2 … within each run of the same person."""
    starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]])
    lengths = np.diff(np.r_[starts, len(person)])
    return np.arange(len(person)) - np.repeat(starts, lengths)


def _binds(one: Contender, limits: Limits) -> list[bool]:
    caps = [
        one.is_promotion and relation == one.relation and channel in (one.channel, EVERY)
        for relation, channel, _most in limits.caps
    ]
    return caps + [one.channel == slug for slug in limits.quotas]
