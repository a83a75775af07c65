"""A reply or a purchase shows that what came before was welcome: it weighs no more, but for the last hours."""

from datetime import timedelta

import pytest

from homeground.journeys import services
from homeground.journeys.errors import BadPolicy
from homeground.journeys.models import Restoration
from homeground.service.models import LastTalk
from homeground.wecom.models import ExternalContact, Staff
from tests.journeys import world
from tests.journeys.test_guard import was_sent, why
from tests.journeys.test_quota import make_friend
from tests.journeys.world import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm")]
DAY = timedelta(days=1)


def restores(*, by_reply=True, by_purchase=True, fresh_hours=24, **more):
    fields = {"valid_from": world.LONG_AGO, "source": "test", "set_by": "test"} | more
    return Restoration.objects.create(by_reply=by_reply, by_purchase=by_purchase, fresh_hours=fresh_hours, **fields)


def full(ago=3 * DAY, **fields):
    """A customer who bears no more this week, by one promotion so long ago."""
    world.make_cap(days=7, most=1)
    customer = world.make_customer()
    was_sent(customer, NOON - ago, **fields)
    return customer


@pytest.mark.parametrize(("ordered", "reason"), [(2 * DAY, ""), (4 * DAY, "frequency_cap"), (-DAY, "frequency_cap")])
def test_a_purchase_after_it_restores(monkeypatch, ordered, reason):
    restores()
    customer = full()
    world.make_order(customer, NOON - ordered)

    assert why(monkeypatch, customer) == reason


def test_an_answer_to_the_message_restores(monkeypatch):
    restores()

    assert why(monkeypatch, full(answered_at=NOON - 2 * DAY)) == ""


@pytest.mark.parametrize(("heard", "reason"), [(2 * DAY, ""), (4 * DAY, "frequency_cap")])
def test_a_word_to_a_member_of_staff_restores(monkeypatch, heard, reason):
    restores()
    customer = make_friend(full())
    contact, staff = ExternalContact.objects.get(customer=customer), Staff.objects.get()
    LastTalk.objects.create(contact=contact, staff=staff, heard_at=NOON - heard)

    assert why(monkeypatch, customer) == reason


def test_what_came_after_it_weighs(monkeypatch):
    restores()
    customer = full()
    world.make_order(customer, NOON - 2 * DAY)
    was_sent(customer, NOON - timedelta(hours=47))

    assert why(monkeypatch, customer) == "frequency_cap"


def test_the_fresh_always_weigh(monkeypatch):
    restores(fresh_hours=24)
    customer = full(ago=timedelta(hours=23))
    world.make_order(customer, NOON - timedelta(hours=22))

    assert why(monkeypatch, customer) == "frequency_cap"


@pytest.mark.parametrize(("switched", "reason"), [({"by_reply": False}, ""), ({"by_purchase": False}, "frequency_cap")])
def test_each_has_its_switch(monkeypatch, switched, reason):
    restores(**switched)
    customer = full()
    world.make_order(customer, NOON - 2 * DAY)

    assert why(monkeypatch, customer) == reason


def test_without_a_rule_nothing_restores(monkeypatch):
    customer = full()
    world.make_order(customer, NOON - 2 * DAY)

    assert why(monkeypatch, customer) == "frequency_cap"


def test_what_an_absorbed_customer_bought_restores(monkeypatch):
    restores()
    customer = full()
    world.make_order(world.make_customer(merged_into=customer), NOON - 2 * DAY)

    assert why(monkeypatch, customer) == ""


def test_the_share_of_promotions_stays_what_it_is(monkeypatch):
    restores()
    world.make_share(bp=5000, least=2)
    customer = world.make_customer()
    was_sent(customer, NOON - 3 * DAY)
    world.make_order(customer, NOON - 2 * DAY)

    assert why(monkeypatch, customer) == "promotion_share"


def test_a_row_without_a_source_is_refused():
    with pytest.raises(BadPolicy):
        services.add_policy(
            Restoration(by_reply=False, by_purchase=False, fresh_hours=24, source="", valid_from=NOON, set_by="op"),
            at=NOON,
        )

    assert not Restoration.objects.exists()
