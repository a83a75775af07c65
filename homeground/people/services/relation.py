"""关系阶段 (M6, M7, M29): how close a person stands to the brand, from what they did on the stream.

none → one-way (follows, subscribes, is added) → two-way (answers, buys) → many-way (brings others, answers others).
Evidence is kept per kind of event under the customer it was told of; a person's stage is the highest of all of them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.people import RelationMoved
from homeground.people.models import Relation
from homeground.people.services.marks import mark_stale

_SQL = Path(__file__).parent.parent / "sql"
_RECORD, _RESTAGE = (_SQL / "record_evidence.sql").read_text(), (_SQL / "restage.sql").read_text()
STAGES = {
    "followed": Relation.ONE_WAY,
    "subscribed": Relation.ONE_WAY,
    "contact_added": Relation.ONE_WAY,
    "channels.contact_added": Relation.ONE_WAY,
    "wecom.friend_added": Relation.ONE_WAY,
    "wecom.group_joined": Relation.ONE_WAY,
    "people.consent_given": Relation.ONE_WAY,
    "replied": Relation.TWO_WAY,
    "channels.message_answered": Relation.TWO_WAY,
    "service.message_received": Relation.TWO_WAY,
    "wecom.moment_commented": Relation.TWO_WAY,
    "wecom.chat_started": Relation.TWO_WAY,
    "commerce.order_paid": Relation.TWO_WAY,
    "Order Completed": Relation.TWO_WAY,  # Segment's own name for a purchase.
    "referred": Relation.MANY_WAY,
    "answered_others": Relation.MANY_WAY,
}
_REFERRAL = "growth.referral_"


def stage_of(event_name: str) -> Relation | None:
    """The stage that an event of this name is evidence of."""
    return Relation.MANY_WAY if event_name.startswith(_REFERRAL) else STAGES.get(event_name)


@transaction.atomic
def record_evidence(seen: Iterable[tuple[int, str, datetime]]) -> int:
    """Keep (customer, event name, moment) as evidence and move whom it moves. A repeat does no harm.

    Returns how many customers have evidence that they did not have before.
    """
    rows = [(customer, name, stage, at) for customer, name, at in seen if (stage := stage_of(name))]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [list(column) for column in zip(*rows, strict=True)])
        changed = [row[0] for row in cursor.fetchall()]
    restage(changed)
    return len(set(changed))


def restage(customer_ids: Sequence[int], at: datetime | None = None) -> int:
    """Bring the stage of these persons in step with their evidence; record each move with its reasons.

    A step up is dated by its first evidence; a step down, which only an undone merge can cause, by `at`.
    Returns how many moved.
    """
    if not customer_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_RESTAGE, {"ids": sorted(set(customer_ids)), "at": at or time.now()})
        moves = cursor.fetchall()
    mark_stale(customer for customer, *_ in moves)
    events.record(
        *(
            RelationMoved(customer_id=customer, before=before, after=after, happened_at=moved_at)
            for customer, before, after, moved_at in moves
        )
    )
    return len(moves)
