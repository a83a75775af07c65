"""Segments: a rule of ten conditions against the same question written by hand, and the common small ones.

Two brands: 100,000 customers with 2 M events, and ten times that, made inside ClickHouse; 1 customer in 100 was
merged.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import Result

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIZES = [(100_000, 2_000_000), (1_000_000, 20_000_000)]
SQL = Path(__file__).parent / "sql"
TEN: dict[str, Any] = {
    "all": [
        {"attribute": "city", "is": {"in": ["上海", "杭州"]}},
        {"tag": ["高客单", "母婴"]},
        {"consent": "promotion", "channel": "phone", "is": "granted"},
        {"relation": ["two_way", "many_way"]},
        {"orders": "count", "is": {"at_least": 2}},
        {"orders": "net", "within": {"last_days": 365}, "is": {"at_least": 500}},
        {"orders": "days_since_last", "is": {"between": [30, 180]}},
        {"not": {"event": "channels.message_refused", "within": {"last_days": 30}}},
        {"event": "page_viewed", "within": {"last_days": 90}, "is": {"at_least": 1}},
        {
            "event": "cart_filled",
            "where": [{"property": "path", "is": {"starts": "/p/1"}}],
            "within": {"last_days": 180},
            "is": {"at_least": 1},
        },
    ]
}
COMMON = {
    "tag": {"tag": ["高客单"]},
    "bought twice": {"orders": "count", "is": {"at_least": 2}},
    "not bought in 90 days": {"not": {"event": "commerce.order_paid", "within": {"last_days": 90}}},
    "viewed in 30 days": {"event": "page_viewed", "within": {"last_days": 30}},
    "RFM monetary 5": {"orders": "monetary", "is": {"equals": 5}},
    "cart, then order": {
        "event": "cart_filled",
        "within": {"last_days": 30},
        "then": {"event": "commerce.order_paid", "within_days": 3},
    },
}


def bench() -> list[Result]:
    """Seconds of the best of five runs, warm."""
    import django

    django.setup()
    from homeground.events.stores import open_stores
    from homeground.people.models import Attribute

    open_stores()
    Attribute.objects.create(key="city", kind="text")
    return [result for customers, events in SIZES for result in _measure(customers, events)]


def _measure(customers: int, events: int) -> list[Result]:
    from homeground.events import warehouse
    from homeground.segments.services import count

    _make(customers, events)
    (ours, found), (bare, wanted) = _timed(
        lambda: count(TEN, AT).customers, lambda: warehouse.value(SQL / "ten_conditions.sql")
    )
    assert found == wanted > 0, (found, wanted)
    ten = Result("segment of 10 conditions", events, "events", ours, bare, 1.2, at_least=False)
    asked = Result(
        "segment of 10 conditions, asked of 10,000 customers", events, "events", _asked(customers), None, 1.0
    )
    common = [
        Result(f"segment: {name}", events, "events", _timed(lambda rule=rule: count(rule, AT))[0][0], None, 1.0)
        for name, rule in COMMON.items()
    ]
    return [ten, asked, *common]


def _asked(customers: int) -> float:
    """Seconds of the ten conditions for 10,000 customers only, spread over all of them."""
    from homeground.events import warehouse
    from homeground.segments.compiler import compile_rule
    from homeground.segments.queries import dictionary_for
    from homeground.segments.rules.parse import parse

    rule = parse(TEN)
    few = {one: one for one in range(1, customers + 1, customers // 10_000)}

    def ask() -> int:
        statement = compile_rule(rule, AT, dictionary_for(rule), few)
        return warehouse.frame(statement.sql, **statement.params).height

    return _timed(ask)[0][0]


def _make(customers: int, events: int) -> None:
    from homeground.events import warehouse

    for table in ("customers", "events"):
        warehouse.run(f"TRUNCATE TABLE events.{table}")
    warehouse.run(SQL / "customers.sql", customers=customers)
    warehouse.run(SQL / "events.sql", customers=customers, events=events)
    for table in ("customers", "events"):
        warehouse.run(f"OPTIMIZE TABLE events.{table} FINAL")


def _timed(*runs: Callable[[], Any]) -> list[tuple[float, Any]]:
    """The best time of five of each, and what it gave; they take turns, so that other work slows all alike."""
    best: list[tuple[float, Any]] = [(float("inf"), None)] * len(runs)
    for _ in range(5):
        for place, run in enumerate(runs):
            started = perf_counter()
            answer = run()
            best[place] = min(best[place], (perf_counter() - started, answer), key=lambda one: one[0])
    return best
