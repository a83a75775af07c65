"""授权同意: decisions per purpose and channel, with proof; rows are added, never changed, and the newest counts."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from homeground.events import services as events
from homeground.events.catalog.people import ConsentGiven, ConsentWithdrawn
from homeground.people.errors import ConsentWithoutProof, UnknownPurpose
from homeground.people.models import Consent
from homeground.people.services.marks import mark_stale

_SAVE = """
INSERT INTO people_consent (customer_id, purpose, channel, is_granted, proof, source, decided_at)
SELECT customer.id, said.purpose, said.channel, said.is_granted, said.proof, said.source, said.decided_at
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::boolean[], %s::jsonb[], %s::text[], %s::timestamptz[])
    AS said(customer_id, purpose, channel, is_granted, proof, source, decided_at)
JOIN people_customer AS customer ON customer.id = said.customer_id
ORDER BY customer.id
ON CONFLICT DO NOTHING
RETURNING customer_id, purpose, channel, is_granted, decided_at
"""


@dataclass(frozen=True)
class ConsentDecision:
    """One person's decision. channel: a channel's slug, or "*" for all. proof: what was shown and done."""

    customer_id: int
    purpose: str
    channel: str
    is_granted: bool
    proof: dict[str, Any]
    source: str
    decided_at: datetime


@transaction.atomic
def decide_consent(rows: Iterable[ConsentDecision]) -> int:
    """Keep decisions and tell the stream. A repeat adds nothing. Returns how many were new.

    Raises UnknownPurpose or ConsentWithoutProof (a grant must be provable), with nothing written.
    """
    decisions = list(rows)
    _check(decisions)
    if not decisions:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [list(column) for column in zip(*map(_columns, decisions), strict=True)])
        new = cursor.fetchall()
    mark_stale(customer for customer, *_ in new)
    events.record(*(_fact(*row) for row in new))
    return len(new)


def _check(decisions: Sequence[ConsentDecision]) -> None:
    for decision in decisions:
        if decision.purpose not in Consent.Purpose.values:
            raise UnknownPurpose(decision.purpose)
        if decision.is_granted and not decision.proof:
            raise ConsentWithoutProof


def _columns(said: ConsentDecision) -> tuple[Any, ...]:
    proof = json.dumps(said.proof, ensure_ascii=False)
    return (
        said.customer_id, said.purpose, said.channel[:20], said.is_granted, proof, said.source[:60], said.decided_at,
    )  # fmt: skip


def _fact(customer: int, purpose: str, channel: str, is_granted: bool, at: datetime) -> ConsentGiven | ConsentWithdrawn:
    kind = ConsentGiven if is_granted else ConsentWithdrawn
    return kind(customer_id=customer, purpose=purpose, channel=channel, happened_at=at)
