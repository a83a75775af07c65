"""标签: put on by a person, a rule or an import, each with its source; may expire (M28)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.people.errors import EmptyTag
from homeground.people.models import CustomerTag, Tag
from homeground.people.queries import survivors
from homeground.people.services.marks import mark_stale

_PUT_ON = """
INSERT INTO people_customertag AS known (customer_id, tag_id, origin, source, tagged_at, expires_at)
SELECT id, %(tag)s, %(origin)s, %(source)s, %(at)s, %(expires_at)s
FROM people_customer WHERE id = ANY(%(ids)s::bigint[])
ORDER BY id
ON CONFLICT (customer_id, tag_id) DO UPDATE
SET expires_at = excluded.expires_at, origin = excluded.origin, source = excluded.source
WHERE known.expires_at IS DISTINCT FROM excluded.expires_at
RETURNING customer_id
"""
# A tag is a person's, whichever of its customers it was put on.
_TAKE_OFF = """
DELETE FROM people_customertag
WHERE tag_id = %(tag)s AND customer_id IN (
    SELECT id FROM people_customer
    WHERE id = ANY(%(roots)s::bigint[]) OR merged_into_id = ANY(%(roots)s::bigint[])
)
RETURNING customer_id
"""


@transaction.atomic
def tag(
    customer_ids: Iterable[int],
    name: str,
    origin: str,
    source: str,
    expires_at: datetime | None = None,
    at: datetime | None = None,
) -> int:
    """Put a tag on customers. One who has it keeps it, with the new expiry. Returns how many changed.

    origin: manual, rule or import. source: who or what put it there. Raises EmptyTag, with nothing written.
    """
    params = {"tag": _tag(name).pk, "origin": origin, "source": source[:150], "expires_at": expires_at}
    return _change(_PUT_ON, params | {"ids": sorted(set(customer_ids)), "at": at or time.now()})


@transaction.atomic
def untag(customer_ids: Iterable[int], name: str) -> int:
    """Take a tag off the persons of these customers. Returns how many rows went."""
    tag = Tag.objects.filter(name=name.strip()).first()
    roots = sorted(set(survivors(customer_ids).values()))
    return _change(_TAKE_OFF, {"tag": tag.pk, "roots": roots}) if tag else 0


@transaction.atomic
def sweep_tags(at: datetime | None = None) -> int:
    """Take off the tags whose time is over. Returns how many."""
    due = CustomerTag.objects.filter(expires_at__lte=at or time.now())
    customers = list(due.values_list("customer_id", flat=True))
    due.delete()
    mark_stale(customers)
    return len(customers)


def make_tags(named: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The tags of these (name, group) by name, made where there were none; a tag that is there keeps its group."""
    groups = {name.strip(): group.strip()[:60] for name, group in named}
    if not all(0 < len(name) <= 60 for name in groups):
        raise EmptyTag
    Tag.objects.bulk_create((Tag(name=name, group=group) for name, group in groups.items()), ignore_conflicts=True)
    return dict(Tag.objects.filter(name__in=groups).values_list("name", "pk"))


def names_in_other_groups(named: Iterable[tuple[str, str]]) -> set[str]:
    """Those of the names that are tags of another group than said; a tag without a group is of any."""
    groups = dict(named)
    found = Tag.objects.filter(name__in=groups).exclude(group="").values_list("name", "group")
    return {name for name, group in found if groups[name] != group}


def _tag(name: str) -> Tag:
    if not 0 < len(name := name.strip()) <= 60:
        raise EmptyTag
    return Tag.objects.get_or_create(name=name)[0]


def _change(sql: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        changed = [row[0] for row in cursor.fetchall()]
    mark_stale(changed)
    return len(changed)
