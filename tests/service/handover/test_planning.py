"""Planning a handover: the first rule that fits, level shares, nothing asked of the platform."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from homeground.people.models import Customer, Tag
from homeground.service.errors import HandoverRefused
from homeground.service.models import Capacity, Handover, HandoverItem, HandoverRule
from homeground.service.services.handover import (
    Rule,
    cancel_handover,
    discard_handover,
    plan_handover,
    start_handover,
)
from tests.service.handover.world import NOON, make_friend, make_friends, make_group, make_staff, rest

pytestmark = pytest.mark.django_db


def takers(handover: Handover) -> Counter[str]:
    return Counter(handover.items.filter(contact__isnull=False).values_list("taker__userid", flat=True))


def test_every_open_customer_gets_a_row_and_ended_ones_none():
    giver, taker = make_staff("giver"), make_staff("taker")
    make_friends(giver, 3)
    gone = make_friend(giver)
    gone.follows.update(ended_at=NOON, ending="by_customer")

    handover = plan_handover(giver, [rest(taker)], by="boss", at=NOON)

    assert (handover.kind, handover.state, handover.made_by) == ("serving", "draft", "boss")
    assert takers(handover) == {"taker": 3}


def test_the_first_rule_that_fits_counts_and_the_rest_stays_without_a_rule_for_it():
    giver, vip, buyers = make_staff("giver"), make_staff("vip"), make_staff("buyers")
    tag = Tag.objects.create(name="会员")
    both = make_friend(giver, tag=tag, ordered_at=NOON - timedelta(days=5))
    make_friend(giver, ordered_at=NOON - timedelta(days=29))
    make_friend(giver, ordered_at=NOON - timedelta(days=31))

    handover = plan_handover(
        giver,
        [Rule(HandoverRule.Basis.TAG, [vip], tag=tag), Rule(HandoverRule.Basis.ORDERED, [buyers], days=30)],
        at=NOON,
    )

    assert takers(handover) == {"vip": 1, "buyers": 1}
    assert handover.items.get(contact=both).taker == vip


def test_tags_and_orders_of_an_absorbed_customer_count():
    giver, vip = make_staff("giver"), make_staff("vip")
    tag = Tag.objects.create(name="会员")
    contact = make_friend(giver)
    absorbed = make_friend(make_staff("other"), tag=tag)
    Customer.objects.filter(pk=absorbed.customer_id).update(merged_into=contact.customer_id)

    assert takers(plan_handover(giver, [Rule(HandoverRule.Basis.TAG, [vip], tag=tag)], at=NOON)) == {"vip": 1}


def test_friends_come_out_level_by_what_each_has_room_for():
    giver, free, busy, half = (make_staff(name) for name in ("giver", "free", "busy", "half"))
    make_friends(giver, 30)
    make_friends(busy, 25)
    Capacity.objects.create(staff=half, minutes=120, weekdays=[1])  # The usual is 240.

    # 55 friends over 2.5 shares: 22 each and 11; the busy one is above that already, so 30 over 1.5 shares.
    assert takers(plan_handover(giver, [rest(free, busy, half)], at=NOON)) == {"free": 20, "half": 10}


def test_whoever_has_no_minutes_gets_nobody_while_another_has():
    giver, away, here = make_staff("giver"), make_staff("away"), make_staff("here")
    make_friends(giver, 5)
    Capacity.objects.create(staff=away, minutes=0, weekdays=[1])

    assert takers(plan_handover(giver, [rest(away, here)], at=NOON)) == {"here": 5}


def test_groups_are_dealt_out_one_by_one_if_asked_for():
    giver, one, two = make_staff("giver"), make_staff("one"), make_staff("two")
    make_friend(giver)
    for _group in range(3):
        make_group(giver)

    with_groups = plan_handover(giver, [rest(one, two)], at=NOON)
    assert Counter(with_groups.items.filter(chat__isnull=False).values_list("taker__userid", flat=True)) == {
        "one": 2,
        "two": 1,
    }
    discard_handover(with_groups.pk)
    assert not plan_handover(giver, [rest(one)], gives_groups=False, at=NOON).items.filter(chat__isnull=False)


def test_a_customer_handed_over_twice_in_ninety_days_is_not_asked_again():
    giver, taker = make_staff("giver"), make_staff("taker")
    often, once = make_friend(giver), make_friend(giver)
    for contact, days in [(often, 10), (often, 89), (once, 10), (once, 91)]:
        earlier = Handover.objects.create(giver=taker, kind="serving", made_by="x", state="done", ended_at=NOON)
        HandoverItem.objects.create(
            handover=earlier, contact=contact, taker=giver, state="done", ended_at=NOON - timedelta(days=days)
        )

    handover = plan_handover(giver, [rest(taker)], at=NOON)

    assert handover.items.get(contact=often).state == "too_often"
    assert handover.items.get(contact=once).state == "planned"


def test_who_has_left_gives_those_whom_the_platform_lists(wecom, platform):
    giver, taker = make_staff("giver", is_active=False), make_staff("taker")
    mine, _other = make_friend(giver), make_friend(giver)
    platform.answers["externalcontact/get_unassigned_list"] = {
        "info": [
            {"handover_userid": "GIVER", "external_userid": mine.external_userid},
            {"handover_userid": "somebody", "external_userid": "wmX"},
            {"handover_userid": "giver", "external_userid": "wmUnknown"},
        ],
        "is_last": True,
    }

    handover = plan_handover(giver, [rest(taker)], at=NOON)

    assert handover.kind == "left"
    assert [item.contact for item in handover.items.all()] == [mine]


@pytest.mark.parametrize("case", ["nobody", "self", "left", "long", "nothing"])
def test_what_cannot_be_is_refused_and_nothing_is_written(case):
    giver, taker = make_staff("giver"), make_staff("taker", is_active=case != "left")
    if case != "nothing":
        make_friend(giver)
    rules = {"nobody": [], "self": [rest(giver)]}.get(case, [rest(taker)])

    with pytest.raises(HandoverRefused):
        plan_handover(giver, rules, message="您好" * 101 if case == "long" else "", at=NOON)

    assert not Handover.objects.exists()


def test_one_member_has_one_handover_at_a_time():
    giver, taker = make_staff("giver"), make_staff("taker")
    make_friend(giver)
    first = plan_handover(giver, [rest(taker)], at=NOON)

    with pytest.raises(HandoverRefused, match="还没有结束"):
        plan_handover(giver, [rest(taker)], at=NOON)

    cancel_handover(first.pk, NOON)
    plan_handover(giver, [rest(taker)], at=NOON)


def test_a_draft_can_be_thrown_away_and_a_begun_one_not():
    giver, taker = make_staff("giver"), make_staff("taker")
    make_friend(giver)
    handover = plan_handover(giver, [rest(taker)], at=NOON)
    start_handover(handover.pk, NOON)

    with pytest.raises(HandoverRefused):
        discard_handover(handover.pk)
    assert start_handover(handover.pk).began_at == NOON  # A repeat.


def test_an_ended_one_does_not_begin_again():
    giver, taker = make_staff("giver"), make_staff("taker")
    make_friend(giver)
    handover = plan_handover(giver, [rest(taker)], at=NOON)
    cancel_handover(handover.pk, NOON)
    cancel_handover(handover.pk, NOON)

    with pytest.raises(HandoverRefused):
        start_handover(handover.pk)
    assert set(handover.items.values_list("state", flat=True)) == {"cancelled"}


def test_the_table_refuses_a_row_of_two_things_and_a_second_of_one():
    giver, taker = make_staff("giver"), make_staff("taker")
    contact, chat = make_friend(giver), make_group(giver)
    handover = plan_handover(giver, [rest(taker)], at=NOON)

    for fields in ({"contact": contact, "chat": chat}, {}, {"contact": contact}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandoverItem.objects.create(handover=handover, taker=taker, **fields)
