"""Comparisons as SQL: a left side that is SQL already, the right side as placeholders."""

from collections.abc import Callable

from homeground.segments.compiler.builder import Builder
from homeground.segments.rules.comparisons import (
    AtLeast,
    AtMost,
    Between,
    Contains,
    Equals,
    Greater,
    In,
    Less,
    Part,
    Starts,
)

_SIGNS: dict[type[Part], str] = {Greater: ">", AtLeast: ">=", Less: "<", AtMost: "<="}


def numbers(left: str, test: Part, right: Callable[[float], str]) -> str:
    """A number against numbers; right() writes a number of the rule in the unit of the left side."""
    match test:
        case Equals():
            return f"{left} = {right(_number(test.equals))}"
        case In():
            return "(" + " OR ".join(f"{left} = {right(_number(one))}" for one in test.one_of) + ")"
        case Between():
            low, high = test.between
            return f"({left} >= {right(_number(low))} AND {left} <= {right(_number(high))})"
    (value,) = test.model_dump().values()
    return f"{left} {_SIGNS[type(test)]} {right(value)}"


def texts(left: str, test: Part, builder: Builder) -> str:
    """A text against texts."""
    match test:
        case Equals():
            return f"{left} = {builder.param(str(test.equals), 'String')}"
        case In():
            return f"has({builder.param(list(test.one_of), 'Array(String)')}, {left})"
        case Contains():
            return f"position({left}, {builder.param(test.contains, 'String')}) > 0"
        case Starts():
            return f"startsWith({left}, {builder.param(test.starts, 'String')})"
    raise TypeError(f"{test!r} compares no texts")


def moments(left: str, test: Part, builder: Builder) -> str:
    """A moment against days."""
    since, until = builder.calendar.moments(test)
    ends = [
        *([f"{left} >= {builder.moment(since)}"] if since else []),
        *([f"{left} < {builder.moment(until)}"] if until else []),
    ]
    return f"({' AND '.join(ends)})"


def days(left: str, test: Part, builder: Builder) -> str:
    """A day written YYYY-MM-DD against days: such text sorts as the days do."""
    first, last = builder.calendar.days(test)
    low = builder.param(first.isoformat() if first else "0", "String")
    high = builder.param(last.isoformat() if last else "9999-12-31", "String")
    return f"({left} >= {low} AND {left} <= {high})"


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return value
