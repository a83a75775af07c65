"""Conditions on what a customer did: aggregates over their events, one pass for all of them."""

from collections.abc import Callable
from decimal import Decimal

from homeground.segments.compiler import compare
from homeground.segments.compiler.builder import Builder
from homeground.segments.rules.comparisons import (
    AtLeast,
    AtMost,
    Between,
    Equals,
    Greater,
    In,
    IsSet,
    Less,
    Part,
    kind_of,
)
from homeground.segments.rules.nodes import Did, Max, Min, PropertyIs, Sum, Then

_DAY = 86_400_000  # Milliseconds.
_NUMERIC = "('Int64', 'UInt64', 'Double')"


def condition(node: Did, builder: Builder) -> str:
    """The condition on a customer."""
    rows = rows_of(node, builder)
    if node.then:
        return _followed(rows, node, node.then, builder)
    test = node.is_ or AtLeast(at_least=1)
    match node.measure:
        case "count":
            count = builder.aggregate(f"countIf({rows})")
            return builder.verdict(compare.numbers(count, test, builder.decimal), without_events=holds_for_zero(test))
        case "first" | "last":
            pick = "min" if node.measure == "first" else "max"
            moment = builder.aggregate(f"{pick}OrNullIf(happened_at, {rows})")
            return builder.verdict(f"ifNull({compare.moments(moment, test, builder)}, 0)", without_events=False)
        case Sum() | Min() | Max():
            return _amount(rows, node.measure, test, builder)
    raise TypeError(f"{node.measure!r} measures nothing")


def rows_of(node: Did, builder: Builder) -> str:
    """Which events count: by name, window and properties."""
    return _narrowed(matching(node.event, node.within, builder), node.where, builder)


def second_rows_of(node: Did, then: Then, builder: Builder) -> str:
    """Which events count as what followed."""
    second = f"name = {builder.param(then.event, 'String')}"
    since, _ = builder.calendar.moments(node.within) if node.within else (None, None)
    if since:
        second = f"({second} AND happened_at >= {builder.moment(since)})"
    builder.scans[second] = None
    return _narrowed(second, then.where, builder)


def matching(event: str, within: Part | None, builder: Builder) -> str:
    """Which events count: by name and window. Notes them as read."""
    rows = f"name = {builder.param(event, 'String')}"
    if within:
        rows = f"({rows} AND {compare.moments('happened_at', within, builder)})"
    builder.scans[rows] = None
    return rows


def holds_for_zero(test: Part) -> bool:
    """Whether a comparison of numbers holds for 0."""
    match test:
        case Equals():
            return test.equals == 0
        case In():
            return 0 in test.one_of
        case Between(between=(int() | float() as low, int() | float() as high)):
            return low <= 0 <= high
        case Greater():
            return test.greater < 0
        case AtLeast():
            return test.at_least <= 0
        case Less():
            return test.less > 0
    assert isinstance(test, AtMost)
    return test.at_most >= 0


def _amount(rows: str, measure: Sum | Min | Max, test: Part, builder: Builder) -> str:
    column = amount_of(rows, measure, builder)
    if isinstance(measure, Sum):
        return builder.verdict(compare.numbers(column, test, _millionths(builder)), without_events=holds_for_zero(test))
    return builder.verdict(f"ifNull({compare.numbers(column, test, _millionths(builder))}, 0)", without_events=False)


def amount_of(rows: str, measure: Sum | Min | Max, builder: Builder) -> str:
    """The column of the sum, least or greatest of a property, in millionths."""
    ((how, key),) = measure.model_dump().items()
    name = builder.param(key, "String")
    number = f"JSONExtractFloat(properties, {name})"
    # Beyond 1e15 a double no longer holds millionths; such an amount is a mistake, and does not count.
    rows = f"{rows} AND JSONType(properties, {name}) IN {_NUMERIC} AND abs({number}) <= 1e15"
    millionths = f"toInt128(round({number} * 1000000))"  # Whole numbers add up to the same in any order.
    return builder.aggregate(f"{how}{'If' if how == 'sum' else 'OrNullIf'}({millionths}, {rows})")


def _millionths(builder: Builder) -> Callable[[float], str]:
    return lambda value: builder.param(int(Decimal(str(value)).scaleb(6)), "Int128")


def _narrowed(rows: str, where: list[PropertyIs], builder: Builder) -> str:
    return " AND ".join([rows, *(_property(one, builder) for one in where)])


def _property(one: PropertyIs, builder: Builder) -> str:
    name, test = builder.param(one.property, "String"), one.is_
    if isinstance(test, IsSet):
        return f"JSONType(properties, {name}) {'!=' if test.is_set else '='} 'Null'"
    match kind_of(test):
        case "text":
            text = compare.texts(f"JSONExtractString(properties, {name})", test, builder)
            return f"(JSONType(properties, {name}) = 'String' AND {text})"
        case "flag":
            assert isinstance(test, Equals)
            flag = "" if test.equals else "NOT "
            return f"(JSONType(properties, {name}) = 'Bool' AND {flag}JSONExtractBool(properties, {name}))"
    number = f"JSONExtractFloat(properties, {name})"
    right = lambda value: builder.param(float(value), "Float64")  # noqa: E731
    return f"(JSONType(properties, {name}) IN {_NUMERIC} AND {compare.numbers(number, test, right)})"


def _followed(rows: str, node: Did, then: Then, builder: Builder) -> str:
    second = second_rows_of(node, then, builder)
    # Moments doubled, odd for the first event: at the same moment a second event sorts before a first one, so that
    # "later" is strict; arrayFill carries the newest first event along. Linear in a customer's events.
    firsts = builder.aggregate(f"groupArrayIf(toUnixTimestamp64Milli(happened_at) * 2 + 1, {rows})")
    seconds = builder.aggregate(f"groupArrayIf(toUnixTimestamp64Milli(happened_at) * 2, {second})")
    line = f"arraySort(arrayConcat({firsts}, {seconds}))"
    span = builder.param(then.within_days * _DAY * 2 - 1, "Int64")
    held = f"arrayFill(x -> bitAnd(x, 1) = 1, {line})"
    pair = f"bitAnd(x, 1) = 0 AND bitAnd(y, 1) = 1 AND x - y <= {span}"
    return builder.verdict(
        f"notEmpty({firsts}) AND notEmpty({seconds}) AND arrayExists((x, y) -> {pair}, {line}, {held})",
        without_events=False,
    )
