"""The five links on the home page: every number with its denominator, nothing invented."""

from datetime import UTC, date, datetime, timedelta

import pytest

from homeground.events import warehouse
from homeground.events.catalog.channels import MessageClicked, MessageRefused, MessageSent
from homeground.events.catalog.commerce import OrderPaid, OrderRefunded
from homeground.events.catalog.journeys import JourneyEntered, JourneyLeft
from homeground.events.catalog.people import ConsentWithdrawn
from homeground.events.catalog.service import CustomerAnswered, TicketOpened
from homeground.events.catalog.wecom import FriendAdded, FriendRemovedByCustomer
from homeground.events.services import record
from homeground.insights.queries import days_with_data, loop
from homeground.journeys.models import Campaign, Journey, Version
from tests.journeys import world
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)
SINCE, UNTIL = date(2026, 3, 11), date(2026, 3, 20)
DAY = datetime(2026, 3, 11, 4, tzinfo=UTC)  # Noon in Shanghai on the first day.
_COLUMNS = ["customer_id", "into_id", "created_at", "source", "version", "is_deleted"]


def on_day(day: int) -> datetime:
    return DAY + timedelta(days=day - 1)


def order(customer_id: int, day: int, amount: int = 1000) -> OrderPaid:
    return OrderPaid(
        customer_id=customer_id,
        order_no=f"{customer_id}:{day}",
        amount_minor=amount,
        currency="CNY",
        items=1,
        skus=["a"],
        happened_at=on_day(day),
    )


def message(kind, customer_id: int, day: int, campaign_id: int | None = None, **more):
    at = on_day(day)
    return kind(customer_id=customer_id, touch_id=1, channel="phone", campaign_id=campaign_id, happened_at=at, **more)


def known(customer_id: int, day: int, source: str = "qr", into: int | None = None) -> None:
    warehouse.insert("customers", _COLUMNS, [[customer_id, into or customer_id, on_day(day), source, 1, 0]])


def tell(*facts) -> None:
    record(*facts)
    drain()


def link(key: str):
    return next(each for each in loop(SINCE, UNTIL).links if each.key == key)


def test_the_five_links_come_in_their_order_and_the_last_says_that_it_is_not_in_use():
    found = loop(SINCE, UNTIL)

    assert [each.key for each in found.links] == ["acquire", "retain", "activate", "convert", "refer"]
    refer = found.links[-1]
    assert not refer.is_enabled
    assert refer.people_in.value is None
    assert refer.note
    assert len(found.days) == 10


def test_an_empty_deployment_counts_nothing_and_divides_by_nothing():
    found = loop(SINCE, UNTIL)

    assert [each.people_in.value for each in found.links] == [0, 0, 0, 0, None]
    assert found.links[3].people_out.share is None
    assert days_with_data() is None


def test_buyers_orders_and_money_of_the_span_stand_beside_those_before():
    tell(
        order(1, 1),
        order(1, 10, 500),
        order(2, 3),
        order(2, -3, 700),
        order(3, 11),
        OrderRefunded(customer_id=1, refund_no="r", amount_minor=300, currency="CNY", skus=[], happened_at=on_day(9)),
    )

    convert = link("convert")

    counts = {count.key: count for count in [*convert.details, *convert.harm]}
    assert (convert.people_out.value, convert.people_out.before) == (2, 1)
    assert (counts["orders"].value, counts["orders"].before) == (3, 1)
    assert counts["net"].value == 2200
    assert counts["from_new"].value == 1500
    assert counts["refunded"].value == 300
    assert convert.series == [1, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert days_with_data() == (date(2026, 3, 7), date(2026, 3, 21))


def test_who_stayed_is_counted_among_those_who_were_there():
    tell(order(1, -5), order(2, -5), order(2, 5), order(3, 5))

    retain, existing = link("retain"), {count.key: count for count in loop(SINCE, UNTIL).existing}

    assert (retain.people_in.value, retain.people_out.value, retain.people_out.share) == (2, 1, 0.5)
    assert (existing["bought_ever"].value, existing["came_back"].value) == (2, 1)


def test_what_we_do_to_people_is_no_act_of_theirs():
    tell(message(MessageSent, 1, 2), message(MessageSent, 2, 2), message(MessageClicked, 1, 3, url="u"))

    retain, activate = link("retain"), link("activate")

    assert next(count for count in retain.details if count.key == "active").value == 1
    assert (activate.people_in.value, activate.people_out.value) == (2, 1)


def test_cost_and_harm_stand_beside_the_gain():
    campaign = world.make_draft(link="activate", touch_cost_minor=5)
    tell(
        *(message(MessageSent, one, 2, campaign.pk) for one in (1, 2, 3)),
        message(MessageRefused, 1, 3, campaign.pk, reason="blocked"),
        ConsentWithdrawn(customer_id=2, purpose="promotion", channel="*", happened_at=on_day(4)),
        ConsentWithdrawn(customer_id=3, purpose="service", channel="*", happened_at=on_day(4)),
    )

    activate = link("activate")

    assert activate.cost.value == 15
    assert activate.campaigns == 1
    assert {count.key: count.value for count in activate.harm} == {"opted_out": 1, "refused": 1}
    assert all(count.of == 3 for count in activate.harm)


def test_new_customers_are_counted_once_by_source_with_those_who_bought():
    for one, day, source in ((1, 1, "qr"), (2, 4, "shop"), (3, -2, "qr")):
        known(one, day, source)
    known(4, 2, "qr", into=1)
    tell(order(4, 5))

    acquire = link("acquire")

    assert (acquire.people_in.value, acquire.people_in.before, acquire.people_out.value) == (2, 1, 1)
    assert {count.key: count.value for count in acquire.details} == {"befriended": 0, "source:qr": 1, "source:shop": 1}
    assert acquire.series[:4] == [1, 0, 0, 1]


def test_who_removes_us_or_complains_is_harm_and_who_serves_is_no_act():
    campaign = world.make_draft(link="activate")
    tell(
        message(MessageSent, 1, 2, campaign.pk),
        FriendAdded(customer_id=1, userid="amy", happened_at=on_day(2)),
        FriendRemovedByCustomer(customer_id=2, userid="amy", happened_at=on_day(3)),
        TicketOpened(customer_id=3, ticket_id=1, queue="after_sales", is_complaint=True, happened_at=on_day(3)),
        TicketOpened(customer_id=4, ticket_id=2, queue="after_sales", happened_at=on_day(3)),
        CustomerAnswered(customer_id=5, userid="amy", place="chat", waited_seconds=60, happened_at=on_day(3)),
    )

    acquire = {count.key: count.value for count in link("acquire").details}
    retain = {count.key: count.value for count in [*link("retain").details, *link("retain").harm]}
    assert acquire["befriended"] == 1
    assert (retain["refused"], retain["active"]) == (2, 1)


def test_journeys_count_in_their_link_with_entries_goals_cost_and_harm():
    made = Journey.objects.create(slug="second", name="首单后复购", link="convert", draft={})
    version = Version.objects.create(journey=made, number=1, graph={}, is_promotion=True, published_at=on_day(1))
    step = world.make_draft(
        link="convert", touch_cost_minor=3, segment=None, version=version, node="hi", state="sending",
        frozen_at=on_day(1), audience_size=0,
    )  # fmt: skip
    entry = {"journey": "second", "version": 1, "enrolment_id": 1, "variant": "a"}
    left = {"journey": "second", "enrolment_id": 1, "ending": "goal"}
    tell(
        *(JourneyEntered(customer_id=one, arm="treated", happened_at=on_day(2), **entry) for one in (1, 2, 3)),
        JourneyEntered(customer_id=4, arm="holdout", happened_at=on_day(2), **entry),
        JourneyEntered(customer_id=5, arm="treated", happened_at=on_day(-2), **entry),
        JourneyLeft(customer_id=1, happened_at=on_day(3), **left),
        *(message(MessageSent, one, 2, step.pk) for one in (1, 2)),
        message(MessageRefused, 2, 3, step.pk, reason="blocked"),
    )

    convert = link("convert")

    counts = {count.key: count.value for count in [*convert.details, *convert.harm]}
    assert (convert.journeys, convert.campaigns, convert.cost.value) == (1, 0, 6)
    assert (counts["walked"], counts["reached"], counts["walked_refused"]) == (3, 1, 1)
    assert "walked" not in {count.key for count in link("retain").details}
    assert Campaign.objects.planned().count() == 0
