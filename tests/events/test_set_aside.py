"""Poison: what one handler, the resolver or ClickHouse cannot bear waits apart, and goes on when it is mended."""

from collections.abc import Sequence

import pytest
from django.db import IntegrityError, OperationalError, connection

from homeground.events import stream
from homeground.events.errors import BatchUnderWay
from homeground.events.facts import Event, on
from homeground.events.mending import discard_set_aside, retry_set_aside
from homeground.events.models import SetAside, StreamBatch
from homeground.events.queries import set_aside_count
from tests.events.taps import Tapped, numbers_in_clickhouse, seen_by_a_handler, tap
from tests.support import drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("handlers")]


class Delicate:
    """A handler that cannot bear some numbers, and says what it saw."""

    def __init__(self, *unbearable: int) -> None:
        self.unbearable = set(unbearable)
        self.seen: list[int] = []
        self.calls = 0

        @on(Tapped)
        def handle(events: Sequence[Event]) -> None:
            self.calls += 1
            numbers = [event.properties["number"] for event in events]
            if self.unbearable & set(numbers):
                raise KeyError("13800000000")
            self.seen += numbers


def test_the_culprits_are_found_and_the_rest_go_on():
    delicate = Delicate(3, 700, 999)
    others = seen_by_a_handler()
    tap(*range(1000))

    drain()

    assert SetAside.objects.count() == 3
    assert delicate.seen == [number for number in range(1000) if number not in (3, 700, 999)]
    assert delicate.calls < 70  # Halving, not one by one.
    assert others == list(range(1000))
    assert numbers_in_clickhouse() == list(range(1000))


def test_the_reason_says_where_and_never_what():
    Delicate(1)
    tap(1)

    drain()

    aside = SetAside.objects.get()
    assert aside.reason == "KeyError"
    assert "events/stream.py" in aside.trace
    assert "13800000000" not in aside.reason + aside.trace


def test_a_refusal_of_the_database_names_the_rule():
    @on(Tapped)
    def clash(events: Sequence[Event]) -> None:
        for number in (1, 2):
            SetAside.objects.create(event_id=-1, day="2026-01-01", name="", handler="", reason=str(number), trace="")

    tap(1)
    drain()

    assert SetAside.objects.get().reason == f"{IntegrityError.__name__} (set_aside_once_per_handler)"


def test_a_failed_handler_leaves_nothing_half_done():
    @on(Tapped)
    def write_then_fail(events: Sequence[Event]) -> None:
        StreamBatch.objects.update(count=77)
        raise ValueError

    tap(1)
    drain()

    assert StreamBatch.objects.get().count == 1


def test_an_operational_failure_sets_nothing_aside_and_the_next_try_goes_through():
    failures = [OperationalError("the server went away")]
    seen: list[int] = []

    @on(Tapped)
    def fail_once(events: Sequence[Event]) -> None:
        if failures:
            raise failures.pop()
        seen.extend(event.properties["number"] for event in events)

    tap(1, 2)
    with pytest.raises(OperationalError):
        drain()
    drain()

    assert seen == [1, 2]
    assert not SetAside.objects.exists()
    assert numbers_in_clickhouse() == [1, 2]


def test_what_cannot_be_resolved_waits_outside_clickhouse_and_goes_in_when_it_can(monkeypatch):
    def stumble(events: Sequence[Event]) -> list[int | None]:
        if any(event.properties["number"] == 2 for event in events):
            raise ValueError
        return [7 for _ in events]

    seen = seen_by_a_handler()
    monkeypatch.setattr(stream, "resolver", stumble)
    tap(1, 2, 3)
    drain()
    assert numbers_in_clickhouse() == [1, 3]
    assert seen == [1, 3]

    monkeypatch.setattr(stream, "resolver", lambda events: [7 for _ in events])

    assert retry_set_aside().done == 1
    assert numbers_in_clickhouse() == [1, 2, 3]
    assert seen == [1, 3, 2]
    assert not SetAside.objects.exists()


def test_a_moment_that_clickhouse_cannot_hold_is_set_aside():
    tap(1, 2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stream_event SET happened_at = '2999-01-01' WHERE properties->>'number' = '2'")

    drain()

    assert SetAside.objects.get().handler == "append"
    assert numbers_in_clickhouse() == [1]


def test_a_mended_handler_gets_what_it_missed_and_nothing_else():
    delicate = Delicate(3)
    others = seen_by_a_handler()
    tap(*range(5))
    drain()
    assert retry_set_aside().waiting == 1

    delicate.unbearable.clear()

    assert retry_set_aside().done == 1
    assert delicate.seen == [0, 1, 2, 4, 3]
    assert others == list(range(5))
    assert retry_set_aside().done == 0


def test_a_discarded_event_is_not_tried_again():
    delicate = Delicate(3)
    tap(3)
    drain()

    assert discard_set_aside([SetAside.objects.get().pk]) == 1

    delicate.unbearable.clear()
    assert retry_set_aside().done == 0
    assert set_aside_count() == 0
    assert delicate.seen == []


def test_nothing_is_tried_while_a_batch_is_under_way():
    delicate = Delicate(3)
    tap(3)
    drain()
    StreamBatch.objects.update(state=StreamBatch.State.APPENDED)
    delicate.unbearable.clear()

    with pytest.raises(BatchUnderWay):
        retry_set_aside()

    assert delicate.seen == []
    assert SetAside.objects.count() == 1
