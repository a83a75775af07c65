"""The pump: order, exactly once to ClickHouse, at least once to handlers."""

from collections.abc import Sequence

import pytest
from django.db import connection

from homeground.events import stream, warehouse
from homeground.events.facts import Event, on
from homeground.events.models import SetAside, StreamBatch
from tests.events.taps import Tapped, numbers_in_clickhouse, seen_by_a_handler, tap
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_recorded_reaches_clickhouse_and_the_handlers_in_order(handlers):
    seen = seen_by_a_handler()
    tap(1, 2)
    tap(3)

    assert drain() == 3

    assert numbers_in_clickhouse() == [1, 2, 3]
    assert seen == [1, 2, 3]
    assert drain() == 0


def test_an_event_goes_to_the_customer_that_the_resolver_names(handlers, monkeypatch):
    monkeypatch.setattr(stream, "resolver", lambda events: [event.properties["number"] * 10 for event in events])
    tap(4)

    drain()

    assert warehouse.value("SELECT customer_id FROM events.events WHERE name = 'tests.tapped'") == 40


def test_a_batch_appended_twice_is_kept_once():
    tap(1, 2)
    drain()
    StreamBatch.objects.update(state=StreamBatch.State.OPEN)

    drain()

    assert numbers_in_clickhouse() == [1, 2]


def test_a_handler_that_finished_is_not_called_again_after_a_restart(handlers):
    seen = seen_by_a_handler()
    tap(1, 2)
    drain()
    StreamBatch.objects.update(state=StreamBatch.State.APPENDED)

    drain()

    assert seen == [1, 2]


def test_a_poisoned_event_is_set_aside_and_the_rest_go_on(handlers):
    seen: list[int] = []

    @on(Tapped)
    def refuse_three(events: Sequence[Event]) -> None:
        if any(event.properties["number"] == 3 for event in events):
            raise ValueError("phone 13800000000")
        seen.extend(event.properties["number"] for event in events)

    tap(*range(10))
    drain()

    aside = SetAside.objects.get()
    assert (aside.name, aside.reason) == ("tests.tapped", "ValueError")
    assert "13800000000" not in aside.reason + aside.trace
    assert seen == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert numbers_in_clickhouse() == list(range(10))


def test_the_pump_goes_on_until_the_chores_have_nothing_left(monkeypatch):
    left = [2, 1]
    monkeypatch.setattr(stream, "chores", [lambda: left.pop() if left else 0])
    tap(1)

    assert drain() == 1
    assert left == []


@pytest.mark.parametrize("odd", ["1" + "0" * 400, "1e400", "[" * 3000 + "]" * 3000])
def test_numbers_and_nesting_that_nothing_else_can_read_do_not_stop_the_stream(handlers, odd):
    seen = seen_by_a_handler()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stream_event (day, key, name, source, happened_at, properties) VALUES"
            " ('2026-03-01', gen_random_uuid(), 'tests.odd', 'test', now(), %s::jsonb)",
            ['{"odd": ' + odd + "}"],
        )
    tap(1)

    drain()

    assert seen == [1]
    assert warehouse.value("SELECT count() FROM events.events") == 2
