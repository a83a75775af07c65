"""Counts of doors and sources with their denominators, and the alarms; costs to the cent."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as generated
from hypothesis import strategies as some

from homeground.growth.errors import BadCosts, BadSource
from homeground.growth.models import Source, SourceCost
from homeground.growth.queries import funnel, value
from homeground.growth.services import arrivals, openings, sources
from homeground.growth.views.laying import funnel_of
from homeground.people.models import Customer
from homeground.wecom.models import GroupMember
from tests.growth import world
from tests.growth.world import (
    NOON,
    added,
    joined,
    make_customer,
    make_door,
    make_follow,
    make_group,
    make_order,
    make_source,
    make_staff,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MARCH = date(2026, 3, 1), date(2026, 3, 31)


@pytest.fixture
def ann(db):
    return make_staff("Ann")


def test_a_live_code_from_opened_to_gone(ann):
    door = make_door(staff_ids=(ann.pk,), order_days=7)
    for _phone in range(5):
        openings.count_opening(door, NOON)
    people = [make_customer() for _person in range(4)]
    arrivals.note_arrivals([added(person, door, "ann") for person in people])
    arrivals.note_arrivals([added(people[0], door, "ann", NOON + DAY)])  # The same person again.
    contact = make_follow(people[0], ann).contact
    GroupMember.objects.create(
        chat=make_group("群"), member_id=contact.external_userid, is_external=True, joined_at=NOON + DAY
    )
    make_order(people[0], NOON + DAY)
    make_order(people[1], NOON - DAY)
    make_order(people[2], NOON + 8 * DAY)
    arrivals.note_departures([world.event("wecom.friend_removed_by_customer", people[3], NOON + DAY, userid="ann")])

    found = funnel.passages([door], *MARCH, at=NOON + 30 * DAY)[door.pk]

    assert found.total == funnel.Steps(
        opened=5, requested=0, came=4, friends=4, grouped=1, ordered=1, gone=1, gone_by_customer=1
    )
    assert found.staff == {"ann": funnel.Steps(0, 4, 4, 1, 1, 1, 1)}
    assert found.days == {date(2026, 3, 10): found.total}


def test_of_those_who_joined_a_group_some_become_friends(ann):
    """M56: the pass rate of a fission."""
    chat = make_group("群")
    door = make_door(kind="group_code", groups=(world.group(chat),))
    people = [make_customer() for _person in range(5)]
    arrivals.note_arrivals([joined(person, door, chat) for person in people])
    make_follow(people[0], ann, NOON + DAY)
    make_follow(people[1], ann, NOON + DAY, is_pending=True)  # Asked, and nobody has said yes.
    make_follow(people[2], ann, NOON - 9 * DAY, ended_at=NOON - DAY, ending="by_customer")  # Had gone before.

    total = funnel.passages([door], *MARCH, at=NOON + DAY)[door.pk].total

    assert (total.came, total.grouped, total.friends) == (5, 5, 1)


def test_of_those_who_asked_some_are_accepted(ann):
    """M56 where friends are asked for and the platform tells of it."""
    door = make_door(staff_ids=(ann.pk,), skip_verify=True, skip_reason="展会")
    people = [make_customer() for _person in range(3)]
    arrivals.note_arrivals(
        [world.event("wecom.friend_requested", one, NOON, userid="ann", state=door.token) for one in people]
    )
    arrivals.note_arrivals([added(people[0], door, "ann"), added(make_customer(), door, "ann")])

    total = funnel.passages([door], *MARCH, at=NOON + DAY)[door.pk].total

    assert (total.requested, total.passed, total.came) == (3, 1, 2)
    assert "（33.3%）" in funnel_of(door, total)[1].note


def test_a_merged_person_counts_once(ann):
    door = make_door(staff_ids=(ann.pk,))
    one, other = make_customer(), make_customer()
    arrivals.note_arrivals([added(one, door, "ann"), added(other, door, "ann")])
    make_order(one, NOON + DAY)
    Customer.objects.filter(pk=one.pk).update(merged_into=other)

    total = funnel.passages([door], *MARCH, at=NOON + 2 * DAY)[door.pk].total

    assert (total.came, total.ordered) == (1, 1)


def test_a_thousand_who_came_and_fewer_than_twenty_who_bought_are_an_alarm(ann):
    door = make_door(staff_ids=(ann.pk,), order_days=30)
    people = Customer.objects.bulk_create(Customer(created_at=NOON) for _person in range(1000))
    arrivals.note_arrivals([added(person, door, "ann") for person in people])
    for person in people[:19]:
        make_order(person, NOON + DAY)

    assert not funnel.ripe([door], NOON + 29 * DAY)[door.pk].is_alarming  # Nobody's days are over.
    ripe = funnel.ripe([door], NOON + 31 * DAY)[door.pk]
    assert (ripe.came, ripe.ordered, ripe.is_alarming) == (1000, 19, True)
    make_order(people[500], NOON + DAY)
    assert not funnel.ripe([door], NOON + 31 * DAY)[door.pk].is_alarming  # 2 % exactly.


def test_few_who_came_say_nothing(ann):
    door = make_door(staff_ids=(ann.pk,))
    arrivals.note_arrivals([added(make_customer(), door, "ann") for _person in range(10)])

    assert not funnel.ripe([door], NOON + 31 * DAY)[door.pk].is_alarming


def test_a_source_is_worth_what_its_first_arrivals_bought(ann):
    ad, old = make_source("广告", "ad"), make_source("门店", "offline")
    door = make_door(staff_ids=(ann.pk,), source_id=ad.pk)
    elsewhere = make_door(name="门店", staff_ids=(ann.pk,), source_id=old.pk)
    new, regular = make_customer(), make_customer()
    arrivals.note_arrivals([added(regular, elsewhere, "ann", NOON - 60 * DAY)])
    arrivals.note_arrivals([added(new, door, "ann"), added(regular, door, "ann")])
    make_order(new, NOON - DAY, 99_900)
    make_order(new, NOON + DAY, 10_000)
    make_order(new, NOON + 2 * DAY, 5_000)
    make_order(regular, NOON + DAY, 70_000)
    sources.add_cost(sources.CostGiven(ad.pk, date(2026, 3, 1), date(2026, 3, 31), 3_000), by="店长")

    months = value.worths([ad, old], *MARCH, at=NOON + 30 * DAY)

    worth = value.total(months[ad.pk])
    assert worth.brought == value.Brought(
        people=1, friends=1, buyers=1, repeat_buyers=1, first_minor=10_000, repeat_minor=5_000
    )
    assert (worth.cost_minor, worth.per_friend_minor, worth.per_buyer_minor, worth.returned) == (3_000, 3_000, 3_000, 5)
    assert value.total(months[old.pk]) == value.Worth(value.Brought(), None)


@generated(some.integers(0, 10**9), some.integers(1, 400), some.lists(some.integers(0, 420), min_size=0, max_size=6))
def test_parts_of_a_cost_add_up_to_it(amount, days, cuts):
    start = date(2026, 1, 1)
    cost = SourceCost(from_on=start, until_on=start + (days - 1) * DAY, amount_minor=amount)
    edges = sorted({-5, 430, *cuts})
    spans = [(start + a * DAY, start + (b - 1) * DAY) for a, b in pairwise(edges)]

    parts = [value.cost_between([cost], *span) for span in spans]

    assert sum(part or 0 for part in parts) == amount


def test_far_fewer_followers_than_expected_are_told_and_a_little_fewer_are_not(db):
    account = make_source(followers=10_000, expected_entry_bp=1000)

    assert [value.followers_alarm(account, people) for people in (499, 500, 2000, 2001)] == ["few", "", "", "many"]
    assert value.followers_alarm(Source(), 0) == ""


CSV = '来源,开始日,结束日,金额,说明\n小红书,2026-03-01,2026-03-31,"1,200.50",投放\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_costs_come_from_a_file_once(db, encoding):
    make_source()

    first = sources.import_costs(CSV.encode(encoding), by="店长")
    second = sources.import_costs(CSV.encode(encoding), by="店长")
    changed = sources.import_costs(CSV.replace("1,200.50", "1300").encode(encoding), by="店长")

    assert (first.added, second.known, changed.changed) == (1, 1, 1)
    assert SourceCost.objects.get().amount_minor == 130_000


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "名字,金额\n小红书,3\n",
        CSV + "没有这个来源,2026-03-01,2026-03-31,3,\n",
        CSV + "小红书,2026-04-31,2026-05-01,3,\n",
        CSV + "小红书,2026-05-02,2026-05-01,3,\n",
        CSV + "小红书,2026-05-01,2026-05-01,-3,\n",
        CSV + "小红书,2026-05-01,2026-05-01,NaN,\n",
        CSV + "小红书,2026-05-01,2026-05-01,1e999999,\n",
        CSV + "小红书,2026-03-01,2026-03-31,5,投放\n",
        CSV + "小红书,2026-05-01\n",
    ],
)
def test_a_file_with_a_line_that_cannot_be_adds_nothing(db, wrong):
    make_source()

    with pytest.raises(BadCosts):
        sources.import_costs(wrong.encode(), by="店长")

    assert not SourceCost.objects.exists()


def test_a_file_that_is_no_text_is_refused(db):
    with pytest.raises(BadCosts):
        sources.import_costs(b"\x81\xff\xfe\x00" * 9, by="店长")


def test_a_name_is_given_once(db):
    make_source()
    with pytest.raises(BadSource):
        sources.save_source(None, {"name": "小红书", "kind": "ad"})
