"""Joining two customers into one person, and taking them apart again.

Active merges are a forest: each absorbed customer has one. Customer.merged_into is its root, so any merge of a chain
can be undone, in any order, and what is left still stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.people import CustomersMerged, CustomersUnmerged
from homeground.people.errors import AlreadyOnePerson, AlreadyUnmerged, DoubtAlreadyDecided, NoSuchCustomer, NoSuchMerge
from homeground.people.models import Customer, Merge, MergeDoubt
from homeground.people.services.marks import lock_identities, mark_stale
from homeground.people.services.names import show_newest_names
from homeground.people.services.relation import restage


@dataclass(frozen=True)
class Joining:
    """Two customers (roots) and what says that they are one."""

    one: int
    other: int
    evidence: dict[str, Any]


@transaction.atomic
def merge(survivor_id: int, absorbed_id: int, evidence: dict[str, Any]) -> Merge:
    """Say that two customers are one person. Raises NoSuchCustomer or AlreadyOnePerson, with nothing written."""
    lock_identities()
    roots = dict(Customer.objects.filter(pk__in=[survivor_id, absorbed_id]).values_list("pk", "merged_into_id"))
    if len(roots) < 2:
        raise NoSuchCustomer
    survivor, absorbed = roots[survivor_id] or survivor_id, roots[absorbed_id] or absorbed_id
    if survivor == absorbed:
        raise AlreadyOnePerson
    join([Joining(survivor, absorbed, evidence)])
    return Merge.objects.get(absorbed_id=absorbed, undone_at=None)


@transaction.atomic
def unmerge(merge_id: int, by: str) -> Merge:
    """Take a merge back: each customer has again what was told of it, before and since.

    The two are kept apart from now on, or the same evidence would join them again. Raises NoSuchMerge or
    AlreadyUnmerged, with nothing written.
    """
    lock_identities()
    if (row := Merge.objects.filter(pk=merge_id).first()) is None:
        raise NoSuchMerge
    if row.undone_at:
        raise AlreadyUnmerged
    row.undone_at, row.undone_by = time.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    _keep_apart(row, by)
    together = _persons([Customer.objects.values_list("merged_into_id", flat=True).get(pk=row.absorbed_id) or 0])
    _point_to_roots(together)
    _refresh(together)
    events.record(CustomersUnmerged(customer_id=row.survivor_id, absorbed_id=row.absorbed_id))
    return row


def join(joinings: Sequence[Joining]) -> None:
    """Write merges: one of each pair of roots survives, in the order given. The caller holds the lock."""
    if not joinings:
        return
    Merge.objects.bulk_create(
        Merge(survivor_id=pair.one, absorbed_id=pair.other, evidence=pair.evidence, merged_at=time.now())
        for pair in joinings
    )
    touched = sorted({id_ for pair in joinings for id_ in (pair.one, pair.other)})
    together = _persons(touched)
    _point_to_roots(together)
    _refresh(together)
    events.record(*(CustomersMerged(customer_id=pair.one, absorbed_id=pair.other) for pair in joinings))


def raise_doubts(pairs: Sequence[Joining]) -> None:
    """Ask a person whether these pairs are one. A pair is asked about once."""
    doubts = [MergeDoubt(one_id=min(p.one, p.other), other_id=max(p.one, p.other), evidence=p.evidence) for p in pairs]
    MergeDoubt.objects.bulk_create(doubts, ignore_conflicts=True)


@transaction.atomic
def confirm_doubt(doubt_id: int, by: str) -> Merge:
    """They are one person: merge them. Raises DoubtAlreadyDecided, with nothing written."""
    doubt = _decide(doubt_id, "merged", by)
    return merge(doubt.one_id, doubt.other_id, doubt.evidence | {"confirmed_by": by})


@transaction.atomic
def keep_apart(doubt_id: int, by: str) -> MergeDoubt:
    """They are two: nothing joins them again by itself. Raises DoubtAlreadyDecided, with nothing written."""
    return _decide(doubt_id, "kept_apart", by)


def _decide(doubt_id: int, decision: str, by: str) -> MergeDoubt:
    doubt = MergeDoubt.objects.select_for_update().filter(pk=doubt_id, decision="").first()
    if doubt is None:
        raise DoubtAlreadyDecided
    doubt.decision, doubt.decided_by, doubt.decided_at = decision, by, time.now()
    doubt.save(update_fields=["decision", "decided_by", "decided_at"])
    return doubt


def _keep_apart(row: Merge, by: str) -> None:
    one, other = sorted((row.survivor_id, row.absorbed_id))
    decided = {"decision": "kept_apart", "decided_by": by, "decided_at": time.now()}
    MergeDoubt.objects.update_or_create(
        one_id=one, other_id=other, defaults=decided, create_defaults=decided | {"evidence": row.evidence}
    )


def _persons(ids: Sequence[int]) -> list[int]:
    """All customers of the persons that these belong or belonged to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM people_customer WHERE id = ANY(%(ids)s::bigint[])"
            " UNION SELECT id FROM people_customer WHERE merged_into_id = ANY(%(ids)s::bigint[])",
            {"ids": list(ids)},
        )
        return [row[0] for row in cursor.fetchall()]


def _point_to_roots(ids: Sequence[int]) -> None:
    """Have each of these customers point to the root of its active merges."""
    with connection.cursor() as cursor:
        cursor.execute(_POINT_TO_ROOTS, {"ids": list(ids)})


_POINT_TO_ROOTS = """
WITH RECURSIVE climb AS (
    SELECT id, id AS at FROM unnest(%(ids)s::bigint[]) AS given(id)
    UNION ALL
    SELECT climb.id, merge.survivor_id
    FROM climb JOIN people_merge AS merge ON merge.absorbed_id = climb.at AND merge.undone_at IS NULL
), root AS (
    SELECT climb.id, nullif(climb.at, climb.id) AS root
    FROM climb
    WHERE NOT EXISTS (SELECT FROM people_merge AS merge WHERE merge.absorbed_id = climb.at AND merge.undone_at IS NULL)
)
UPDATE people_customer AS customer SET merged_into_id = root.root
FROM root WHERE root.id = customer.id AND customer.merged_into_id IS DISTINCT FROM root.root
"""


def _refresh(ids: Sequence[int]) -> None:
    """What is derived for a person from all its customers: name, relation, the warehouse's copy."""
    show_newest_names(ids)
    restage(ids)
    mark_stale(ids)
