"""Identity resolution: who each event is about, decided for a batch at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction

from homeground.events.facts import Event
from homeground.people.services.joining import Joining, join, raise_doubts
from homeground.people.services.marks import lock_identities, mark_stale
from homeground.people.services.planning import Plan, plan
from homeground.people.services.sightings import Ints, Known, Sighting, Sightings, known, standing


def resolve(events: Sequence[Event]) -> list[int | None]:
    """The customer each event is about, in the same order; None where nothing says. Makes and joins customers.

    An event keeps the id that its own evidence leads to, also when that customer was absorbed since: readers follow
    merged_into, and a merge can be undone whole. An event that names its customer keeps it. The same batch again
    gives the same answer.
    """
    return find_customers(
        [
            Sighting(event.identities, event.happened_at, event.source, event.customer_id, event.name == "aliased")
            for event in events
        ]
    )


def find_customers(sightings: Sequence[Sighting], *, are_news: bool = False) -> list[int | None]:
    """The customer of each sighting, made where there was none; None for a sighting without any usable identity.

    are_news: the caller knows that there is something to write: looked at once, with the lock held.
    """
    batch = Sightings(sightings)
    if not batch.identities:
        return [sighting.customer_id for sighting in sightings]
    with transaction.atomic():
        result = _write(batch) if are_news else _looked(batch) or _write(batch)
    return _answers(batch, result.leaf)


def _looked(batch: Sightings) -> Plan | None:
    """What is known; None where something is to be written."""
    found = known(batch)
    result = plan(batch, found, standing)
    return None if _changes(result, found) else result


def _changes(result: Plan, found: Known) -> bool:
    return bool(result.merges or result.doubts or (result.leaf != found.leaf).any())


def _write(batch: Sightings) -> Plan:
    """Look again with the lock held, and write what is to be written."""
    lock_identities()
    found = known(batch)
    result = plan(batch, found, standing)
    ids = _make_customers([batch.all[place] for place in result.newcomers])
    new = np.flatnonzero(found.leaf == 0)
    result.leaf = _numbered(result.leaf, ids)
    _make_identities(batch, new, result.leaf)
    join(_named(batch, result.merges, ids))
    raise_doubts(_named(batch, result.doubts, ids))
    mark_stale(result.leaf[new].tolist())
    return result


def _make_customers(first_seen: Sequence[Sighting]) -> Ints:
    if not first_seen:
        return np.array([], dtype=np.int64)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('people_customer', 'id')) FROM generate_series(1, %s)",
            [len(first_seen)],
        )
        ids = [row[0] for row in cursor.fetchall()]
    _copy(
        "people_customer (id, name, source, time_zone, relation, created_at)",
        (
            (id_, seen.name[:100], seen.source[:60], "", "none", seen.at)
            for id_, seen in zip(ids, first_seen, strict=True)
        ),
    )
    return np.array(ids, dtype=np.int64)


def _make_identities(batch: Sightings, codes: Ints, leaf: Ints) -> None:
    places = batch.sighting[batch.first_link[codes]].tolist()
    rows = (
        (int(leaf[code]), *batch.identities[code], batch.all[place].source[:60], batch.all[place].at)
        for code, place in zip(codes.tolist(), places, strict=True)
    )
    _copy("people_identity (customer_id, kind, value, source, created_at)", rows)


def _copy(into: str, rows: Iterable[tuple[str | int | datetime, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _numbered(customers: Ints, ids: Ints) -> Ints:
    """Customers with -1, -2 … replaced by the ids they were given."""
    if not len(ids):
        return customers
    return np.where(customers < 0, ids[np.maximum(-customers, 1) - 1], customers)


def _named(batch: Sightings, pairs: Sequence[tuple[int, int, int]], ids: Ints) -> list[Joining]:
    """Pairs with the ids they were given, and the identities that were seen together."""
    ends = _numbered(np.array([pair[:2] for pair in pairs], dtype=np.int64).reshape(-1, 2), ids).tolist()
    seen = [[list(batch.identities[code]) for code in batch.links_of(place)[:10]] for _one, _other, place in pairs]
    return [Joining(one, other, {"identities": found}) for (one, other), found in zip(ends, seen, strict=True)]


def _answers(batch: Sightings, leaf: Ints) -> list[int | None]:
    answers: list[Any] = [sighting.customer_id for sighting in batch.all]
    places, first = np.unique(batch.sighting, return_index=True)
    for place, owner in zip(places.tolist(), leaf[batch.code[first]].tolist(), strict=True):
        answers[place] = answers[place] or owner
    return answers
