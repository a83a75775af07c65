import os
import random
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection

from homeground.events.models import StreamEvent
from homeground.journeys import queries, services
from homeground.journeys.errors import BeingSent, CannotClose, WrongState
from homeground.journeys.models import Campaign, Closing, Touch
from homeground.journeys.services import dispatching
from tests.journeys import world
from tests.journeys.gateway import open_gateway
from tests.journeys.world import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gateway(db):
    world.no_policy()
    with open_gateway() as gateway:
        yield gateway


def started(monkeypatch, customers, **fields):
    campaign = world.frozen(monkeypatch, customers, **fields)
    return services.start_campaign(campaign.pk, at=NOON)


def states():
    return sorted(Touch.objects.values_list("state", flat=True))


def test_everyone_treated_gets_one_message_and_the_campaign_is_sent(monkeypatch, gateway):
    customers = [world.make_customer(name=f"客{i}") for i in range(30)]
    campaign = started(monkeypatch, customers, holdout_bp=3000)

    handed_over = services.dispatch(campaign.pk, at=NOON)

    ledger = queries.ledger(campaign.pk)
    assert handed_over == ledger.of("sent") == ledger.treated == len(gateway.delivered)
    assert set(gateway.delivered.values()) == {1}
    campaign.refresh_from_db()
    assert (campaign.state, campaign.finished_at) == ("sent", NOON)


def test_the_text_is_filled_for_each_customer(monkeypatch, gateway):
    named, unnamed = world.make_customer(name="小林"), world.make_customer()
    campaign = started(monkeypatch, [named, unnamed])

    services.dispatch(campaign.pk, at=NOON)

    assert sorted(body.splitlines()[0] for body in gateway.bodies.values()) == ["你好 亲爱的顾客", "你好 小林"]


def test_a_repeat_sends_nothing_more(monkeypatch, gateway):
    campaign = started(monkeypatch, [world.make_customer()])
    services.dispatch(campaign.pk, at=NOON)

    assert services.dispatch(campaign.pk, at=NOON) == 0
    assert sum(gateway.requested.values()) == 1


def test_the_sending_is_told_on_the_stream_once(monkeypatch, gateway):
    campaign = started(monkeypatch, [world.make_customer()])

    services.dispatch(campaign.pk, at=NOON)

    assert list(StreamEvent.objects.filter(name__startswith="channels.").values_list("name", flat=True)) == [
        "channels.message_sent"
    ]


def test_nothing_goes_out_before_the_start_or_after_a_pause(monkeypatch, gateway):
    customers = [world.make_customer() for _ in range(6)]
    monkeypatch.setattr(dispatching, "BATCH", 2)
    campaign = world.frozen(monkeypatch, customers)
    assert services.dispatch(campaign.pk, at=NOON) == 0

    services.start_campaign(campaign.pk, at=NOON)
    services.dispatch(campaign.pk, at=NOON, after_batch=lambda _size: services.pause_campaign(campaign.pk))
    assert len(gateway.delivered) == 2

    services.resume_campaign(campaign.pk)
    services.dispatch(campaign.pk, at=NOON)
    assert len(gateway.delivered) == 6


def test_a_cancelled_campaign_sends_no_more_and_still_adds_up(monkeypatch, gateway):
    monkeypatch.setattr(dispatching, "BATCH", 2)
    campaign = started(monkeypatch, [world.make_customer() for _ in range(5)])

    services.dispatch(campaign.pk, at=NOON, after_batch=lambda _size: services.cancel_campaign(campaign.pk, at=NOON))

    ledger = queries.ledger(campaign.pk)
    assert [(line.slug, line.customers) for line in ledger.lines] == [("sent", 2), ("suppressed.cancelled", 3)]
    with pytest.raises(WrongState):
        services.resume_campaign(campaign.pk)


def test_who_opts_out_or_buys_after_the_freeze_gets_nothing(monkeypatch, gateway):
    opts_out, buys, bought_before, gets_it = (world.make_customer() for _ in range(4))
    world.make_order(bought_before, NOON - timedelta(minutes=1))
    campaign = started(monkeypatch, [opts_out, buys, bought_before, gets_it])
    world.decide(opts_out, is_granted=False, at=NOON)
    world.make_order(buys, NOON + timedelta(minutes=1))

    services.dispatch(campaign.pk, at=NOON + timedelta(minutes=2))

    reasons = dict(Touch.objects.values_list("customer_id", "reason"))
    assert reasons == {opts_out.pk: "opted_out", buys.pk: "already_bought", bought_before.pk: "", gets_it.pk: ""}
    assert len(gateway.delivered) == 2


def test_two_campaigns_do_not_both_take_the_last_place_under_a_cap(monkeypatch, gateway):
    world.make_cap(most=1)
    customer = world.make_customer()
    first, second = started(monkeypatch, [customer]), started(monkeypatch, [customer])

    services.dispatch(first.pk, at=NOON)
    services.dispatch(second.pk, at=NOON)

    assert states() == ["sent", "suppressed"]
    assert sum(gateway.delivered.values()) == 1


def test_a_deferred_touch_goes_out_when_the_quiet_hours_end(monkeypatch, gateway):
    world.make_quiet(starts=world.clock(11), ends=world.clock(13))
    campaign = started(monkeypatch, [world.make_customer()])

    services.dispatch(campaign.pk, at=NOON)
    assert (states(), services.next_due_at(campaign.pk)) == (["deferred"], NOON + timedelta(hours=1))
    assert services.campaigns_due(NOON) == []

    services.dispatch(campaign.pk, at=NOON + timedelta(hours=1))
    assert states() == ["sent"]


def test_customers_found_to_be_one_person_after_the_freeze_get_one_message(monkeypatch, gateway):
    survivor, absorbed = world.make_customer(), world.make_customer()
    campaign = started(monkeypatch, [survivor, absorbed])
    absorbed.merged_into = survivor
    absorbed.save()

    services.dispatch(campaign.pk, at=NOON)

    assert dict(Touch.objects.values_list("customer_id", "reason")) == {survivor.pk: "", absorbed.pk: "same_person"}
    assert sum(gateway.delivered.values()) == 1


def test_a_survivor_gets_nothing_when_the_absorbed_one_got_it(monkeypatch, gateway):
    monkeypatch.setattr(dispatching, "BATCH", 1)
    one, other = world.make_customer(), world.make_customer()
    campaign = started(monkeypatch, [one, other])

    def merge_the_reached_into_the_other(_size):
        reached = Touch.objects.get(state="sent").customer
        reached.merged_into_id = ({one.pk, other.pk} - {reached.pk}).pop()
        reached.save()

    services.dispatch(campaign.pk, at=NOON, after_batch=merge_the_reached_into_the_other)

    assert sum(gateway.delivered.values()) == 1
    assert queries.ledger(campaign.pk).of("suppressed") == 1


def test_a_busy_gateway_is_tried_again_later_with_the_same_key(monkeypatch, gateway):
    gateway.statuses = [503]
    campaign = started(monkeypatch, [world.make_customer()])

    services.dispatch(campaign.pk, at=NOON)
    touch = Touch.objects.get()
    assert (touch.state, touch.reason, touch.due_at, touch.sent_at) == (
        "queued",
        "busy",
        NOON + timedelta(minutes=1),
        None,
    )

    services.dispatch(campaign.pk, at=NOON + timedelta(minutes=1))
    again = Touch.objects.get()
    assert (again.state, again.key, again.attempts) == ("sent", touch.key, 2)


def test_after_the_last_try_a_touch_has_failed(monkeypatch, gateway):
    gateway.statuses = [503] * 10
    campaign = started(monkeypatch, [world.make_customer()])

    at = NOON
    while (due := services.next_due_at(campaign.pk)) is not None:
        at = max(at, due)
        services.dispatch(campaign.pk, at=at)

    touch = Touch.objects.get()
    assert (touch.state, touch.reason, touch.attempts, touch.detail) == ("failed", "busy", 5, {"words": "503"})
    assert StreamEvent.objects.filter(name="channels.message_failed").count() == 1
    assert Campaign.objects.get().state == "sent"


def test_an_outcome_that_nobody_knows_is_never_repeated(monkeypatch, gateway):
    gateway.statuses = [500]
    campaign = started(monkeypatch, [world.make_customer()])

    services.dispatch(campaign.pk, at=NOON)
    services.dispatch(campaign.pk, at=NOON + timedelta(days=1))

    assert states() == ["unknown"]
    assert gateway.requested.total() == 0


def test_one_process_sends_at_a_time(monkeypatch, gateway):
    campaign = started(monkeypatch, [world.make_customer()])
    held, release = Event(), Event()

    def hold():
        with dispatching._alone(campaign.pk):
            held.set()
            release.wait(10)
        connection.close()

    other = Thread(target=hold)
    other.start()
    held.wait(10)
    with pytest.raises(BeingSent):
        services.dispatch(campaign.pk, at=NOON)
    release.set()
    other.join()


def test_killed_at_random_nobody_gets_two_and_everyone_ends_in_a_state(monkeypatch, db):
    world.no_policy()
    with open_gateway(pause_seconds=0.02) as gateway:
        campaign = started(monkeypatch, [world.make_customer() for _ in range(300)])
        kills = [start_dispatch(campaign.pk, NOON + timedelta(minutes=2 * at)) for at in range(4)]
        for process in kills:
            kill_at_random(process)
        at = NOON + timedelta(hours=1)
        while (due := services.next_due_at(campaign.pk)) is not None or states().count("sending"):
            at = max(at, due or at)
            with suppress(BeingSent):  # PostgreSQL has not noticed the death of the last one yet.
                services.dispatch(campaign.pk, at=at)

    assert set(gateway.delivered.values()) == {1}
    assert len(gateway.delivered) == 300
    assert set(states()) == {"sent"}


def test_what_a_silent_channel_had_under_way_at_a_crash_stays_unknown(monkeypatch, gateway):
    campaign = started(monkeypatch, [world.make_customer()])
    Touch.objects.update(state="sending", key=world.new_key(), sent_at=NOON)
    monkeypatch.setattr("homeground.channels.services.known", lambda _channel, _keys: {})

    services.dispatch(campaign.pk, at=NOON)

    assert states() == ["unknown"]
    assert gateway.requested.total() == 0


def start_dispatch(campaign_id, at):
    place = connection.settings_dict
    url = f"postgresql://{place['USER']}@/{place['NAME']}?host={place['HOST']}"
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.dispatcher", str(campaign_id), at.isoformat()],
        env=os.environ | {"HOMEGROUND_DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def kill_at_random(process):
    """Let a dispatcher that is ready begin, and kill it within a few of its batches."""
    assert process.stdout.readline() == b"ready\n"
    process.stdin.write(b"go\n")
    process.stdin.flush()
    with suppress(subprocess.TimeoutExpired):
        process.wait(random.uniform(0.02, 0.4))
    process.kill()
    process.communicate()


def test_closing_needs_an_explanation_and_a_next_action(monkeypatch, gateway):
    campaign = started(monkeypatch, [world.make_customer()])
    words = {"explanation": "券到期前三天提醒有效", "next_action": "下月对沉睡客户重做", "closed_by": "op"}
    with pytest.raises(WrongState):
        services.close_campaign(campaign.pk, **words, at=NOON)
    services.dispatch(campaign.pk, at=NOON)
    with pytest.raises(CannotClose):
        services.close_campaign(campaign.pk, **words | {"explanation": "  "}, at=NOON)
    assert not Closing.objects.exists()

    first = services.close_campaign(campaign.pk, **words, at=NOON)

    assert services.close_campaign(campaign.pk, **words, at=NOON).pk == first.pk
    assert Campaign.objects.get().state == "closed"
