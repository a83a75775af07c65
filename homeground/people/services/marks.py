"""What every change to people shares: the lock on who is who, and the mark that the warehouse's copy must follow."""

from collections.abc import Iterable

from django.db import connection

_LOCK = 0x70656F70  # "peop": one writer of identities and merges at a time; those who only read do not wait.


def lock_identities() -> None:
    """Be the only writer of identities and merges until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def mark_stale(customer_ids: Iterable[int]) -> None:
    """Have the worker write these customers, and whoever they were merged into, to the warehouse again."""
    if not (ids := sorted(set(customer_ids))):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_stale (customer_id) SELECT DISTINCT person.id FROM people_customer AS customer"
            " CROSS JOIN LATERAL (VALUES (customer.id), (customer.merged_into_id)) AS person(id)"
            " WHERE customer.id = ANY(%(ids)s::bigint[]) AND person.id IS NOT NULL",
            {"ids": ids},
        )
