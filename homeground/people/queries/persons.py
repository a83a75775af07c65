"""What others ask of people."""

from collections.abc import Iterable, Sequence

from django.db import connection

from homeground.core import time
from homeground.people.models import Brand, Customer


def brand() -> Brand:
    """The brand whose ground this is; with its defaults until an operator says more."""
    return Brand.objects.filter(pk=1).first() or Brand(pk=1)


def survivor_of(customer_id: int) -> int:
    """Who this customer is now: itself, or whom it was merged into."""
    into = Customer.objects.filter(pk=customer_id).values_list("merged_into_id", flat=True).first()
    return into or customer_id


def survivors(customer_ids: Iterable[int]) -> dict[int, int]:
    """The same for many; ids without a row are left out."""
    rows = Customer.objects.filter(pk__in=set(customer_ids)).values_list("pk", "merged_into_id")
    return {customer: into or customer for customer, into in rows}


def ids_of(customer_id: int) -> list[int]:
    """All ids of the person, survivor first, from any of them."""
    root = survivor_of(customer_id)
    return [root, *Customer.objects.filter(merged_into_id=root).order_by("pk").values_list("pk", flat=True)]


def all_ids_of(customer_ids: Sequence[int]) -> dict[int, int]:
    """Every id of the persons of these customers, each with who it is now; ids without a row are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL_IDS, {"ids": list(customer_ids)})
        return dict(cursor.fetchall())


def addresses(customer_ids: Sequence[int], kinds: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Where persons can be reached: the (kind, value) of the first kind that they have; the newest of that kind.

    customer_ids: survivors. kinds: identity kinds in order of preference. Whoever has none of them is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESSES, {"ids": list(customer_ids), "kinds": list(kinds)})
        return {customer: (kind, value) for customer, kind, value in cursor.fetchall()}


def tags_of(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of these survivors by name; whoever has none is left out."""
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TAGS, {"ids": list(customer_ids), "at": time.now()})
        for customer, name in cursor.fetchall():
            found.setdefault(customer, []).append(name)
    return found


def recent_sources() -> list[str]:
    """Where the newest ten thousand customers came from, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_RECENT_SOURCES)
        return [source for (source,) in cursor.fetchall()]


_ALL_IDS = """
WITH root AS (
    SELECT DISTINCT coalesce(merged_into_id, id) AS id FROM people_customer WHERE id = ANY(%(ids)s::bigint[])
)
SELECT id, id FROM root
UNION ALL SELECT customer.id, root.id FROM root JOIN people_customer AS customer ON customer.merged_into_id = root.id
"""

_TAGS = """
SELECT DISTINCT member.root, tag.name
FROM (
    SELECT id, id AS root FROM unnest(%(ids)s::bigint[]) AS given(id)
    UNION ALL SELECT id, merged_into_id FROM people_customer WHERE merged_into_id = ANY(%(ids)s::bigint[])
) AS member
JOIN people_customertag AS put ON put.customer_id = member.id AND (put.expires_at IS NULL OR put.expires_at > %(at)s)
JOIN people_tag AS tag ON tag.id = put.tag_id
ORDER BY member.root, tag.name
"""

_RECENT_SOURCES = """
SELECT DISTINCT source
FROM (SELECT source FROM people_customer ORDER BY created_at DESC, id DESC LIMIT 10000) AS newest
WHERE source <> '' ORDER BY source
"""

_ADDRESSES = """
SELECT DISTINCT ON (member.root) member.root, identity.kind, identity.value
FROM (
    SELECT id, id AS root FROM unnest(%(ids)s::bigint[]) AS given(id)
    UNION ALL SELECT id, merged_into_id FROM people_customer WHERE merged_into_id = ANY(%(ids)s::bigint[])
) AS member
JOIN people_identity AS identity ON identity.customer_id = member.id AND identity.kind = ANY(%(kinds)s::text[])
ORDER BY member.root, array_position(%(kinds)s::text[], identity.kind::text), identity.created_at DESC, identity.id DESC
"""
