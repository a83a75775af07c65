"""Customers from files: identities, attributes, tags and consents of many people at once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection, transaction

from homeground.core import time
from homeground.people.identities import STRENGTH
from homeground.people.models import Consent, CustomerTag
from homeground.people.services.attributes import AttributeGiven, set_attributes
from homeground.people.services.consent import ConsentDecision, decide_consent
from homeground.people.services.marks import lock_identities
from homeground.people.services.resolution import find_customers
from homeground.people.services.sightings import Sighting
from homeground.people.services.tags import tag

_CONSENT = "consent:"
_OWN = {"tags", "source", "created_at", "proof_line"}


@dataclass(frozen=True)
class UpsertedCustomers:
    """What rows of customers came to. Two of them add up to one."""

    rows: int = 0
    new: int = 0
    updated: int = 0  # Known before, and something changed.
    without_identity: int = 0  # Rows that say of nobody.
    customer_ids: frozenset[int] = frozenset()

    def __add__(self, other: "UpsertedCustomers") -> "UpsertedCustomers":
        return UpsertedCustomers(
            self.rows + other.rows,
            self.new + other.new,
            self.updated + other.updated,
            self.without_identity + other.without_identity,
            self.customer_ids | other.customer_ids,
        )


@transaction.atomic
def upsert_customers(
    rows: pl.DataFrame, *, source: str, at: datetime | None = None, proof: dict[str, Any] | None = None
) -> UpsertedCustomers:
    """Make or find the customer of each row and keep what the row says. The same rows again change nothing.

    rows: identity kinds (phone, email, member_no …); tags (a list, or "a;b"); created_at (moment: when first known);
        consent:<purpose>:<channel> (true or false); proof_line (the row's line in its file); every other column is an
        attribute of that key.
    at: the moment that attributes and consents count from, now by default. proof: of the consents, like the file;
        a decision whose proof is known already is not one more, so that an old file cannot undo a later opt-out.
    """
    moment = at or time.now()
    lock_identities()  # So that whoever is new is ours.
    newest = _newest_customer()
    said = list(rows.iter_rows(named=True))
    people = find_customers([_sighting(row, source, moment) for row in said])
    known = [(customer, row) for customer, row in zip(people, said, strict=True) if customer]
    before = _stale_count()
    _keep(known, source, moment, proof or {})
    found = {customer for customer, _row in known}
    new = {customer for customer in found if customer > newest}
    return UpsertedCustomers(
        len(said), len(new), len(_changed_since(before) & found - new), people.count(None), frozenset(found)
    )


def _keep(known: Sequence[tuple[int, dict[str, Any]]], source: str, at: datetime, proof: dict[str, Any]) -> None:
    set_attributes(
        AttributeGiven(customer, key, value, source, at)
        for customer, row in known
        for key, value in row.items()
        if key not in STRENGTH and key not in _OWN and not key.startswith(_CONSENT)
    )
    tagged: dict[str, list[int]] = {}
    for customer, row in known:
        for name in _tags(row.get("tags")):
            tagged.setdefault(name, []).append(customer)
    for name, customers in sorted(tagged.items()):
        tag(customers, name, CustomerTag.Origin.IMPORT, source, at=at)
    decisions = [said for customer, row in known for said in _decisions(customer, row, source, at, proof)]
    proven = _proven(decisions)
    decide_consent(said for said in decisions if _key(said) not in proven)


def _decisions(
    customer: int, row: dict[str, Any], source: str, at: datetime, proof: dict[str, Any]
) -> Iterator[ConsentDecision]:
    line = {"line": row["proof_line"]} if row.get("proof_line") else {}
    for column, answer in row.items():
        if column.startswith(_CONSENT) and answer is not None:
            purpose, _, channel = column.removeprefix(_CONSENT).partition(":")
            yield ConsentDecision(customer, purpose, channel or "*", bool(answer), proof | line, source, at)


def _proven(decisions: Sequence[ConsentDecision]) -> set[tuple[Any, ...]]:
    rows = Consent.objects.filter(customer__in={said.customer_id for said in decisions}) if decisions else ()
    return {_key(row) for row in rows}


def _key(said: ConsentDecision | Consent) -> tuple[Any, ...]:
    proof = json.dumps(said.proof, sort_keys=True, default=str)
    return said.customer_id, said.purpose, said.channel, said.is_granted, said.source, proof


def _sighting(row: dict[str, Any], source: str, at: datetime) -> Sighting:
    identities = [(kind, str(row[kind])) for kind in STRENGTH if row.get(kind)]
    return Sighting(identities, row.get("created_at") or at, row.get("source") or source)


def _tags(said: Any) -> list[str]:
    names = said.replace("；", ";").split(";") if isinstance(said, str) else said or []
    return [name.strip()[:60] for name in names if name and name.strip()]


def _newest_customer() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM people_customer")
        return int(cursor.fetchone()[0])


def _stale_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM people_stale")
        return int(cursor.fetchone()[0])


def _changed_since(mark: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id FROM people_stale WHERE id > %s", [mark])
        return {row[0] for row in cursor.fetchall()}
