"""The outbox's partitions: made ahead, filled from the default one, dropped when all in them is done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from homeground.events import partitions, stream
from homeground.events.models import SetAside, StreamBatch, StreamEvent
from homeground.events.services import Incoming, key_of, receive
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _no_partitions(transactional_db):
    drop_all()
    yield
    drop_all()


def drop_all() -> None:
    with connection.cursor() as cursor:
        for day in partitions.days():
            cursor.execute(f'DROP TABLE "stream_event_day_{day}"')


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("homeground.core.time.now", lambda: NOW)


def tell(day: date, count: int = 1) -> None:
    moment = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    receive(
        Incoming(
            name="page_viewed",
            key=key_of(str(day), str(number)),
            stated_at=moment,
            happened_at=moment,
            source="web",
            identities=(),
            properties={"number": number},
        )
        for number in range(count)
    )


def in_table(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM ONLY "{table}"')
        return cursor.fetchone()[0]


def test_partitions_are_made_ahead_and_a_repeat_makes_no_more():
    partitions.keep_house(NOW)
    partitions.keep_house(NOW)

    assert partitions.days() == [TODAY + timedelta(days=number) for number in range(-2, 8)]


def test_rows_that_came_before_their_partition_move_into_it():
    tell(TODAY, 3)
    tell(date(2011, 6, 1), 2)
    assert in_table("stream_event_other") == 5
    before = list(StreamEvent.objects.order_by("id").values())

    partitions.make(TODAY)

    assert in_table("stream_event_other") == 2
    assert in_table(f"stream_event_day_{TODAY}") == 3
    assert list(StreamEvent.objects.order_by("id").values()) == before
    tell(TODAY, 4)  # Three of them are known.
    assert in_table(f"stream_event_day_{TODAY}") == 4
    assert drain() == 6


def test_a_day_is_dropped_when_it_is_over_and_done_with(clock):
    old = TODAY - timedelta(days=36)
    partitions.make(old)
    tell(old)

    partitions.keep_house(NOW)
    assert old in partitions.days()

    drain()
    partitions.keep_house(NOW)

    assert old not in partitions.days()
    assert not StreamEvent.objects.exists()


def test_a_day_within_the_retention_stays(clock):
    recent = TODAY - timedelta(days=35)
    partitions.make(recent)
    tell(recent)
    drain()

    partitions.keep_house(NOW)

    assert recent in partitions.days()


def test_a_day_with_an_event_that_was_set_aside_stays_until_somebody_decides(clock):
    old = TODAY - timedelta(days=36)
    partitions.make(old)
    tell(old)
    drain()
    aside = SetAside.objects.create(
        event_id=StreamEvent.objects.get().id, day=old, name="page_viewed", handler="x", reason="x", trace=""
    )

    partitions.keep_house(NOW)
    assert old in partitions.days()

    aside.discarded_at = NOW
    aside.save()
    partitions.keep_house(NOW)
    assert old not in partitions.days()


def test_a_day_whose_batch_is_under_way_stays(clock):
    old = TODAY - timedelta(days=36)
    partitions.make(old)
    tell(old)
    drain()
    StreamBatch.objects.update(state=StreamBatch.State.APPENDED)

    assert not partitions.drop(old)

    StreamBatch.objects.update(state=StreamBatch.State.HANDLED)
    assert partitions.drop(old)


def test_late_events_are_deleted_by_the_time_of_receipt(clock, monkeypatch):
    monkeypatch.setattr(partitions, "_DELETED_AT_ONCE", 2)
    tell(date(2011, 6, 1), 5)
    drain()
    tell(date(2011, 6, 2))  # Not carried yet.

    partitions.keep_house(NOW + timedelta(days=34))
    assert in_table("stream_event_other") == 6

    partitions.keep_house(NOW + timedelta(days=36))
    assert in_table("stream_event_other") == 1


def test_the_position_outlives_the_batches_that_are_forgotten(clock):
    tell(TODAY)
    drain()
    tell(TODAY, 2)
    drain()

    partitions.forget_batches(NOW + timedelta(days=1))

    assert StreamBatch.objects.count() == 1
    assert stream.drain() == 0
