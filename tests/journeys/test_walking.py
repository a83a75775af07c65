"""What each kind of node does, in sets; failures, loops, pauses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from homeground.journeys.graph.nodes import Graph
from homeground.journeys.models import EdgeCount, Enrolment, Journey, StepTaken, Touch, WebhookCall
from homeground.journeys.services import leaving
from homeground.journeys.services.walking import arriving, batches, dating, doing
from homeground.journeys.services.walking.engine import journeys_due, next_due_at, walk
from homeground.journeys.services.walking.graphs import version_of
from homeground.people import services as people
from homeground.people.models import AttributeValue, Customer, CustomerTag
from homeground.service.models import Capacity, Task
from tests.journeys.engine import (
    END,
    let_in,
    make_journey,
    many_customers,
    message,
    now_at,
    path,
    tag,
    wait,
)
from tests.journeys.world import NOON, make_customer, make_message

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def on_way(step: dict, **more: object) -> dict:
    return {"name": "x"} | step | more


def walked(nodes: dict, customer: Customer | None = None, at: datetime = NOON, **more: object) -> Enrolment:
    """One customer let in, and everybody moved who is due."""
    journey = make_journey(nodes, **more)
    (one,) = let_in(journey, customer or make_customer(), at=at)
    walk(journey.pk, at)
    return one


def tags_of(customer: Customer) -> set[str]:
    return set(CustomerTag.objects.filter(customer=customer).values_list("tag__name", flat=True))


def test_a_walk_goes_node_by_node_and_ends():
    customer = make_customer()
    one = walked({"a": wait("b", days=1), "b": tag(END)}, customer)
    assert now_at(one) == ("walking", "a", "")
    assert tags_of(customer) == set()

    steps = walk(one.journey_id, NOON + timedelta(days=1))

    assert steps == 2
    assert path(one) == [("a", "next"), ("b", "next")]
    assert now_at(one) == ("ended", "", "finished")
    assert tags_of(customer) == {"走过"}
    assert list(EdgeCount.objects.values_list("node", "way", "walked").order_by("node")) == [
        ("a", "next", 1), ("b", "next", 1),
    ]  # fmt: skip


def test_nothing_happens_before_its_time_and_a_repeat_does_nothing():
    one = walked({"a": wait("b", days=1), "b": tag(END)})

    assert walk(one.journey_id, NOON + timedelta(hours=23, minutes=59)) == 0
    assert walk(one.journey_id, NOON + timedelta(days=2)) == 2
    assert walk(one.journey_id, NOON + timedelta(days=3)) == 0
    assert StepTaken.objects.count() == 2


def test_waits_are_of_the_customers_own_zone():
    there = make_customer(time_zone="America/New_York")
    here = make_customer()
    journey = make_journey({"a": on_way({"kind": "wait_until", "time": "09:00", "next": END})})

    far, near = let_in(journey, there, here)

    far.refresh_from_db()
    near.refresh_from_db()
    assert far.due_at == datetime(2026, 3, 10, 13, tzinfo=UTC)
    assert near.due_at == datetime(2026, 3, 11, 1, tzinfo=UTC)


def test_a_merged_customer_is_treated_as_who_it_is_now():
    old, new = make_customer(time_zone="Asia/Tokyo"), make_customer(time_zone="America/New_York")
    journey = make_journey({"a": wait("b", hours=1), "b": tag("c"), "c": wait(END, days=1)})
    (one,) = let_in(journey, old)
    Customer.objects.filter(pk=old.pk).update(merged_into=new)

    walk(journey.pk, LATER)

    assert tags_of(new) == {"走过"}
    assert tags_of(old) == set()
    assert now_at(one) == ("walking", "c", "")


def test_tags_go_on_and_come_off():
    customer = make_customer()
    people.tag([customer.pk], "旧", "manual", "test")

    walked({"a": on_way({"kind": "tag", "add": ["新", "客"], "remove": ["旧"], "next": END})}, customer)

    assert tags_of(customer) == {"新", "客"}


def test_an_attribute_is_set():
    customer = make_customer()

    walked({"a": on_way({"kind": "attribute", "attribute": "tier", "value": "金", "next": END})}, customer)

    assert AttributeValue.objects.get(customer=customer, attribute__key="tier").value == "金"


def test_a_split_is_sticky_and_keeps_its_shares():
    ways = [{"name": "甲", "share_bp": 3000, "next": END}, {"name": "乙", "share_bp": 7000, "next": END}]
    journey = make_journey({"s": on_way({"kind": "split", "ways": ways})}, again={"when": "any"})
    customers = many_customers(1000)

    let_in(journey, *customers)
    walk(journey.pk, NOON)
    let_in(journey, *customers, at=LATER)
    walk(journey.pk, LATER)

    taken = StepTaken.objects.values_list("enrolment__customer_id", "way")
    assert len(taken) == 2000
    assert len(set(taken)) == 1000
    assert 240 <= len({customer for customer, way in taken if way == "甲"}) <= 360


@pytest.mark.django_db(transaction=True)
def test_a_branch_takes_the_first_way_whose_rule_holds():
    gold, silver, none = make_customer(), make_customer(), make_customer()
    people.tag([gold.pk, silver.pk], "银", "manual", "t")
    people.tag([gold.pk], "金", "manual", "t")
    ways = [
        {"name": "金卡", "rule": {"tag": ["金"]}, "next": END},
        {"name": "银卡", "rule": {"tag": ["银"]}, "next": END},
    ]
    journey = make_journey({"b": on_way({"kind": "branch", "ways": ways, "otherwise": END})})

    walks = let_in(journey, gold, silver, none)
    walk(journey.pk, NOON)

    assert [path(one)[0][1] for one in walks] == ["金卡", "银卡", "otherwise"]


@pytest.mark.django_db(transaction=True)
def test_a_branch_sees_what_the_same_walk_did_just_before():
    way = {"name": "有标", "rule": {"tag": ["走过"]}, "next": END}
    journey = make_journey({"t": tag("b"), "b": on_way({"kind": "branch", "ways": [way], "otherwise": END})})

    (one,) = let_in(journey, make_customer())
    walk(journey.pk, NOON)

    assert path(one) == [("t", "next"), ("b", "有标")]


def test_a_webhook_is_owed_once():
    one = walked({"w": on_way({"kind": "webhook", "url": "https://example.com/hook", "next": END})})

    call = WebhookCall.objects.get()
    assert (call.enrolment_id, call.step, call.state, call.url) == (one.pk, 1, "queued", "https://example.com/hook")
    assert call.body["data"]["customer_id"] == one.customer_id


def test_handing_over_ends_this_walk_and_begins_the_other():
    other = make_journey({"x": wait(END, days=1)}, slug="other", again={"when": "never"})
    nodes = {"h": on_way({"kind": "handover", "journey": "other"})}
    customer = make_customer()

    first = walked(nodes, customer)
    second = walked(nodes, customer)

    assert now_at(first) == now_at(second) == ("ended", "", "handed_over")
    assert Enrolment.objects.filter(journey=other).count() == 1
    assert StepTaken.objects.get(enrolment=second).detail == {"journey": "other", "said": "inside"}


def test_a_message_gives_one_touch_a_walk(calm):
    customer = make_customer()
    note = make_message()
    one = walked({"m": message("w", note.pk, valid_days=2), "w": wait(END, days=1)}, customer)

    touch = Touch.objects.get()
    assert (touch.customer_id, touch.enrolment_id, touch.step, touch.state) == (customer.pk, one.pk, 1, "queued")
    assert touch.expires_at == NOON + timedelta(days=2)
    assert now_at(one) == ("walking", "w", "")


@pytest.mark.parametrize(
    ("fields", "was", "way"),
    [
        ({"state": "sent"}, "sent", "next"),
        ({"state": "queued", "key": None, "sent_at": None}, "sent", "otherwise"),
        ({"state": "clicked", "opened_at": NOON, "clicked_at": NOON}, "opened", "next"),
        ({"state": "opened", "opened_at": NOON}, "clicked", "otherwise"),
        ({"state": "delivered", "delivered_at": NOON, "answered_at": NOON}, "answered", "next"),
    ],
)
def test_an_outcome_asks_what_became_of_the_message(calm, fields, was, way):
    step = {"kind": "outcome", "of": "m", "was": was, "next": END, "otherwise": END}
    one = walked({"m": message("w", make_message().pk), "w": wait("o", hours=1), "o": on_way(step)})
    Touch.objects.update(**{"key": "00000000-0000-4000-8000-000000000001", "sent_at": NOON} | fields)

    walk(one.journey_id, LATER)

    assert path(one)[-1] == ("o", way)


def dated(**more: object) -> dict:
    return on_way({"kind": "wait_date", "attribute": "due_on", "next": END, "otherwise": END}, **more)


def say(customer: Customer, day: str, at: datetime = NOON) -> None:
    people.set_attributes([people.AttributeGiven(customer.pk, "due_on", day, "test", at)])


def test_a_wait_for_a_date_ends_on_it_less_its_lead():
    customer = make_customer()
    say(customer, "2026-03-20")
    one = walked({"d": dated(lead_days=3)}, customer)
    assert walk(one.journey_id, datetime(2026, 3, 17, 1, 29, tzinfo=UTC)) == 0

    walk(one.journey_id, datetime(2026, 3, 17, 1, 30, tzinfo=UTC))

    assert path(one) == [("d", "next")]


def test_a_date_that_moved_later_is_waited_for_anew():
    customer = make_customer()
    say(customer, "2026-03-20")
    one = walked({"d": dated()}, customer)
    say(customer, "2026-04-20", LATER)

    assert walk(one.journey_id, datetime(2026, 3, 20, 2, tzinfo=UTC)) == 0
    one.refresh_from_db()
    assert one.due_at == datetime(2026, 4, 20, 1, 30, tzinfo=UTC)


def test_a_date_that_moved_nearer_is_noticed_by_the_hourly_look():
    customer = make_customer()
    say(customer, "2026-04-20")
    one = walked({"d": dated()}, customer)
    say(customer, "2026-03-12", LATER)

    assert dating.look_again(LATER) == 1

    one.refresh_from_db()
    assert one.due_at == datetime(2026, 3, 12, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", ["2026-03-01", None, "not a date"])
def test_no_date_and_a_date_that_is_past_go_the_other_way_at_once(day):
    customer = make_customer()
    if day:
        say(customer, day)

    one = walked({"d": dated()}, customer)

    assert path(one) == [("d", "otherwise")]


def friend_of_staff(customer: Customer, name: str = "lin") -> int:
    from homeground.wecom.models import ExternalContact, Follow, Staff

    staff, _new = Staff.objects.get_or_create(userid=name, defaults={"name": name})
    contact = ExternalContact.objects.create(external_userid=f"wm{customer.pk}", customer=customer, name="友")
    Follow.objects.create(staff=staff, contact=contact, began_at=NOON, seen_at=NOON)
    return staff.pk


def test_a_task_goes_to_who_looks_after_the_customer():
    customer, nobodys = make_customer(), make_customer()
    staff = friend_of_staff(customer)
    step = on_way({"kind": "task", "title": "打个电话", "how": "问候", "deadline_hours": 24, "next": END})
    journey = make_journey({"t": step})

    one, other = let_in(journey, customer, nobodys)
    walk(journey.pk, NOON)
    walk(journey.pk, LATER)

    task = Task.objects.get()
    assert (task.staff_id, task.customer_id, task.title, task.instructions) == (
        staff, customer.pk, "打个电话", "问候",
    )  # fmt: skip
    assert (task.due_on, task.expires_on) == (date(2026, 3, 10), date(2026, 3, 11))
    assert StepTaken.objects.get(enrolment=other).detail == {"skipped": "no_staff"}
    assert now_at(one) == now_at(other) == ("ended", "", "finished")


def test_tasks_fill_the_days_up_to_the_deadline_as_far_as_they_hold():
    customers = [make_customer() for _ in range(5)]
    staff, *_ = (friend_of_staff(one) for one in customers)
    Capacity.objects.create(staff_id=staff, minutes=10, weekdays=[1, 2, 3, 4, 5, 6, 7])  # Two tasks a day.
    journey = make_journey({"t": on_way({"kind": "task", "title": "x", "deadline_hours": 24, "next": END})})

    let_in(journey, *customers)
    walk(journey.pk, NOON)

    days = sorted(Task.objects.values_list("due_on", flat=True))
    assert days == [date(2026, 3, 10)] * 2 + [date(2026, 3, 11)] * 3  # What fits nowhere waits on the last day.


def test_an_invitation_into_a_group_is_a_task_with_the_doors_page():
    from homeground.growth.models import Door

    customer = make_customer()
    friend_of_staff(customer)
    door = Door.objects.create(kind="group_code", name="福利群", token="abc")

    walked({"i": on_way({"kind": "invite", "door": door.pk, "next": END}, name="邀请入群")}, customer)

    task = Task.objects.get()
    assert task.title == "邀请入群"
    assert "/g/abc" in task.instructions


def test_a_paused_journey_holds_everybody_where_they_are():
    one = walked({"a": wait("b", hours=1), "b": tag(END)})
    Journey.objects.filter(pk=one.journey_id).update(state="paused")

    assert walk(one.journey_id, LATER) == 0
    assert journeys_due(LATER) == []
    assert next_due_at() is None
    assert now_at(one) == ("walking", "a", "")

    Journey.objects.filter(pk=one.journey_id).update(state="live")
    assert walk(one.journey_id, LATER) == 2


def test_a_loop_comes_to_an_end(monkeypatch):
    monkeypatch.setattr(batches, "MOST_STEPS", 30)

    one = walked({"a": tag("b"), "b": tag("a")})

    assert now_at(one)[2] == "too_many_steps"
    assert StepTaken.objects.filter(enrolment=one).count() == 30


def test_one_bad_customer_fails_and_the_others_go_on(monkeypatch):
    customers = many_customers(9)
    bad = customers[4].pk
    honest = people.tag

    def picky(ids, *args, **more):
        changed = honest(ids, *args, **more)
        if bad in ids:
            with connection.cursor() as cursor:
                cursor.execute("SELECT '13800000000'::smallint")  # What was written before it is undone, too.
        return changed

    monkeypatch.setattr(people, "tag", picky)
    journey = make_journey({"a": tag(END)})

    walks = let_in(journey, *customers)
    walk(journey.pk, NOON)

    assert [now_at(one)[2] for one in walks] == ["finished"] * 4 + ["failed"] + ["finished"] * 4
    failed = Enrolment.objects.get(customer=bad)
    assert (failed.error, failed.node) == ("DataError", "a")  # Never the words: they may be about a person.
    assert CustomerTag.objects.count() == 8


def test_a_failed_walk_can_be_set_going_again(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(people, "tag", lambda *args, **more: 1 / 0)
        one = walked({"a": tag(END)})
    assert now_at(one)[2] == "failed"

    assert leaving.try_again(one.journey_id, [one.pk], LATER) == 1
    assert leaving.try_again(one.journey_id, [one.pk], LATER) == 0
    walk(one.journey_id, LATER)

    assert now_at(one) == ("ended", "", "finished")


def test_a_failed_walk_stays_failed_when_its_customer_is_inside_again(monkeypatch):
    customer = make_customer()
    with monkeypatch.context() as patch:
        patch.setattr(people, "tag", lambda *args, **more: 1 / 0)
        one = walked({"a": tag("w"), "w": wait(END, days=1)}, customer)
    let_in(one.journey, customer)

    assert leaving.try_again(one.journey_id, [one.pk], LATER) == 0


def test_a_walk_at_a_node_that_is_not_there_fails():
    one = walked({"a": wait(END, days=1)})
    Enrolment.objects.update(node="gone", due_at=NOON)

    walk(one.journey_id, NOON)

    assert now_at(one)[2] == "failed"


def test_taking_out_drops_what_waits_to_be_sent(calm):
    customer = make_customer()
    one = walked({"m": message("w", make_message().pk), "w": wait(END, days=1)}, customer)

    assert leaving.take_out(one.journey_id, [customer.pk], LATER) == 1
    assert leaving.take_out(one.journey_id, [customer.pk], LATER) == 0

    assert now_at(one) == ("ended", "w", "taken_out")
    touch = Touch.objects.get()
    assert (touch.state, touch.reason) == ("suppressed", "left_journey")


def test_who_finishes_still_gets_the_last_message(calm):
    walked({"m": message(END, make_message().pk)})

    assert Touch.objects.get().state == "queued"


def test_people_moved_to_a_wait_are_due_as_it_says(calm):
    one = walked({"a": wait(END, days=1), "b": wait(END, days=9)})
    Enrolment.objects.update(node="b", due_at=NOON)

    arriving.settle_in(version_of(one.version_id), ["b"], LATER)

    one.refresh_from_db()
    assert one.due_at == NOON + timedelta(days=9)


def test_a_merged_customers_wait_is_computed_anew_by_the_clock_of_who_it_is_now():
    old, new = make_customer(time_zone="Asia/Tokyo"), make_customer(time_zone="America/New_York")
    journey = make_journey({"a": on_way({"kind": "wait_until", "time": "09:00", "next": END})})
    (one,) = let_in(journey, old)
    Customer.objects.filter(pk=old.pk).update(merged_into=new)

    assert arriving.settle_in(version_of(journey.live_id), ["a"], NOON) == 1

    one.refresh_from_db()
    assert one.due_at == datetime(2026, 3, 10, 13, tzinfo=UTC)


def test_the_database_refuses_a_second_walk_with_one_key():
    one = walked({"a": wait(END, days=1)})
    twin = Enrolment.objects.get(pk=one.pk)
    twin.pk, twin.cause = None, "other"

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_every_kind_of_node_has_its_deed():
    kinds = set(Graph.model_fields["nodes"].annotation.__args__[1].__args__[0].__args__)

    assert kinds == set(doing._DEEDS)
