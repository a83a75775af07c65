from datetime import UTC, datetime, timedelta
from datetime import time as clock

import pytest

from homeground.journeys import queries
from homeground.journeys.models import Touch
from tests.journeys import world
from tests.journeys.world import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm")]


def why(monkeypatch, customer, at=NOON, **fields):
    """The reason that the guard gives for one customer; empty: it may go out."""
    campaign = world.frozen(monkeypatch, [customer], at=at, **fields)
    touch = Touch.objects.get(campaign=campaign)
    return touch.reason


def was_sent(customer, at, **fields):
    """An earlier touch of the customer, from another campaign."""
    campaign = world.make_draft()
    defaults = {"channel": "phone", "is_promotion": True, "state": "sent", "due_at": at, "key": world.new_key()}
    return Touch.objects.create(**defaults | {"campaign": campaign, "customer": customer, "sent_at": at} | fields)


def test_somebody_who_agreed_gets_it(monkeypatch):
    assert why(monkeypatch, world.make_customer()) == ""


@pytest.mark.parametrize(
    ("decisions", "reason"),
    [
        ([], "no_consent"),
        ([("*", True, 1)], ""),
        ([("phone", True, 1)], ""),
        ([("email", True, 1)], "no_consent"),
        ([("phone", False, 1)], "opted_out"),
        ([("*", False, 1)], "opted_out"),
        ([("*", True, 1), ("phone", False, 2)], "opted_out"),
        ([("phone", True, 1), ("*", False, 2)], "opted_out"),
        ([("phone", False, 1), ("*", True, 2)], ""),
        ([("phone", False, 1), ("phone", True, 1)], "opted_out"),
        ([("*", True, 1), ("email", False, 2)], ""),
    ],
)
def test_the_newest_word_on_this_channel_counts(monkeypatch, decisions, reason):
    customer = world.make_customer(consent=None)
    for channel, is_granted, day in decisions:
        world.decide(customer, channel=channel, is_granted=is_granted, at=NOON - timedelta(days=10 - day))

    assert why(monkeypatch, customer) == reason


def test_what_an_absorbed_customer_said_counts(monkeypatch):
    survivor = world.make_customer()
    absorbed = world.make_customer(consent=None, phone=False, merged_into=survivor)
    world.decide(absorbed, is_granted=False, at=NOON)

    assert why(monkeypatch, survivor) == "opted_out"


def test_an_absorbed_customers_address_serves(monkeypatch):
    survivor = world.make_customer(phone=False)
    world.make_customer(merged_into=survivor)

    assert why(monkeypatch, survivor) == ""


def test_without_an_address_of_the_channels_kinds_nobody_is_reached(monkeypatch):
    world.make_channel(address_kinds=["openid", "email"])

    assert why(monkeypatch, world.make_customer()) == "no_address"


def test_a_service_message_needs_no_consent_and_no_room_under_the_cap(monkeypatch):
    world.make_cap(most=1)
    customer = world.make_customer(consent=None)
    was_sent(customer, NOON - timedelta(hours=1))

    assert why(monkeypatch, customer, message=world.make_message(is_promotion=False)) == ""


def test_who_wants_no_service_messages_gets_none(monkeypatch):
    customer = world.make_customer(consent=False, purpose="service")

    assert why(monkeypatch, customer, message=world.make_message(is_promotion=False)) == "opted_out"


@pytest.mark.parametrize(("ago", "reason"), [(6.9, "frequency_cap"), (7.0, ""), (7.1, "")])
def test_the_window_of_a_cap_rolls(monkeypatch, ago, reason):
    world.make_cap(days=7, most=1)
    customer = world.make_customer()
    was_sent(customer, NOON - timedelta(days=ago))

    assert why(monkeypatch, customer) == reason


def test_the_figures_behind_a_cap_are_kept(monkeypatch):
    world.make_cap(days=7, most=2)
    world.make_cap(days=30, most=1)
    customer = world.make_customer()
    was_sent(customer, NOON - timedelta(days=3))

    assert why(monkeypatch, customer) == "frequency_cap"
    touch = Touch.objects.get(reason="frequency_cap")
    assert touch.detail == {"had": 1, "most": 1, "days": 30, "channel": "*"}
    assert queries.reason_text(touch.state, touch.reason, touch.detail) == "30 天内已收到 1 条营销信息，上限 1 条"


@pytest.mark.parametrize("state", ["sending", "sent", "delivered", "opened", "clicked", "unknown"])
def test_what_may_have_arrived_counts(monkeypatch, state):
    world.make_cap()
    customer = world.make_customer()
    was_sent(customer, NOON - timedelta(days=1), state=state)

    assert why(monkeypatch, customer) == "frequency_cap"


@pytest.mark.parametrize("fields", [{"state": "failed"}, {"is_promotion": False}])
def test_what_did_not_arrive_or_was_service_does_not_count(monkeypatch, fields):
    world.make_cap()
    customer = world.make_customer()
    was_sent(customer, NOON - timedelta(days=1), **fields)

    assert why(monkeypatch, customer) == ""


def test_caps_are_by_relation(monkeypatch):
    world.make_cap("none", most=1)
    world.make_cap("two_way", most=2)
    weak, strong = world.make_customer(relation="none"), world.make_customer(relation="two_way")
    for customer in (weak, strong):
        was_sent(customer, NOON - timedelta(days=1))

    assert (why(monkeypatch, weak), why(monkeypatch, strong)) == ("frequency_cap", "")


def test_a_cap_of_one_channel_counts_that_channel_alone(monkeypatch):
    world.make_cap(channel="phone", most=1)
    customer = world.make_customer()
    was_sent(customer, NOON - timedelta(days=1), channel="email")
    assert why(monkeypatch, customer) == ""

    was_sent(customer, NOON - timedelta(days=1), channel="phone")
    assert why(monkeypatch, customer) == "frequency_cap"


def test_a_cap_of_none_closes_the_channel_to_a_relation(monkeypatch):
    world.make_cap("none", channel="phone", most=0)

    assert why(monkeypatch, world.make_customer()) == "frequency_cap"


def test_touches_of_absorbed_customers_count_too(monkeypatch):
    world.make_cap()
    survivor = world.make_customer()
    was_sent(world.make_customer(merged_into=survivor), NOON - timedelta(days=1))

    assert why(monkeypatch, survivor) == "frequency_cap"


def test_a_newer_row_replaces_a_cap_and_a_future_one_does_not_yet(monkeypatch):
    customer = world.make_customer()
    was_sent(customer, NOON - timedelta(days=1))
    world.make_cap(most=1)
    world.make_cap(most=5, valid_from=NOON - timedelta(days=1))
    world.make_cap(most=0, valid_from=NOON + timedelta(days=1))

    assert why(monkeypatch, customer) == ""


def test_an_empty_maximum_lifts_a_cap(monkeypatch):
    customer = world.make_customer()
    was_sent(customer, NOON - timedelta(days=1))
    world.make_cap(most=1)
    world.make_cap(most=None, valid_from=NOON - timedelta(days=1))

    assert why(monkeypatch, customer) == ""


def test_promotion_is_no_more_than_its_share_of_what_a_person_gets(monkeypatch):
    world.make_share(bp=5000, days=30, least=3)
    fine, crowded = world.make_customer(), world.make_customer()
    for ago, is_promotion in ((1, False), (2, False), (3, True)):
        was_sent(fine, NOON - timedelta(days=ago), is_promotion=is_promotion)
    for ago, is_promotion in ((1, False), (2, True)):
        was_sent(crowded, NOON - timedelta(days=ago), is_promotion=is_promotion)

    assert (why(monkeypatch, fine), why(monkeypatch, crowded)) == ("", "promotion_share")


def test_the_first_reason_of_the_fixed_order_counts(monkeypatch):
    world.make_cap(most=0)
    world.make_quiet(starts=clock(0), ends=clock(23, 59))

    assert why(monkeypatch, world.make_customer(consent=False, phone=False)) == "opted_out"
    assert why(monkeypatch, world.make_customer(consent=None, phone=False)) == "no_consent"
    assert why(monkeypatch, world.make_customer(phone=False)) == "no_address"
    assert why(monkeypatch, world.make_customer()) == "frequency_cap"


def utc(month, day, hour, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        ("", utc(3, 10, 4), None),  # Noon in Shanghai.
        ("", utc(3, 10, 13), utc(3, 11, 1)),  # 21:00 there: until 9 the next morning.
        ("", utc(3, 10, 12, 59), None),
        ("", utc(3, 10, 17), utc(3, 11, 1)),  # 01:00 on the 11th: until 9 the same morning.
        ("", utc(3, 11, 1), None),  # 09:00 sharp.
        ("America/New_York", utc(3, 10, 4), utc(3, 10, 13)),  # Midnight in summer time.
        ("America/New_York", utc(3, 8, 4), utc(3, 8, 13)),  # 23:00 before the clocks go forward: 9 is an hour nearer.
        ("America/New_York", utc(11, 1, 3), utc(11, 1, 14)),  # 23:00 before they go back: 9 is an hour farther.
        ("No/Where", utc(3, 10, 4), None),  # Unknown: the brand's.
    ],
)
def test_quiet_hours_end_by_the_customers_clock(monkeypatch, zone, at, until):
    world.make_quiet()

    campaign = world.frozen(monkeypatch, [world.make_customer(time_zone=zone)], at=at)

    touch = Touch.objects.get(campaign=campaign)
    assert (touch.state, touch.due_at) == (("deferred", until) if until else ("queued", at))


@pytest.mark.parametrize(
    ("ends", "at", "until"),
    [
        (clock(2, 30), utc(3, 8, 6), utc(3, 8, 7, 30)),  # 02:30 does not exist that night: it is 03:30.
        (clock(1, 30), utc(11, 1, 5), utc(11, 1, 6, 30)),  # 01:30 comes twice: the second.
    ],
)
def test_a_window_that_ends_where_clocks_jump_ends_at_the_later_reading(monkeypatch, ends, at, until):
    world.make_quiet(ends=ends)

    campaign = world.frozen(monkeypatch, [world.make_customer(time_zone="America/New_York")], at=at)

    assert Touch.objects.get(campaign=campaign).due_at == until


def test_a_channels_own_quiet_hours_come_before_the_general(monkeypatch):
    world.make_quiet(starts=clock(0), ends=clock(23))
    world.make_quiet(starts=clock(0), ends=clock(0), channel="phone")

    assert why(monkeypatch, world.make_customer()) == ""
