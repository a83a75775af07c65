"""The way by channel: the first that reaches a customer now, in one statement for all; and a test run that says why."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from homeground.channels.models import Channel
from homeground.core import time
from homeground.journeys.graph.nodes import ChooseChannel
from homeground.journeys.services import publishing
from homeground.journeys.services.reaching import reach
from homeground.journeys.services.walking.branching import channel_ways
from homeground.journeys.services.walking.engine import walk
from homeground.people.models import Consent, Identity
from tests.journeys.engine import END, let_in, make_journey, many_customers, path
from tests.journeys.test_guard import was_sent
from tests.journeys.test_quota import make_friend
from tests.journeys.world import LONG_AGO, NOON, decide, make_channel, make_customer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _channels(calm):
    make_channel("email", "email", address_kinds=["email"])
    make_channel("wecom", "wecom_mass", address_kinds=["wecom_external"])
    make_channel("moments", "wecom_moments", address_kinds=["wecom_external"])


def node(*channels, **more):
    ways = [{"channel": one, "next": END} for one in channels]
    return {"kind": "channel", "name": "选渠道", "ways": ways, "otherwise": END} | more


def way_of(customer, *channels, **more):
    (way,) = channel_ways(ChooseChannel(**node(*channels, **more)), [customer.pk], NOON)
    return way


def reader(**fields):
    """A customer with a phone and an email address."""
    customer = make_customer(**fields)
    Identity.objects.create(customer=customer, kind="email", value=f"{customer.pk}@example.com")
    return customer


def test_walkers_take_the_first_channel_that_reaches_them():
    both, phone, friend, nobody = reader(), make_customer(), make_friend(), make_customer(phone=False)
    journey = make_journey({"c": node("wecom", "email", "phone")})

    walks = let_in(journey, both, phone, friend, nobody)
    walk(journey.pk, NOON)

    assert [path(one)[0][1] for one in walks] == ["email", "phone", "wecom", "otherwise"]


def test_a_channel_that_is_off_or_gone_reaches_nobody():
    customer = reader()
    assert way_of(customer, "email", "phone") == "email"

    Channel.objects.filter(slug="email").update(is_enabled=False)
    assert way_of(customer, "email", "phone") == "phone"
    Channel.objects.filter(slug="phone").delete()
    assert way_of(customer, "email", "phone") == "otherwise"
    found = reach(ChooseChannel(**node("email", "phone")), customer.pk, NOON)
    assert [(one.channel, one.reason) for one in found] == [("email", "off"), ("phone", "off")]


@pytest.mark.parametrize(
    ("decisions", "way"),
    [
        ([], "email"),  # Never asked is no refusal.
        ([("email", False, 0)], "phone"),
        ([("email", False, 0), ("*", True, 1)], "email"),
        ([("*", True, 0), ("email", False, 0)], "phone"),  # Of two at one moment, the withdrawal.
        ([("phone", False, 0)], "email"),
        ([("*", False, 0)], "otherwise"),
        ([("*", False, 0), ("phone", True, 1)], "phone"),
    ],
)
def test_a_channel_that_they_opted_out_of_is_passed_over(decisions, way):
    customer = reader(consent=None)
    for channel, is_granted, days in decisions:
        decide(customer, channel=channel, is_granted=is_granted, at=LONG_AGO + days * DAY)

    assert way_of(customer, "email", "phone") == way


def test_before_promotions_only_a_channel_that_they_agreed_to_will_do():
    asked, unasked = reader(consent=True, channel="phone"), reader(consent=None)

    assert way_of(asked, "email", "phone") == "email"
    assert way_of(asked, "email", "phone", for_promotions=True) == "phone"
    assert way_of(unasked, "email", "phone", for_promotions=True) == "otherwise"


def test_who_wants_no_wecom_messages_wants_no_moments_either():
    friend = make_friend()
    assert way_of(friend, "moments") == "moments"

    decide(friend, channel="wecom", is_granted=False, at=NOON)

    assert way_of(friend, "moments") == "otherwise"


def test_all_ids_of_a_person_are_one():
    survivor = make_customer(phone=False, consent=None)
    absorbed = reader(merged_into=survivor)
    was_sent(absorbed, NOON - DAY, answered_at=NOON - DAY)
    assert way_of(survivor, "email", "phone") == "email"
    assert way_of(survivor, "email", "phone", answered_first=True) == "phone"

    decide(absorbed, channel="phone", is_granted=False, at=NOON)

    assert way_of(survivor, "email", "phone", answered_first=True) == "email"


@pytest.mark.parametrize(
    ("touches", "way"),
    [
        ([], "email"),
        ([("phone", "answered_at", 10)], "phone"),
        ([("phone", "answered_at", 181)], "email"),
        ([("phone", "delivered_at", 10)], "email"),
        ([("phone", "opened_at", 10), ("email", "clicked_at", 9)], "email"),
        ([("phone", "clicked_at", 9), ("email", "answered_at", 10)], "phone"),
        ([("wecom", "answered_at", 1), ("phone", "opened_at", 10)], "phone"),  # Friends no more.
    ],
)
def test_the_channel_they_answered_on_last_goes_first_where_that_is_asked(touches, way):
    customer = reader()
    for channel, what, days in touches:
        was_sent(customer, NOON - 200 * DAY, channel=channel, **{what: NOON - days * DAY})

    assert way_of(customer, "wecom", "email", "phone", answered_first=True) == way
    assert way_of(customer, "wecom", "email", "phone") == "email"


def test_a_whole_batch_is_asked_in_one_statement():
    customers = [one.pk for one in many_customers(5000)]
    Identity.objects.bulk_create(
        Identity(customer_id=pk, kind="phone" if pk % 2 else "email", value=f"{pk}") for pk in customers
    )
    Consent.objects.bulk_create(
        Consent(customer_id=pk, purpose="promotion", channel="phone", is_granted=False, proof={}, decided_at=NOON)
        for pk in customers
        if not pk % 3
    )
    step = ChooseChannel(**node("wecom", "phone", "email", answered_first=True))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        ways = channel_ways(step, [*customers, customers[0]], NOON)

    assert len([one for one in asked.captured_queries if "judged" in one["sql"]]) == 1
    assert len(asked) <= 3  # The channels themselves.
    expected = {pk: "email" if pk % 2 == 0 else "phone" if pk % 3 else "otherwise" for pk in customers}
    assert ways == [expected[pk] for pk in [*customers, customers[0]]]


def test_a_test_run_says_of_each_channel_why(client):
    client.force_login(User.objects.create_superuser("op", password="x"))
    customer = make_customer()
    was_sent(customer, time.now() - DAY, clicked_at=time.now() - DAY)
    decide(customer, channel="moments", is_granted=False, at=time.now())
    draft = {
        "entries": [{"by": "hand"}],
        "variants": [{"name": "全部", "share_bp": 10_000, "start": "c"}],
        "nodes": {"c": node("email", "moments", "phone", answered_first=True)},
    }
    journey = publishing.create(name="试", link="convert", by="op", draft=draft, holdout_bp=0)

    answer = client.get(reverse("journey:rehearse", args=[journey.slug]) + f"?q={customer.pk}")

    (line,) = answer.context["steps"]
    assert [(one["channel"], one["why"]) for one in line["reach"]] == [
        ("phone", ""), ("email", "没有可用地址"), ("moments", "已退订"),
    ]  # fmt: skip
    assert line["way"] == "phone"
    assert "最近有回应" in answer.content.decode()
