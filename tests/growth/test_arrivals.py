"""Who came through a door: noted once, tagged, with source and consent; limits hold when many come at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from homeground.events.catalog.growth import DoorEntered
from homeground.growth.models import Arrival, Door, StaffDay
from homeground.growth.queries.duty import duty, lines
from homeground.growth.services import arrivals, placing
from homeground.people.models import Consent, Customer
from homeground.people.queries import tags_of
from tests.growth import world
from tests.growth.world import NOON, added, facts, joined, make_customer, make_door, make_group, make_source, make_staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def ann(db):
    return make_staff("Ann")


def test_an_arrival_brings_tag_source_consent_and_a_fact(ann):
    source = make_source("地铁广告", "ad")
    door = make_door(staff_ids=(ann.pk,), source_id=source.pk, tags=("地铁",), consent_notice="添加即同意接收优惠")
    customer = make_customer()

    [one] = arrivals.note_arrivals([added(customer, door, "ann")])

    assert (one.kind, one.userid, one.source_id) == ("added", "ann", source.pk)
    assert tags_of([customer.pk]) == {customer.pk: ["地铁"]}
    assert Customer.objects.get(pk=customer.pk).source == "地铁广告"
    consent = Consent.objects.get()
    assert (consent.purpose, consent.channel, consent.is_granted) == ("promotion", "wecom", True)
    assert consent.proof["notice"] == "添加即同意接收优惠"
    assert facts(DoorEntered) == [{"door_id": door.pk, "source_id": source.pk, "userid": "ann", "chat_id": ""}]


def test_told_again_it_is_the_same_arrival(ann):
    door = make_door(staff_ids=(ann.pk,), tags=("一",), consent_notice="同意")
    event = added(make_customer(), door, "ann")

    arrivals.note_arrivals([event])
    assert arrivals.note_arrivals([event, event][:1]) == []

    assert Arrival.objects.count() == Consent.objects.count() == len(facts(DoorEntered)) == 1
    assert StaffDay.objects.get().added == 1


def test_without_a_notice_nothing_is_agreed_to_and_a_known_source_stays(ann):
    door = make_door(staff_ids=(ann.pk,), source_id=make_source().pk)
    customer = make_customer(source="老客表格")

    arrivals.note_arrivals([added(customer, door, "ann")])

    assert not Consent.objects.exists()
    assert Customer.objects.get(pk=customer.pk).source == "老客表格"


def test_what_came_through_no_door_of_ours_is_left_out(ann):
    make_door(staff_ids=(ann.pk,))
    customer = make_customer()
    strangers = [
        world.event("wecom.friend_added", customer, userid="ann", state="not-ours"),
        world.event("wecom.friend_added", customer, userid="ann", state=""),
    ]

    assert arrivals.note_arrivals(strangers) == []


def test_a_request_is_noted_but_is_not_a_friend_yet(ann):
    door = make_door(staff_ids=(ann.pk,), tags=("一",))
    customer = make_customer()

    arrivals.note_arrivals([world.event("wecom.friend_requested", customer, userid="ann", state=door.token)])

    assert Arrival.objects.get().kind == "requested"
    assert not tags_of([customer.pk])
    assert not facts(DoorEntered)
    assert not StaffDay.objects.exists()


def test_days_are_days_of_the_brand(ann):
    door = make_door(staff_ids=(ann.pk,))
    just_past_midnight = NOON + 12 * HOUR  # 00:00 on the 11th in Shanghai.

    arrivals.note_arrivals([added(make_customer(), door, "ann", just_past_midnight)])

    assert str(Arrival.objects.get().day) == "2026-03-11"


def test_who_leaves_again_ends_their_arrival_and_only_later_than_it(ann):
    door = make_door(staff_ids=(ann.pk,))
    customer = make_customer()
    arrivals.note_arrivals([added(customer, door, "ann", NOON), added(customer, door, "ann", NOON + 5 * HOUR)])

    gone = world.event("wecom.friend_removed_by_customer", customer, NOON + HOUR, userid="ann")
    assert arrivals.note_departures([gone]) == 1
    assert arrivals.note_departures([gone]) == 0

    first, second = Arrival.objects.order_by("happened_at")
    assert (first.ended_at, first.ended_by_customer) == (NOON + HOUR, True)
    assert second.ended_at is None


def test_the_daily_limit_takes_a_member_off_until_midnight(platform, ann):
    bob = make_staff("Bob")
    door = make_door(staff_ids=(ann.pk,), backup_ids=(bob.pk,), daily_limit=2)

    arrivals.note_arrivals([added(make_customer(), door, "ann")])
    assert duty([door.pk], NOON)[door.pk].userids == ("ann",)
    [second] = arrivals.note_arrivals([added(make_customer(), door, "ann")])

    assert second.is_at_limit
    assert _queued() == [door.pk]
    assert duty([door.pk], NOON)[door.pk] == duty(at=NOON)[door.pk]
    assert (duty([door.pk], NOON)[door.pk].userids, duty([door.pk], NOON)[door.pk].is_backup) == (("bob",), True)
    assert duty([door.pk], NOON + 12 * HOUR)[door.pk].userids == ("ann",)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_come_at_once_each_is_counted_and_one_sees_the_limit():
    ann, bob = make_staff("Ann"), make_staff("Bob")
    door = make_door(staff_ids=(ann.pk,), backup_ids=(bob.pk,), daily_limit=12)
    events = [added(make_customer(), door, "ann") for _ in range(12)]

    def arrive(event):
        try:
            return arrivals.note_arrivals([event])
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        noted = [one for found in pool.map(arrive, events) for one in found]

    assert StaffDay.objects.get().added == Arrival.objects.count() == 12
    assert sum(one.is_at_limit for one in noted) == 1
    assert duty([door.pk], NOON)[door.pk].userids == ("bob",)


def test_a_group_that_fills_has_the_door_placed_at_once(platform):
    chats = [make_group("1群", 9), make_group("2群")]
    door = make_door(kind="group_code", groups=tuple(world.group(chat, 10) for chat in chats))
    placing.place_door(door.pk, NOON)
    world.join(chats[0], 1)

    arrivals.note_arrivals([joined(make_customer(), door, chats[0])])

    assert _queued() == [door.pk]
    assert [group.title for group in lines([door.pk])[door.pk].open] == ["2群"]
    placing.place_door(door.pk, NOON)
    assert platform.asked("update_join_way")[0]["chat_id_list"] == [chats[1].chat_id]


def test_the_line_warns_when_its_last_group_is_nearly_full():
    chats = [make_group("1群", 10), make_group("2群", 5)]
    door = make_door(kind="group_code", groups=(world.group(chats[0], 10), world.group(chats[1], 30)))
    assert not lines()[door.pk].is_nearly_full

    world.join(chats[1], 6)

    assert lines()[door.pk].is_nearly_full
    assert lines()[door.pk].places == 19


def test_an_absorbed_customer_still_ends_what_they_began(ann):
    door = make_door(staff_ids=(ann.pk,))
    customer, survivor = make_customer(), make_customer()
    arrivals.note_arrivals([added(customer, door, "ann")])
    Customer.objects.filter(pk=customer.pk).update(merged_into=survivor)

    gone = world.event("wecom.friend_removed_by_staff", survivor, NOON + HOUR, userid="ann")

    assert arrivals.note_departures([gone]) == 1
    assert not Arrival.objects.get().ended_by_customer
    assert Door.objects.count() == 1


def _queued() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'door_id' FROM procrastinate_jobs WHERE task_name = 'growth.place' ORDER BY 1")
        return [int(door) for (door,) in cursor.fetchall()]
