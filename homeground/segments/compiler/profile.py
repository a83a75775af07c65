"""Conditions on what is known of a customer now: columns of events.customers."""

from homeground.segments.compiler import compare
from homeground.segments.compiler.builder import Builder
from homeground.segments.rules.comparisons import AnniversaryDays, Equals, InMonths, IsSet
from homeground.segments.rules.nodes import (
    AttributeIs,
    CameFrom,
    ConsentIs,
    CreatedWithin,
    HasIdentity,
    HasTag,
    InRelation,
)

Profile = AttributeIs | HasTag | CameFrom | InRelation | ConsentIs | HasIdentity | CreatedWithin


def condition(node: Profile, builder: Builder) -> str:
    """The condition on one row of customers."""
    match node:
        case AttributeIs():
            return _attribute(node, builder)
        case HasTag():
            return f"hasAny(tags, {builder.param(node.tag, 'Array(String)')})"
        case CameFrom():
            return f"has({builder.param(node.source, 'Array(String)')}, source)"
        case InRelation():
            return f"has({builder.param(node.relation, 'Array(String)')}, relation)"
        case HasIdentity():
            return f"hasAny(identity_kinds, {builder.param(node.identity, 'Array(String)')})"
        case CreatedWithin():
            return compare.moments("created_at", node.created, builder)
    return _consent(node, builder)


def _attribute(node: AttributeIs, builder: Builder) -> str:
    key, test, kind = builder.param(node.attribute, "String"), node.is_, builder.attributes[node.attribute]
    value = f"attributes[{key}]"
    match test, kind:
        case IsSet(), _:
            return f"{'' if test.is_set else 'NOT '}mapContains(attributes, {key})"
        case AnniversaryDays(), _:
            days = builder.param(builder.calendar.month_days(test.anniversary_days), "Array(String)")
            return f"has({days}, substring({value}, 6, 5))"
        case InMonths(), _:
            months = builder.param([f"{month:02}" for month in sorted(test.in_months)], "Array(String)")
            return f"has({months}, substring({value}, 6, 2))"
        case Equals(), "flag":
            return f"{value} = {builder.param('true' if test.equals else 'false', 'String')}"
        case _, "date":
            return compare.days(value, test, builder)
        case _, "number":
            number = f"toDecimal128OrNull({value}, 6)"  # What is no number compares as unknown: false.
            return f"ifNull({compare.numbers(number, test, builder.decimal)}, 0)"
    return compare.texts(value, test, builder)


def _consent(node: ConsentIs, builder: Builder) -> str:
    # A decision on the channel itself goes before one on all channels.
    own = builder.param(f"{node.consent}:{node.channel}", "String")
    every = builder.param(f"{node.consent}:*", "String")
    said, opposite = ("consents", "refusals") if node.is_ == "granted" else ("refusals", "consents")
    return f"(has({said}, {own}) OR (has({said}, {every}) AND NOT has({opposite}, {own})))"
