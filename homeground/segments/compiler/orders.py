"""Conditions on a customer's orders, from the facts that commerce tells: paid, changed, refunded."""

from decimal import Decimal

from homeground.segments.compiler import compare
from homeground.segments.compiler.behaviour import holds_for_zero, matching
from homeground.segments.compiler.builder import Builder
from homeground.segments.rules.comparisons import Part
from homeground.segments.rules.nodes import Bought, OrdersAre

PAID, REFUNDED = "commerce.order_paid", "commerce.order_refunded"
CHANGED = "commerce.order_changed"  # A signed correction of an order that was told before.


def bought(node: Bought, builder: Builder) -> str:
    """Whether the customer paid for one of the products."""
    found = builder.aggregate(f"countIf({rows_with(node, node.within, builder)})")
    return builder.verdict(f"{found} > 0", without_events=False)


def rows_with(node: Bought, within: Part | None, builder: Builder) -> str:
    """Which orders count: those with one of the products."""
    skus = builder.param(node.bought, "Array(String)")
    return f"{matching(PAID, within, builder)} AND hasAny(JSONExtract(properties, 'skus', 'Array(String)'), {skus})"


def condition(node: OrdersAre, builder: Builder) -> str:
    """The condition on a fact of the customer's orders."""
    paid, test = matching(PAID, node.within, builder), node.is_
    match node.orders:
        case "count":
            count = builder.aggregate(f"countIf({paid})")
            return builder.verdict(compare.numbers(count, test, builder.decimal), without_events=holds_for_zero(test))
        case "net":
            money = compare.numbers(net(node.within, builder), test, lambda value: _minor(value, builder))
            return builder.verdict(money, without_events=holds_for_zero(test))
        case "average":
            return _average(node, builder)
        case "first" | "last" | "days_since_last":
            return _moment(node, paid, builder)
    return _quintile(node.orders, test, builder)


def net(within: Part | None, builder: Builder) -> str:
    """Net spend in minor units."""
    own = f"currency = {builder.param(builder.currency, 'String')}"
    paid = builder.aggregate(f"sumIf(amount, {matching(PAID, within, builder)} AND {own})")
    refunded = builder.aggregate(f"sumIf(amount, {matching(REFUNDED, within, builder)} AND {own})")
    changed = builder.aggregate(f"sumIf(amount, {matching(CHANGED, within, builder)} AND {own})")
    return f"({paid} + {changed} - {refunded})"


def _minor(value: float, builder: Builder) -> str:
    return builder.param(int(Decimal(str(value)).scaleb(builder.digits)), "Int128")


def _average(node: OrdersAre, builder: Builder) -> str:
    own = f"currency = {builder.param(builder.currency, 'String')}"
    orders = builder.aggregate(f"countIf({matching(PAID, node.within, builder)} AND {own})")
    # Both sides times the number of orders: no division, no rounding.
    money = compare.numbers(net(node.within, builder), node.is_, lambda value: f"({_minor(value, builder)} * {orders})")
    return builder.verdict(f"{orders} > 0 AND {money}", without_events=False)


def _moment(node: OrdersAre, paid: str, builder: Builder) -> str:
    pick = "min" if node.orders == "first" else "max"
    moment = builder.aggregate(f"{pick}OrNullIf(happened_at, {paid})")
    if node.orders != "days_since_last":
        return builder.verdict(f"ifNull({compare.moments(moment, node.is_, builder)}, 0)", without_events=False)
    today = builder.param(builder.calendar.today.isoformat(), "Date32")
    zone = builder.param(builder.calendar.zone, "String")
    since = f"dateDiff('day', toDate32({moment}, {zone}), {today})"
    return builder.verdict(f"ifNull({compare.numbers(since, node.is_, builder.decimal)}, 0)", without_events=False)


def _quintile(measure: str, test: Part, builder: Builder) -> str:
    score = score_of(measure, builder)
    return builder.verdict(
        f"{paid_orders(builder)} > 0 AND {compare.numbers(score, test, builder.decimal)}", without_events=False
    )


def score_of(measure: str, builder: Builder) -> str:
    """The fifth of buyers that a buyer is in by a measure: 1 to 5."""
    return f"(1 + arrayCount(edge -> {value_of_buyer(measure, builder)} > edge, {builder.edges(measure)}))"


def value_of_buyer(measure: str, builder: Builder) -> str:
    """The column of recency, frequency or monetary over all time."""
    match measure:
        case "recency":
            return builder.aggregate(f"toUnixTimestamp64Milli(maxIf(happened_at, {matching(PAID, None, builder)}))")
        case "frequency":
            return paid_orders(builder)
    return net(None, builder)


def paid_orders(builder: Builder) -> str:
    """The column of paid orders over all time: above zero for a buyer."""
    return builder.aggregate(f"countIf({matching(PAID, None, builder)})")
