"""A stream that was dumped from one cluster goes on in another."""

import pytest
from django.db import connection

from homeground.events import rebasing, warehouse
from homeground.events.models import StreamBatch
from tests.events.taps import numbers_in_clickhouse, seen_by_a_handler, tap
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)


def come_from_a_cluster_that_counted_further() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stream_event SET xid = (xid::text::bigint + 5000000000)::text::xid8")
        cursor.execute("UPDATE events_streambatch SET from_xid = from_xid + 5000000000, to_xid = to_xid + 5000000000")


def test_the_stream_goes_on_and_nothing_is_lost_or_doubled():
    tap(1, 2)
    drain()
    tap(3)
    drain()
    tap(4)
    come_from_a_cluster_that_counted_further()
    assert rebasing.is_ahead()

    rebasing.rebase_if_ahead()
    tap(5)

    assert not rebasing.is_ahead()
    assert drain() == 2
    assert numbers_in_clickhouse() == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("handlers")
def test_a_batch_under_way_keeps_its_rows():
    seen = seen_by_a_handler()
    tap(1)
    drain()
    tap(2, 3)
    drain()
    StreamBatch.objects.filter(count=2).update(state=StreamBatch.State.OPEN)
    tap(4)
    come_from_a_cluster_that_counted_further()

    rebasing.rebase()
    drain()

    assert numbers_in_clickhouse() == [1, 2, 3, 4]
    assert seen == [1, 2, 3, 2, 3, 4]


def test_a_stream_at_home_is_left_alone():
    tap(1)
    drain()
    before = list(StreamBatch.objects.values())

    rebasing.rebase_if_ahead()

    assert list(StreamBatch.objects.values()) == before
    assert warehouse.value("SELECT count() FROM events.events") == 1
