"""Who is let into a journey, once, by its rules, into which arm and variant."""

import threading
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection

from homeground.events.models import StreamEvent
from homeground.journeys.holdout import buckets
from homeground.journeys.models import Enrolment, Journey
from homeground.journeys.services.entering import Entrant, enter
from homeground.journeys.services.walking.engine import walk
from homeground.people.models import Customer
from tests.journeys import world
from tests.journeys.engine import END, make_journey, many_customers, tag, wait, wait_event
from tests.journeys.world import NOON, make_customer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NODES = {"a": wait(END, days=1)}


def entrant(customer: Customer, cause: str, key: str = "") -> Entrant:
    return Entrant(customer.pk, cause, key)


def test_a_cause_lets_in_once():
    journey, customer = make_journey(NODES), make_customer()

    first = enter(journey, [entrant(customer, "event:1")], NOON)
    again = enter(journey, [entrant(customer, "event:1")], NOON + 9 * DAY)

    assert (first.entered, dict(first.refused)) == (1, {})
    assert (again.entered, dict(again.refused)) == (0, {"repeated": 1})
    one = Enrolment.objects.get()
    assert (one.node, one.entered_at, one.due_at, one.variant) == ("a", NOON, NOON + DAY, "全部")


@pytest.mark.parametrize(
    ("again", "after", "refused"),
    [
        ({"when": "never"}, 400, "already"),
        ({"when": "after_exit"}, 2, None),
        ({"when": "any"}, 2, None),
        ({"when": "after_days", "days": 30}, 29, "too_soon"),
        ({"when": "after_days", "days": 30}, 30, None),
    ],
)
def test_re_entry_follows_the_rule(again, after, refused):
    journey, customer = make_journey(NODES, again=again), make_customer()
    enter(journey, [entrant(customer, "1")], NOON)
    walk(journey.pk, NOON + DAY)

    said = enter(journey, [entrant(customer, "2")], NOON + after * DAY)

    assert dict(said.refused) == ({refused: 1} if refused else {})


def test_who_is_inside_does_not_enter_again():
    journey, customer = make_journey(NODES), make_customer()

    said = enter(journey, [entrant(customer, "1"), entrant(customer, "2")], NOON)

    assert (said.entered, dict(said.refused)) == (1, {"inside": 1})


def test_so_many_walks_at_once_each_with_a_key_of_its_own():
    journey, customer = make_journey(NODES, again={"when": "any", "at_once": 2}), make_customer()

    said = enter(journey, [entrant(customer, str(n), key) for n, key in enumerate(["a", "b", "a", "c"])], NOON)

    assert (said.entered, dict(said.refused)) == (2, {"inside": 1, "too_many_at_once": 1})


def test_a_merged_customer_enters_as_who_it_is_now_and_counts_as_one():
    journey, old, new = make_journey(NODES, again={"when": "never"}), make_customer(), make_customer()
    enter(journey, [entrant(old, "1")], NOON)
    Customer.objects.filter(pk=old.pk).update(merged_into=new)

    assert dict(enter(journey, [entrant(new, "2")], NOON + 5 * DAY).refused) == {"inside": 1}
    other = make_journey(NODES)
    assert enter(other, [entrant(old, "1")], NOON).entered == 1
    assert Enrolment.objects.get(journey=other).customer_id == new.pk


def test_nobody_enters_a_draft_or_what_has_ended_and_nobody_who_is_not_there():
    journey = make_journey(NODES)
    assert dict(enter(journey, [Entrant(10**9, "x")], NOON).refused) == {"unknown": 1}
    for state in (Journey.State.DRAFT, Journey.State.ENDED):
        Journey.objects.filter(pk=journey.pk).update(state=state)
        assert dict(enter(journey, [entrant(make_customer(), "x")], NOON).refused) == {"not_live": 1}
    assert not Enrolment.objects.exists()


def test_who_enters_a_paused_journey_waits_at_its_start():
    journey = make_journey({"t": tag(END)})
    Journey.objects.filter(pk=journey.pk).update(state="paused")

    assert enter(journey, [entrant(make_customer(), "x")], NOON).entered == 1
    assert walk(journey.pk, NOON) == 0


def test_the_holdout_is_drawn_by_hash_and_goes_nowhere():
    journey = make_journey({"t": tag(END)}, holdout_bp=2000)
    customers = many_customers(500)

    said = enter(journey, [entrant(one, str(one.pk)) for one in customers], NOON)
    walk(journey.pk, NOON)

    drawn = buckets(f"journey:{journey.pk}", np.array([one.pk for one in customers]))
    held = {one.pk for one, bucket in zip(customers, drawn, strict=True) if bucket < 2000}
    rows = Enrolment.objects.filter(state="held_out", arm="holdout", node="")
    assert set(rows.values_list("customer_id", flat=True)) == held
    assert (said.entered, said.held_out) == (500 - len(held), len(held))
    assert Enrolment.objects.filter(state="ended").count() == 500 - len(held)


@pytest.mark.parametrize("is_promotion", [True, False])
def test_the_global_holdout_goes_before_the_journeys_own_where_there_is_a_promotion(calm, is_promotion):
    world.make_global_holdout(5000)
    journey = make_journey({"t": tag(END)}, holdout_bp=5000, is_promotion=is_promotion)
    customers = many_customers(200)

    enter(journey, [entrant(one, str(one.pk)) for one in customers], NOON)

    drawn = buckets("global-1", np.array([one.pk for one in customers]))
    everywhere = {one.pk for one, bucket in zip(customers, drawn, strict=True) if bucket < 5000}
    found = set(Enrolment.objects.filter(arm="global_holdout").values_list("customer_id", flat=True))
    assert found == (everywhere if is_promotion else set())


def test_variants_are_drawn_by_hash_in_their_shares_and_logged_as_exposures():
    variants = [{"name": "甲", "share_bp": 5000, "start": "a"}, {"name": "乙", "share_bp": 5000, "start": "b"}]
    journey = make_journey({"a": wait(END, days=1), "b": wait(END, days=2)}, variants=variants, holdout_bp=1000)
    customers = many_customers(400)

    enter(journey, [entrant(one, str(one.pk)) for one in customers], NOON)

    starts = set(Enrolment.objects.filter(state="walking").values_list("variant", "node"))
    assert starts == {("甲", "a"), ("乙", "b")}
    assert 150 < Enrolment.objects.filter(variant="甲").count() < 250
    exposures = StreamEvent.objects.filter(name="journeys.journey_entered")
    assert exposures.count() == 400
    told = {(e.properties["enrolment_id"], e.properties["arm"], e.properties["variant"]) for e in exposures}
    assert told == set(Enrolment.objects.values_list("id", "arm", "variant"))


def test_a_wait_at_the_start_counts_from_what_happened():
    journey, customer = make_journey({"a": wait_event(END, END)}), make_customer()

    enter(journey, [Entrant(customer.pk, "1", at=NOON)], NOON + timedelta(minutes=3))

    one = Enrolment.objects.get()
    assert (one.entered_at, one.due_at) == (NOON, NOON + 3 * DAY)


@pytest.mark.django_db(transaction=True)
def test_threads_that_let_in_the_same_customers_let_each_in_once():
    journey, customers = make_journey(NODES, again={"when": "never"}), many_customers(200)
    said = []

    def let_in(thread: int) -> None:
        try:
            said.append(enter(journey, [entrant(one, f"{thread}:{one.pk}") for one in customers], NOON).entered)
        finally:
            connection.close()

    threads = [threading.Thread(target=let_in, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == [0, 0, 0, 200]
    assert Enrolment.objects.count() == 200
