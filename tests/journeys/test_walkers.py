"""Messages of journeys before the guard: one a walk and step, put off while it is good, dropped with what for."""

from datetime import time as clock
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from homeground.journeys import queries, services
from homeground.journeys.models import Campaign, Enrolment, Touch
from homeground.journeys.services import guard
from homeground.journeys.services.guard import Walker, queue_walkers
from homeground.journeys.services.touches import drop_for_ended
from tests.journeys import message_walks as walks
from tests.journeys import world
from tests.journeys.gateway import open_gateway
from tests.journeys.test_guard import was_sent
from tests.journeys.world import NOON

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def gateway(db):
    world.no_policy()
    with open_gateway() as gateway:
        yield gateway


def why(touch):
    touch.refresh_from_db()
    return touch.state, touch.reason


def test_who_comes_to_a_message_gets_it_and_the_message_goes_on_for_others(gateway):
    campaign = walks.make_journey_message()
    walks.come(campaign, world.make_customer(), world.make_customer())

    assert services.dispatch(campaign.pk, at=NOON) == 2

    campaign.refresh_from_db()
    assert (campaign.state, len(gateway.delivered)) == ("sending", 2)
    walks.come(campaign, world.make_customer())
    assert services.dispatch(campaign.pk, at=NOON) == 1


def test_one_customer_may_come_to_it_again_on_another_walk(gateway):
    campaign, customer = walks.make_journey_message(), world.make_customer()
    walks.come(campaign, customer, key="order 1")
    walks.come(campaign, customer, key="order 2")

    assert services.dispatch(campaign.pk, at=NOON) == 2


def test_the_same_step_again_changes_nothing(gateway):
    campaign = walks.make_journey_message()
    (touch,) = walks.come(campaign, world.make_customer())
    walker = Walker(touch.enrolment_id, touch.step, touch.customer_id)
    services.dispatch(campaign.pk, at=NOON)

    assert queue_walkers(campaign, [walker], NOON + DAY, NOON + 3 * DAY) == 0
    assert why(touch)[0] == "sent"


def test_the_database_refuses_a_second_touch_of_one_step(gateway):
    campaign = walks.make_journey_message()
    (touch,) = walks.come(campaign, world.make_customer())
    touch.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        touch.save(force_insert=True)


def test_a_group_of_walkers_is_judged_at_once(gateway):
    campaign = walks.make_journey_message()
    fine, silent = world.make_customer(), world.make_customer(consent=None)
    no_phone = world.make_customer(phone=False)

    touches = walks.come(campaign, fine, silent, no_phone)

    assert [why(touch) for touch in touches] == [
        ("queued", ""),
        ("suppressed", "no_consent"),
        ("suppressed", "no_address"),
    ]


def test_several_groups_of_one_transaction_do_not_mix(gateway):
    one, other = walks.make_journey_message(), walks.make_journey_message()
    with transaction.atomic():
        walks.come(one, world.make_customer())
        walks.come(other, world.make_customer(), world.make_customer())

    assert [one.touches.count(), other.touches.count()] == [1, 2]


def test_who_bears_no_more_is_put_off_until_there_is_room(gateway):
    world.make_cap(days=7, most=1)
    campaign, customer = walks.make_journey_message(), world.make_customer()
    was_sent(customer, NOON - 7 * DAY + timedelta(hours=1))

    (touch,) = walks.come(campaign, customer)

    assert why(touch) == ("deferred", "frequency_cap")
    assert (touch.due_at, touch.first_due_at) == (NOON + timedelta(hours=1), NOON)
    assert touch.detail == {"had": 1, "most": 1, "days": 7, "channel": "*"}
    services.dispatch(campaign.pk, at=touch.due_at)
    assert why(touch) == ("sent", "")


def test_the_last_of_several_windows_to_open_counts(gateway):
    world.make_cap(days=7, most=2)
    world.make_cap(days=30, most=2)
    customer = world.make_customer()
    for ago in (29.95, 6.9, 6.95):
        was_sent(customer, NOON - ago * DAY)

    (touch,) = walks.come(walks.make_journey_message(), customer)

    # Two of the 7 days: room when the older has left; of the 30 days: three of two, room when two have left: weeks on.
    assert touch.due_at == NOON + timedelta(hours=4)


def test_what_waited_too_long_is_dropped_with_what_it_waited_for(gateway):
    world.make_cap(days=7, most=1)
    campaign, customer = walks.make_journey_message(), world.make_customer()
    was_sent(customer, NOON - DAY)
    (touch,) = walks.come(campaign, customer)

    for hours in range(0, 73, 4):
        services.dispatch(campaign.pk, at=NOON + timedelta(hours=hours))

    assert why(touch) == ("suppressed", "expired")
    assert touch.detail == {"had": 1, "most": 1, "days": 7, "channel": "*", "waited_for": "frequency_cap"}
    words = queries.reason_text(touch.state, touch.reason, touch.detail)
    assert words == "过了有效期；一直在等：7 天内已收到 1 条营销信息，上限 1 条"
    assert not gateway.delivered


def test_a_channel_closed_to_a_relation_is_not_waited_for(gateway):
    world.make_cap(most=0)

    (touch,) = walks.come(walks.make_journey_message(), world.make_customer())

    assert why(touch) == ("suppressed", "frequency_cap")


def test_quiet_hours_do_not_last_longer_than_the_message(gateway):
    world.make_quiet(starts=clock(0), ends=clock(23, 59))

    (touch,) = walks.come(walks.make_journey_message(), world.make_customer(), days=0)

    assert why(touch) == ("suppressed", "expired")


@pytest.mark.parametrize(("bought", "state"), [(-DAY, "sent"), (DAY, "suppressed")])
def test_a_purchase_since_the_walk_began_makes_a_promotion_pointless(gateway, bought, state):
    campaign, customer = walks.make_journey_message(), world.make_customer()
    walk = walks.enrol(campaign, customer, entered_at=NOON)
    world.make_order(customer, NOON + bought)
    queue_walkers(campaign, [Walker(walk.pk, 4, customer.pk)], NOON + 2 * DAY, NOON + 9 * DAY)

    services.dispatch(campaign.pk, at=NOON + 2 * DAY)

    assert Touch.objects.get().state == state


def test_of_two_ids_of_one_person_in_the_journey_one_gets_it(gateway):
    campaign = walks.make_journey_message()
    survivor = world.make_customer()
    absorbed = world.make_customer()
    first, second = walks.come(campaign, survivor, absorbed)
    absorbed.merged_into = survivor
    absorbed.save()

    services.dispatch(campaign.pk, at=NOON)

    assert [why(first), why(second)] == [("sent", ""), ("suppressed", "same_person")]


def test_an_earlier_visit_of_another_id_does_not_count(gateway):
    campaign, survivor = walks.make_journey_message(), world.make_customer()
    absorbed = world.make_customer()
    walks.come(campaign, absorbed, at=NOON - 9 * DAY)
    services.dispatch(campaign.pk, at=NOON - 9 * DAY)
    Enrolment.objects.update(state="ended", ending="finished", ended_at=NOON - 8 * DAY, due_at=None)
    absorbed.merged_into = survivor
    absorbed.save()

    (touch,) = walks.come(campaign, survivor)

    assert why(touch) == ("queued", "")


def test_who_is_held_out_under_another_id_is_not_touched(gateway):
    campaign, survivor = walks.make_journey_message(), world.make_customer()
    absorbed = world.make_customer(merged_into=survivor)
    walks.enrol(campaign, absorbed, arm="holdout", state="held_out", node="")

    (touch,) = walks.come(campaign, survivor)

    assert why(touch) == ("suppressed", "same_person")


def test_what_waits_for_an_ended_walk_is_left_out(gateway):
    campaign = walks.make_journey_message()
    left, stays = walks.come(campaign, world.make_customer(), world.make_customer())

    assert drop_for_ended([left.enrolment_id]) == 1
    assert drop_for_ended([left.enrolment_id]) == 0

    assert [why(left), why(stays)] == [("suppressed", "left_journey"), ("queued", "")]


@pytest.mark.parametrize(("ending", "state"), [("goal", "suppressed"), ("finished", "sent")])
def test_a_walk_that_ended_before_its_time_gets_no_more(gateway, ending, state):
    campaign = walks.make_journey_message()
    (touch,) = walks.come(campaign, world.make_customer())
    Enrolment.objects.update(state="ended", ending=ending, ended_at=NOON, due_at=None)

    services.dispatch(campaign.pk, at=NOON)

    assert why(touch)[0] == state


def test_a_paused_journeys_messages_wait_and_an_ended_ones_are_cancelled(gateway):
    campaign = walks.make_journey_message()
    (touch,) = walks.come(campaign, world.make_customer())
    Campaign.objects.update(state="paused")
    assert services.dispatch(campaign.pk, at=NOON) == 0
    assert services.campaigns_due(NOON) == []

    services.cancel_campaign(campaign.pk, at=NOON)

    assert why(touch) == ("suppressed", "cancelled")


def test_a_journeys_message_is_due_only_when_something_is(gateway, monkeypatch):
    campaign = walks.make_journey_message()
    planned = services.start_campaign(world.frozen(monkeypatch, [world.make_customer()]).pk, at=NOON)
    assert services.campaigns_due(NOON) == [planned.pk]
    walks.come(campaign, world.make_customer(), at=NOON + DAY)

    assert services.campaigns_due(NOON) == [planned.pk]
    assert services.campaigns_due(NOON + DAY) == sorted([campaign.pk, planned.pk])
    services.dispatch(campaign.pk, at=NOON + DAY)
    assert services.campaigns_due(NOON + DAY) == [planned.pk]


def test_asking_for_an_answer_writes_nothing(gateway):
    customer = world.make_customer(consent=False)

    answer = guard.answer(
        customer_id=customer.pk, channel="phone", is_promotion=True, at=NOON, expires_at=NOON + 3 * DAY
    )

    assert (answer.channel, answer.state, answer.reason) == ("phone", "suppressed", "opted_out")
    assert not Touch.objects.exists()
