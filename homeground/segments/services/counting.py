"""How many a rule holds for, before anything is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeground.core import time
from homeground.events import warehouse
from homeground.events.batches import accepted_up_to, arrived_up_to
from homeground.people.models import Stale
from homeground.segments.compiler import Statement, compile_rule
from homeground.segments.queries import dictionary_for, live_customers
from homeground.segments.rules.check import check
from homeground.segments.rules.parse import parse

_AGREED = "arrayExists(one -> startsWith(one, 'promotion:'), consents)"


@dataclass(frozen=True)
class Counted:
    """How many customers, counting events up to as_of."""

    customers: int
    as_of: datetime


@dataclass(frozen=True)
class Preview:
    """What the builder shows: how many, of how many, and a few of them (the same few for the same answer)."""

    customers: int
    agreed: int  # Of them, who agreed to promotions on some channel.
    everyone: int
    sample: list[int]
    as_of: datetime
    is_about: bool  # Some news had not reached the warehouse: changed customers, or events.


def count(rule: Any, at: datetime | None = None) -> Counted:
    """How many customers a rule (its JSON document) holds for. Raises RuleRefused or SegmentCycle."""
    at = at or time.now()
    statement = compiled(rule, at)
    return Counted(int(warehouse.value(f"SELECT count() FROM ({statement.sql})", **statement.params)), at)


def preview(rule: Any, at: datetime | None = None, *, slug: str | None = None) -> Preview:
    """count(), with a sample. slug: the segment being edited. Raises RuleRefused or SegmentCycle."""
    at = at or time.now()
    statement = compiled(rule, at, slug=slug, columns=f"customer_id, {_AGREED} AS has_agreed")
    found = warehouse.rows(
        _Found,
        "SELECT count() AS customers, countIf(has_agreed) AS agreed,"
        " groupArraySorted(10)((cityHash64(customer_id), customer_id)).2 AS sample"
        f" FROM ({statement.sql})",
        **statement.params,
    )[0]
    return Preview(found.customers, found.agreed, live_customers(), list(found.sample), at, _is_behind())


def _is_behind() -> bool:
    return Stale.objects.exists() or accepted_up_to() > arrived_up_to()


@dataclass(frozen=True)
class _Found:
    customers: int
    agreed: int
    sample: list[int]


def compiled(rule: Any, at: datetime, *, slug: str | None = None, columns: str = "customer_id") -> Statement:
    """The statement of a rule that was read and checked."""
    node = parse(rule)
    dictionary = dictionary_for(node)
    check(node, dictionary, slug=slug)
    return compile_rule(node, at, dictionary, columns=columns)
