"""Behaviour by segment and by cohort, from events on the stream."""

from datetime import date

import pytest
from django.urls import reverse

from homeground.events import warehouse
from homeground.events.catalog.channels import MessageClicked
from homeground.events.catalog.commerce import OrderRefunded
from homeground.events.catalog.people import ConsentWithdrawn
from homeground.insights.queries.behaviour import by_segment, cohorts
from homeground.segments.models import Segment
from tests.insights.test_loop import SINCE, UNTIL, known, message, on_day, order, tell
from tests.insights.test_pages import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def segment(members: list[int], old: list[int] = ()) -> Segment:
    made = Segment.objects.create(slug="s", name="常客", is_dynamic=False, generation=2, last_generation=2)
    rows = [[made.pk, 2, one] for one in members] + [[made.pk, 1, one] for one in old]
    warehouse.insert("segment_members", ["segment_id", "generation", "customer_id"], rows)
    return made


def test_shares_are_of_the_members_of_the_newest_generation():
    segment([1, 2, 3, 4], old=[9])
    known(5, -100, into=4)
    tell(
        order(1, 2, 900),
        order(1, -20),
        order(9, 3),
        order(5, 4, 300),
        message(MessageClicked, 2, 5, url="u"),
        ConsentWithdrawn(customer_id=3, purpose="promotion", channel="*", happened_at=on_day(6)),
    )

    (row,) = by_segment(SINCE, UNTIL)

    assert (row.members, row.took_part, row.bought, row.clicked, row.opted_out) == (4, 3, 2, 1, 1)
    assert (row.participation, row.conversion, row.minor_a_member) == (0.75, 0.5, 300)


def test_a_segment_that_was_never_computed_is_not_shown():
    Segment.objects.create(slug="s", name="新人群", is_dynamic=False)

    assert by_segment(SINCE, UNTIL) == []


def test_cohorts_are_the_months_of_first_orders_with_who_came_back():
    tell(
        order(1, -70, 1000),
        order(1, 5, 500),
        order(2, -70, 1000),
        order(3, 6, 800),
        order(3, 7, 200),
        OrderRefunded(customer_id=2, refund_no="r", amount_minor=400, currency="CNY", skus=[], happened_at=on_day(8)),
    )

    first, second = cohorts(UNTIL)

    assert (first.month, first.people, list(first.shares)) == (date(2025, 12, 1), 2, [1, 0, 0, 0.5])
    assert list(first.minor_a_person) == [1000, 1000, 1000, 1050]
    assert (second.month, second.people, list(second.shares)) == (date(2026, 3, 1), 1, [1])


def test_the_page_shows_both_and_teaches_when_empty(client):
    sign_in(client, "insights.view_review")
    address = reverse("insights:behaviour")
    assert "还没有订单" in client.get(address).content.decode()

    segment([1, 2])
    tell(order(1, 2), order(1, 60))

    page = client.get(address, {"days": "30"}).content.decode()
    assert "常客" in page
    assert "50.0%" in page
    assert client.get(address, {"days": "²"}).status_code == 200


def test_a_stranger_may_not_see_behaviour(client):
    sign_in(client)

    assert client.get(reverse("insights:behaviour")).status_code == 403
