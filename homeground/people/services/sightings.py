"""What a batch says about who is who, laid out in arrays, and what the tables know of it already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from homeground.people.identities import STRENGTH, STRONG, normalise

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing seen of one person: the identities that came together, and what our own rooms knew."""

    identities: Sequence[tuple[str, str]]
    at: datetime
    source: str
    customer_id: int | None = None  # Whom the teller named; stronger than any identity.
    is_alias: bool = False  # Says in so many words that its identities are one person's: no clash stops it.
    name: str = ""  # Shown of somebody new until set_attributes() says it too: a row written once, not twice.


class Sightings:
    """A batch in arrays. A link joins a sighting to a code: one distinct (kind, value); strongest links first."""

    def __init__(self, sightings: Sequence[Sighting]) -> None:
        self.all = sightings
        codes: dict[tuple[str, str], int] = {}
        of_sighting: list[int] = []
        of_code: list[int] = []
        for place, sighting in enumerate(sightings):
            for identity in _normalised(sighting.identities):
                of_sighting.append(place)
                of_code.append(codes.setdefault(identity, len(codes)))
        self.identities = list(codes)
        self.sighting = np.array(of_sighting, dtype=np.int64)
        self.code = np.array(of_code, dtype=np.int64)

    @cached_property
    def stated(self) -> Ints:
        """The customer that each sighting names; 0 for none."""
        return np.array([sighting.customer_id or 0 for sighting in self.all], dtype=np.int64)

    @cached_property
    def first_link(self) -> Ints:
        """Where each code appears first."""
        return np.unique(self.code, return_index=True)[1].astype(np.int64)

    @cached_property
    def kinds(self) -> list[str]:
        return [kind for kind, _value in self.identities]

    def links_of(self, sighting: int) -> Ints:
        """The codes of one sighting, strongest first."""
        start, end = np.searchsorted(self.sighting, [sighting, sighting + 1])
        return self.code[start:end]


@dataclass(frozen=True)
class Known:
    """What the tables know: by code and by sighting, the customer (leaf) and who that is now (root); 0 for nobody."""

    leaf: Ints
    root: Ints
    stated: Ints  # Of each sighting, where the stated customer exists.
    stated_root: Ints

    @cached_property
    def root_of(self) -> dict[int, int]:
        """Leaf → root of everyone met."""
        pairs = np.concatenate([self.leaf, self.stated]), np.concatenate([self.root, self.stated_root])
        return dict(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True))


@dataclass(frozen=True)
class Standing:
    """What decides whether people may be joined."""

    strong: dict[int, set[str]]  # Root → the strong kinds it has.
    apart: list[tuple[int, int]]  # Roots that a person said are two.


def known(sightings: Sightings) -> Known:
    """Look all identities and stated customers up at once."""
    leaf = np.zeros(len(sightings.identities), dtype=np.int64)
    root = leaf.copy()
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list(column) for column in zip(*sightings.identities, strict=True)])
        for code, customer, survivor in cursor.fetchall():
            leaf[code - 1], root[code - 1] = customer, survivor
    roots = _roots(sightings.stated)
    stated_root = np.array([roots.get(stated, 0) for stated in sightings.stated.tolist()], dtype=np.int64)
    return Known(leaf, root, np.where(stated_root > 0, sightings.stated, 0), stated_root)


def standing(roots: Iterable[int]) -> Standing:
    """The strong kinds of these people, and which of them were kept apart."""
    ids = sorted(set(roots))
    strong: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STRONG, {"roots": ids, "kinds": sorted(STRONG)})
        for root, kind in cursor.fetchall():
            strong.setdefault(root, set()).add(kind)
        cursor.execute(_APART, {"roots": ids})
        return Standing(strong, cursor.fetchall())


def _normalised(identities: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    found = [
        (kind, value)
        for kind, said in identities
        if kind in STRENGTH and said and (value := normalise(kind, str(said))) is not None
    ]
    return sorted(found, key=lambda identity: STRENGTH[identity[0]]) if len(found) > 1 else found


def _roots(stated: Ints) -> dict[int, int]:
    if not stated.any():
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, coalesce(merged_into_id, id) FROM people_customer WHERE id = ANY(%s::bigint[])",
            [np.unique(stated[stated > 0]).tolist()],
        )
        return dict(cursor.fetchall())


_KNOWN = """
SELECT said.code, identity.customer_id, coalesce(customer.merged_into_id, customer.id)
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS said(kind, value, code)
JOIN people_identity AS identity ON identity.kind = said.kind AND identity.value = said.value
JOIN people_customer AS customer ON customer.id = identity.customer_id
"""

_STRONG = """
SELECT DISTINCT person.root, identity.kind
FROM (
    SELECT id, id AS root FROM people_customer WHERE id = ANY(%(roots)s::bigint[])
    UNION ALL SELECT id, merged_into_id FROM people_customer WHERE merged_into_id = ANY(%(roots)s::bigint[])
) AS person
JOIN people_identity AS identity ON identity.customer_id = person.id AND identity.kind = ANY(%(kinds)s::text[])
"""

_APART = """
SELECT coalesce(one.merged_into_id, one.id), coalesce(other.merged_into_id, other.id)
FROM people_mergedoubt AS doubt
JOIN people_customer AS one ON one.id = doubt.one_id
JOIN people_customer AS other ON other.id = doubt.other_id
WHERE doubt.decision = 'kept_apart'
    AND coalesce(one.merged_into_id, one.id) = ANY(%(roots)s::bigint[])
    AND coalesce(other.merged_into_id, other.id) = ANY(%(roots)s::bigint[])
"""
