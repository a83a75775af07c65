"""Reads of the stream."""

from datetime import UTC, datetime, timedelta

import pytest

from homeground.events import batches, queries, warehouse
from homeground.events.catalog.commerce import OrderPaid
from homeground.events.services import record
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def pay(customer_id: int | None, order_no: str, at: datetime) -> None:
    record(
        OrderPaid(
            customer_id=customer_id,
            order_no=order_no,
            amount_minor=1999,
            currency="CNY",
            items=1,
            skus=["a"],
            cause=order_no,
            happened_at=at,
        )
    )


def test_a_timeline_goes_page_by_page_through_all_ids_of_a_person_newest_first():
    for number in range(5):
        pay(7 + number % 2, str(number), NOON + timedelta(hours=number))
    pay(9, "other", NOON)
    drain()

    first = queries.timeline([7, 8], limit=3)
    second = queries.timeline([7, 8], queries.Place(first[-1].happened_at, first[-1].id), limit=3)

    assert [event.facts["order_no"] for event in first + second] == ["4", "3", "2", "1", "0"]
    assert (first[0].amount, first[0].currency) == (1999, "CNY")


def test_events_of_one_moment_are_not_lost_between_pages():
    for number in range(4):
        pay(7, str(number), NOON)
    drain()

    first = queries.timeline([7], limit=2)
    second = queries.timeline([7], queries.Place(first[-1].happened_at, first[-1].id), limit=2)

    assert len({event.id for event in first + second}) == 4


def test_event_names_come_with_their_counts():
    pay(7, "1", NOON)
    pay(7, "2", NOON)
    drain()

    assert queries.event_names() == [queries.NamedCount("commerce.order_paid", 2)]


def test_totals_count_merged_customers_once_and_nobody_not_at_all():
    for customer_id, order_no in [(7, "1"), (8, "2"), (9, "3"), (None, "4")]:
        pay(customer_id, order_no, NOON)
    drain()
    warehouse.run("INSERT INTO events.customers (customer_id, into_id, version) VALUES (7, 7, 1), (8, 7, 1), (9, 9, 1)")

    assert queries.totals() == queries.Totals(events=4, customers=2)
    assert queries.totals(since=NOON + timedelta(hours=1)) == queries.Totals(events=0, customers=0)
    assert queries.totals(name="commerce.order_refunded") == queries.Totals(events=0, customers=0)


def test_the_lag_is_what_was_accepted_and_has_not_arrived():
    pay(7, "1", NOON)
    place = batches.accepted_up_to()

    assert queries.lag().waiting == 1
    assert batches.arrived_up_to() < place

    drain()

    assert queries.lag().waiting == 0
    assert queries.lag().oldest_seconds == 0
    assert queries.lag().last_batch_at is not None
    assert batches.arrived_up_to() == place
