"""The tree asked of one person: a column for each condition, and columns that tell why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from homeground.segments.compiler import behaviour, orders
from homeground.segments.compiler.builder import Builder
from homeground.segments.compiler.statement import Statement, builder_for, condition, statement
from homeground.segments.rules.dictionary import Dictionary, StaticList
from homeground.segments.rules.nodes import Bought, Did, InSegment, Max, Min, Node, OrdersAre, Sum
from homeground.segments.rules.parse import children


@dataclass(frozen=True)
class Asked:
    """A node and where its answer stands. A group, and a segment by rule, are answered by what they hold."""

    path: str
    node: Node
    column: str  # Whether it holds; empty: as its children say.
    told: Mapping[str, str]  # What is told of it → column.
    children: tuple["Asked", ...] = ()


def ask(rule: Node, at: datetime, dictionary: Dictionary, few: Mapping[int, int]) -> tuple[Statement, Asked]:
    """One row a person of `few`, and how to read it. The rule was checked against the dictionary before."""
    builder, columns = builder_for(at, dictionary, few), dict[str, str]()
    root = _Walk(builder, dictionary, columns).asked(rule, "")
    selected = ["customer_id", *(f"toUInt8({sql}) AS {name}" for name, sql in columns.items()), *builder.told.values()]
    return statement(", ".join(selected), "1", builder), root


@dataclass(frozen=True)
class _Walk:
    builder: Builder
    dictionary: Dictionary
    columns: dict[str, str]  # Whether a condition holds, by column.

    def asked(self, node: Node, path: str) -> Asked:
        inside = self.inside(node, f"{path}." if path else "")
        if inside is not None:
            return Asked(path, node, "", {}, inside)
        column = f"h{len(self.columns)}"
        self.columns[column] = condition(node, self.builder, self.dictionary)
        told = {name: self.builder.tell(sql) for name, sql in _telling(node, self.builder).items()}
        return Asked(path, node, column, told)

    def inside(self, node: Node, path: str) -> tuple[Asked, ...] | None:
        """What a group holds, or a segment by rule; None for a condition."""
        if isinstance(node, InSegment):
            rule = self.dictionary.segments[node.segment]
            return None if isinstance(rule, StaticList) else (self.asked(rule, f"{path}segment"),)
        if node.first_key()[0] in ("all", "any", "not"):
            return tuple(self.asked(child, path + step) for step, child in children(node))
        return None


def _telling(node: Node, builder: Builder) -> dict[str, str]:
    """What is told of a condition on events, by name: SQL over aggregates. Moments in milliseconds since 1970."""
    match node:
        case Did():
            return _of_event(node, builder)
        case Bought():
            rows, ever = orders.rows_with(node, node.within, builder), orders.rows_with(node, None, builder)
            return _times(rows, builder) | {"ever": _last(ever, builder)} | {"skus": _skus(node, rows, builder)}
        case OrdersAre():
            return _of_orders(node, builder)
    return {}


def _of_event(node: Did, builder: Builder) -> dict[str, str]:
    rows = behaviour.rows_of(node, builder)
    ever = behaviour.rows_of(node.model_copy(update={"within": None}), builder)
    told = _times(rows, builder) | {"ever": _last(ever, builder)}
    if isinstance(node.measure, Sum | Min | Max):
        told["amount"] = f"toFloat64({behaviour.amount_of(rows, node.measure, builder)}) / 1000000"
    if node.then:
        second = _times(behaviour.second_rows_of(node, node.then, builder), builder)
        told |= {f"then_{name}": sql for name, sql in second.items()}
    return told


def _of_orders(node: OrdersAre, builder: Builder) -> dict[str, str]:
    paid, ever = (behaviour.matching(orders.PAID, within, builder) for within in (node.within, None))
    told = _times(paid, builder) | {"ever": _last(ever, builder)}
    if node.orders in ("net", "average", "monetary"):
        told["net"] = f"toInt64({orders.net(node.within, builder)})"
    if node.orders in ("recency", "frequency", "monetary"):
        told["score"] = f"toInt64({orders.score_of(node.orders, builder)})"
    return told


def _times(rows: str, builder: Builder) -> dict[str, str]:
    first = builder.aggregate(f"minOrNullIf(happened_at, {rows})")
    count = builder.aggregate(f"countIf({rows})")
    return {"times": count, "first": f"toUnixTimestamp64Milli({first})", "last": _last(rows, builder)}


def _last(rows: str, builder: Builder) -> str:
    return f"toUnixTimestamp64Milli({builder.aggregate(f'maxOrNullIf(happened_at, {rows})')})"


def _skus(node: Bought, rows: str, builder: Builder) -> str:
    listed = builder.aggregate(f"groupUniqArrayArrayIf(JSONExtract(properties, 'skus', 'Array(String)'), {rows})")
    wanted = builder.param(node.bought, "Array(String)")
    return f"arrayStringConcat(arraySort(arrayIntersect({listed}, {wanted})), '\n')"
