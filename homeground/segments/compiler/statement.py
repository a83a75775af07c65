"""The walk over the tree, and the statement around what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeground.segments.compiler import behaviour, orders, profile
from homeground.segments.compiler.builder import Builder
from homeground.segments.rules.days import Calendar
from homeground.segments.rules.dictionary import Dictionary, StaticList
from homeground.segments.rules.nodes import All, AnyOf, Bought, Did, InSegment, Node, Not, OrdersAre

# Ids as they were when the event came, to who they are now; most are themselves, so only the others are held.
_MERGED = (
    "(SELECT (groupArray(customer_id), groupArray(into_id)) FROM events.customers FINAL"
    " WHERE into_id != customer_id) AS merged"
)
_SURVIVOR = "transform(customer_id, merged.1, merged.2)"


@dataclass(frozen=True)
class Statement:
    """One SELECT of customer_id, and its values."""

    sql: str
    params: dict[str, Any]


def compile_rule(
    rule: Node,
    at: datetime,
    dictionary: Dictionary,
    few: Mapping[int, int] | None = None,
    columns: str = "customer_id",
) -> Statement:
    """The statement that answers the rule as of a moment. The rule was checked against the dictionary before.

    columns: what it selects of events.customers.
    few: who alone is asked about, every id of theirs with who it is now; nobody else's events are read, but for the
        edges between the fifths of all buyers. None: everybody.
    """
    builder = builder_for(at, dictionary, few)
    return statement(columns, condition(rule, builder, dictionary), builder)


def builder_for(at: datetime, dictionary: Dictionary, few: Mapping[int, int] | None = None) -> Builder:
    """One to walk a tree with."""
    return Builder(
        calendar=Calendar(at, dictionary.zone),
        currency=dictionary.currency,
        digits=dictionary.digits,
        attributes={key: known.kind for key, known in dictionary.attributes.items()},
        few=few,
    )


def statement(columns: str, holds: str, builder: Builder) -> Statement:
    """A row for every live customer for whom a condition holds, with what its walk asked for."""
    sql = f"SELECT {columns} FROM {_source(builder)}\nWHERE into_id = customer_id AND {holds}"
    return Statement(f"WITH {_preamble(builder)}\n{sql}", builder.params)


def condition(node: Node, builder: Builder, dictionary: Dictionary) -> str:
    """The condition on a customer that a node means."""
    match node:
        case All() if node.all:
            return "(" + " AND ".join(condition(child, builder, dictionary) for child in node.all) + ")"
        case AnyOf() if node.any:
            return "(" + " OR ".join(condition(child, builder, dictionary) for child in node.any) + ")"
        case All() | AnyOf():
            return "1" if isinstance(node, All) else "0"
        case Not():
            return f"NOT ({condition(node.not_, builder, dictionary)})"
        case InSegment():
            return _member(node, builder, dictionary)
    return _leaf(node, builder)


def _leaf(node: Any, builder: Builder) -> str:
    match node:
        case OrdersAre():
            return orders.condition(node, builder)
        case Bought():
            return orders.bought(node, builder)
        case Did():
            return behaviour.condition(node, builder)
    return profile.condition(node, builder)


def _member(node: InSegment, builder: Builder, dictionary: Dictionary) -> str:
    inside = dictionary.segments[node.segment]
    if not isinstance(inside, StaticList):
        return condition(inside, builder, dictionary)
    segment, generation = builder.param(inside.segment_id, "UInt64"), builder.param(inside.generation, "UInt32")
    return (
        f"customer_id IN (SELECT {_SURVIVOR} FROM events.segment_members"
        f" WHERE segment_id = {segment} AND generation = {generation}{_of_these(builder)})"
    )


def _preamble(builder: Builder) -> str:
    if builder.quintiles:  # Their edges want everybody's merges.
        return f"{_MERGED},\n{_quintiles(builder)} AS quintiles"
    return _MERGED if builder.few is None else _merged_of(builder.few, builder)


def _merged_of(few: Mapping[int, int], builder: Builder) -> str:
    absorbed = {one: into for one, into in few.items() if one != into}
    return (
        f"({builder.param(list(absorbed), 'Array(UInt64)')}, {builder.param(list(absorbed.values()), 'Array(UInt64)')})"
        " AS merged"
    )


def _of_these(builder: Builder) -> str:
    return "" if builder.few is None else f" AND customer_id IN {builder.param(list(builder.few), 'Array(UInt64)')}"


def _source(builder: Builder) -> str:
    people = "events.customers FINAL"
    if builder.few is not None:  # Narrowed before the join, by the key of the table.
        people = f"(SELECT * FROM events.customers FINAL WHERE 1{_of_these(builder)}) AS customers"
    asked = builder.verdicts | builder.told
    if not asked:
        return people
    columns = ", ".join(f"{sql} AS {column}" for sql, column in asked.items())
    facts = f"SELECT survivor, {columns} FROM ({_facts(builder)})"
    return f"{people}\nLEFT JOIN ({facts}) AS facts ON facts.survivor = customer_id"


def _facts(builder: Builder) -> str:
    aggregates = ", ".join(f"{sql} AS {column}" for sql, column in builder.aggregates.items())
    return (
        f"SELECT {_SURVIVOR} AS survivor, {aggregates}\nFROM events.events"
        f"\nWHERE customer_id != 0 AND happened_at <= {builder.moment(builder.calendar.at)}"
        f" AND ({' OR '.join(builder.scans)}){_of_these(builder)}\nGROUP BY survivor"
    )


def _quintiles(builder: Builder) -> str:
    """Four edges a measure: a value scores one more for each edge that it is above, so ties share a score."""
    buyers = builder.beside()
    count = orders.paid_orders(buyers)
    edges = ", ".join(
        f"arrayMap(fifth -> arraySort(groupArray({orders.value_of_buyer(measure, buyers)}))"
        "[intDiv(fifth * count() + 4, 5)], [1, 2, 3, 4])"
        for measure in builder.quintiles
    )
    live = "survivor IN (SELECT customer_id FROM events.customers FINAL WHERE into_id = customer_id)"
    return f"(SELECT tuple({edges}) FROM ({_facts(buyers)}) WHERE {count} > 0 AND {live})"
