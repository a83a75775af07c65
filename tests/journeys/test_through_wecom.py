"""Campaigns through WeCom from the freeze to the orders: nothing is sent before staff confirm, and nothing twice."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from homeground.channels.kinds.wecom import WECOM_MASS
from homeground.channels.models import Channel
from homeground.channels.services import switch_on_wecom
from homeground.channels.tokens import Trace, token_of
from homeground.content.errors import BadText
from homeground.core import time
from homeground.events.catalog.service import MessageReceived
from homeground.events.models import StreamEvent
from homeground.events.services import record
from homeground.journeys import queries, services
from homeground.journeys.errors import BeingSent, CannotFreeze
from homeground.journeys.models import Campaign, Participant, Touch
from homeground.journeys.queries.staff import way
from homeground.people.models import Consent
from homeground.sandbox import models as sandbox
from homeground.wecom import tasks_sends
from homeground.wecom.models import MassSend, Moment
from homeground.wecom.queries.visitors import SESSION_KEY
from homeground.wecom.services import mass_sends, moments
from tests.journeys import world
from tests.journeys.test_dispatch import kill_at_random, start_dispatch
from tests.support import drain
from tests.wecom.sends import platform as played
from tests.wecom.sends.platform import confirm, friend, publish, react, unfriend

pytestmark = pytest.mark.django_db(transaction=True)
CREATE = "externalcontact/add_msg_template"


@pytest.fixture
def platform(db, monkeypatch):
    world.no_policy()
    world.make_channel("wecom", "wecom_mass", address_kinds=["wecom_external"])
    world.make_channel("moments", "wecom_moments", address_kinds=["wecom_external"])
    return played.connect(monkeypatch)


def friends(count, userid="zhang"):
    made = [friend(userid) for _ in range(count)]
    for one in made:
        world.decide(one.customer, is_granted=True)
    return made


def frozen(monkeypatch, people, channel="wecom", body="上新了 https://shop.example/new", **fields):
    kind = {"wecom": "wecom_mass", "moments": "wecom_moments"}[channel]
    message = world.make_message(channel_kind=kind, body=body)
    customers = [one.customer for one in people]
    return world.frozen(monkeypatch, customers, at=time.now(), channel=channel, message=message, **fields)


def started(monkeypatch, people, **fields):
    return services.start_campaign(frozen(monkeypatch, people, **fields).pk)


def states(campaign):
    return sorted(Touch.objects.filter(campaign=campaign).values_list("state", flat=True))


def lines(campaign):
    return {line.slug: line.customers for line in queries.ledger(campaign.pk).lines}


def test_a_campaign_is_assigned_confirmed_delivered_and_then_sent(monkeypatch, platform):
    ana, bo = friends(1, "zhang")[0], friends(1, "li")[0]
    campaign = started(monkeypatch, [ana, bo])

    services.dispatch(campaign.pk)
    drain()
    assert states(campaign) == ["assigned", "assigned"]
    campaign.refresh_from_db()
    assert campaign.state == "sending"

    confirm("zhang")
    mass_sends.poll()
    drain()
    assert states(campaign) == ["assigned", "delivered"]

    confirm("li")
    mass_sends.poll(is_hurried=True)
    drain()
    services.dispatch(campaign.pk)
    campaign.refresh_from_db()
    assert (states(campaign), campaign.state) == (["delivered", "delivered"], "sent")
    assert platform.count("add_msg_template") == 1


def test_a_touch_counts_as_sent_when_staff_confirmed(monkeypatch, platform):
    campaign = started(monkeypatch, friends(1))
    services.dispatch(campaign.pk)
    sandbox.Corp.objects.update(clock_offset_seconds=7200)
    confirm("zhang")
    mass_sends.poll()
    drain()

    touch = Touch.objects.get()
    assert touch.sent_at == touch.delivered_at > time.now() + timedelta(hours=1)


def test_everybody_reads_the_same_with_links_of_the_campaign(monkeypatch, platform, client):
    campaign = started(monkeypatch, friends(2))
    services.dispatch(campaign.pk)

    text = sandbox.MassMessage.objects.get().content["text"]["content"]
    assert text.startswith("上新了 http")
    assert "退订：" in text
    traced = text.split()[1].partition("/t/")[2]

    answer = client.get(f"/t/{traced}")

    assert answer.url == "https://shop.example/new"
    click = StreamEvent.objects.get(name="channels.message_clicked")
    assert (click.customer_id, click.properties["campaign_id"], click.properties["touch_id"]) == (None, campaign.pk, 0)


def test_a_text_with_places_for_each_is_refused(monkeypatch, platform):
    with pytest.raises(BadText):
        frozen(monkeypatch, friends(1), body="你好 {{name|亲}}")

    assert Campaign.objects.get().state == "draft"


def test_without_a_corp_the_channel_cannot_be_used(monkeypatch, db):
    world.no_policy()
    world.make_channel("wecom", "wecom_mass", address_kinds=["wecom_external"], is_enabled=False)

    with pytest.raises(CannotFreeze):
        frozen(monkeypatch, [friend()])


def test_connecting_switches_the_channels_on(platform):
    Channel.objects.update(is_enabled=False)

    switch_on_wecom()

    assert set(Channel.objects.filter(is_enabled=True).values_list("slug", flat=True)) == {"wecom", "moments"}


def test_an_answer_that_got_lost_is_never_asked_for_again(monkeypatch, platform):
    campaign = started(monkeypatch, friends(3))
    platform.loses = [CREATE]
    services.dispatch(campaign.pk)
    campaign.refresh_from_db()
    assert (states(campaign), campaign.state) == (["unknown"] * 3, "sending")
    platform.loses = []

    services.dispatch(campaign.pk)
    mass_sends.reconcile()
    drain()

    assert (states(campaign), platform.count("add_msg_template")) == (["assigned"] * 3, 1)


def test_a_dispatcher_that_died_after_the_placing_places_nothing_again(monkeypatch, platform):
    campaign = started(monkeypatch, friends(3))
    monkeypatch.setattr("homeground.journeys.services.dispatching.settle", die)
    with pytest.raises(Killed):
        services.dispatch(campaign.pk)
    monkeypatch.undo()
    played.connect_again(monkeypatch, platform)
    assert states(campaign) == ["sending"] * 3

    services.dispatch(campaign.pk)

    assert (states(campaign), platform.count("add_msg_template")) == (["assigned"] * 3, 1)


def test_a_dispatcher_that_died_before_the_placing_places_once(monkeypatch, platform):
    campaign = started(monkeypatch, friends(2))
    monkeypatch.setattr("homeground.channels.services.send", die)
    with pytest.raises(Killed):
        services.dispatch(campaign.pk)
    monkeypatch.undo()
    played.connect_again(monkeypatch, platform)

    services.dispatch(campaign.pk)
    services.dispatch(campaign.pk, at=time.now() + timedelta(minutes=2))

    assert (states(campaign), platform.count("add_msg_template")) == (["assigned"] * 2, 1)


def test_a_dispatcher_that_died_while_asking_places_nothing_again(monkeypatch, platform):
    campaign = started(monkeypatch, friends(2))
    monkeypatch.setattr("homeground.wecom.services.mass_sends.placing._asked", die)
    with pytest.raises(Killed):
        services.dispatch(campaign.pk)
    monkeypatch.undo()
    played.connect_again(monkeypatch, platform)

    services.dispatch(campaign.pk)
    assert (states(campaign), MassSend.objects.get().state) == (["unknown"] * 2, "unknown")
    mass_sends.reconcile(time.now() + timedelta(hours=2))
    drain()

    assert (states(campaign), platform.count("add_msg_template")) == (["failed"] * 2, 0)


class Killed(BaseException):
    """The process is gone: nothing catches it."""


def die(*_given, **_named):
    raise Killed


def test_killed_at_random_nobody_is_in_two_mass_sends_and_everyone_ends_in_a_state(monkeypatch, db, live_server):
    world.no_policy()
    world.make_channel("wecom", "wecom_mass", address_kinds=["wecom_external"])
    played.add_corp(f"{live_server.url}/sandbox/wecom/")
    campaign = started(monkeypatch, friends(200))
    kills = [start_dispatch(campaign.pk, time.now() + timedelta(minutes=at)) for at in range(4)]
    for process in kills:
        kill_at_random(process)
    at = time.now() + timedelta(hours=3)
    monkeypatch.setattr(WECOM_MASS, "batch", 20)
    while (due := services.next_due_at(campaign.pk)) is not None or states(campaign).count("sending"):
        at = max(at, due or at)
        with suppress(BeingSent):  # PostgreSQL has not noticed the death of the last one yet.
            services.dispatch(campaign.pk, at=at)
    mass_sends.reconcile()
    drain()

    placed = sandbox.MassRecipient.objects.values_list("contact_id", flat=True)
    assert len(placed) == len(set(placed))
    assert set(states(campaign)) == {"assigned"} or MassSend.objects.filter(state="unknown").exists()
    assert states(campaign).count("assigned") >= len(placed) - 20
    mass_sends.reconcile(at + timedelta(hours=5))
    drain()
    assert set(states(campaign)) <= {"assigned", "failed"}
    assert states(campaign).count("assigned") == len(placed)


def test_who_is_no_friend_any_more_fails_and_the_others_do_not(monkeypatch, platform):
    ana, gone = friends(2)
    campaign = started(monkeypatch, [ana, gone])
    unfriend(gone)

    services.dispatch(campaign.pk)
    drain()

    assert lines(campaign) == {"assigned": 1, "failed.refused": 1}


def test_a_cancelled_campaign_is_taken_back_from_staff(monkeypatch, platform):
    ana, bo = friends(1, "zhang")[0], friends(1, "li")[0]
    campaign = started(monkeypatch, [ana, bo])
    services.dispatch(campaign.pk)
    confirm("zhang")
    deferred = []
    monkeypatch.setattr("homeground.journeys.services.campaigns._queue", lambda *job: deferred.append(job[0]))

    services.cancel_campaign(campaign.pk)
    assert deferred == ["wecom.withdraw_campaign"]
    tasks_sends.withdraw_campaign(campaign.pk)
    drain()

    assert lines(campaign) == {"delivered": 1, "suppressed.cancelled": 1}
    assert confirm("li") == 0


def test_what_reaches_staff_while_being_cancelled_is_taken_back_too(monkeypatch, platform):
    campaign = started(monkeypatch, friends(1))
    services.dispatch(campaign.pk)
    Campaign.objects.update(state="cancelled")
    deferred = []
    monkeypatch.setattr("homeground.journeys.services.campaigns._queue", lambda *job: deferred.append(job[0]))

    drain()

    assert deferred == ["wecom.withdraw_campaign"]


def test_what_nobody_confirms_within_the_window_ends_as_left_out(monkeypatch, platform):
    campaign = started(monkeypatch, friends(1), window_days=3)
    services.dispatch(campaign.pk)

    mass_sends.poll(time.now() + timedelta(days=3))
    drain()
    services.dispatch(campaign.pk)

    campaign.refresh_from_db()
    assert (lines(campaign), campaign.state) == ({"suppressed.not_confirmed": 1}, "sent")
    assert Touch.objects.get().sent_at is None


def test_who_writes_soon_after_has_answered(monkeypatch, platform):
    ana, bo = friends(2)
    campaign = started(monkeypatch, [ana, bo])
    services.dispatch(campaign.pk)
    confirm("zhang")
    mass_sends.poll()
    drain()
    now = time.now()
    record(
        MessageReceived(customer_id=ana.customer.pk, place="chat", happened_at=now + timedelta(hours=1)),
        MessageReceived(customer_id=bo.customer.pk, place="chat", happened_at=now + timedelta(days=4)),
    )
    world.make_order(ana.customer, now + timedelta(hours=2))

    drain()

    answered = dict(Touch.objects.values_list("customer_id", "answered_at"))
    assert (answered[ana.customer.pk], answered[bo.customer.pk]) == (now + timedelta(hours=1), None)
    counts = [step.customers for step in way(campaign).steps]
    assert counts == [2, 2, 2, 2, 1, 1] or counts[2:] == [2, 2, 1, 1]


def test_a_moments_campaign_is_one_post_that_its_treated_people_see(monkeypatch, platform):
    people = friends(3, "zhang") + friends(3, "li")
    campaign = started(monkeypatch, people, channel="moments", holdout_bp=4000)

    services.dispatch(campaign.pk)
    assert platform.count("add_moment_task") == 1
    publish("zhang")
    publish("li")
    moments.poll()
    drain()

    treated = set(Participant.objects.filter(campaign=campaign, arm="treated").values_list("customer_id", flat=True))
    seen = set(sandbox.MomentViewer.objects.values_list("contact__external_userid", flat=True))
    assert seen == {one.id for one in people if one.customer.pk in treated}
    marked = sandbox.Friendship.objects.exclude(tag_ids=[]).values_list("contact__external_userid", flat=True)
    assert set(marked) == seen
    assert states(campaign) == ["delivered"] * len(treated)


def test_a_like_answers_a_moments_touch(monkeypatch, platform):
    ana = friends(1)[0]
    campaign = started(monkeypatch, [ana], channel="moments")
    services.dispatch(campaign.pk)
    publish("zhang")
    react(ana, "zhang")

    moments.poll()
    drain()

    assert Touch.objects.get(campaign=campaign).answered_at is not None


def test_a_dispatcher_that_died_while_marking_posts_once_and_leaves_no_mark(monkeypatch, platform):
    people = friends(3)
    campaign = started(monkeypatch, people, channel="moments")
    monkeypatch.setattr("homeground.wecom.services.moments.placing._addressed", die)
    with pytest.raises(Killed):
        services.dispatch(campaign.pk)
    monkeypatch.undo()
    played.connect_again(monkeypatch, platform)
    world.decide(people[0].customer, is_granted=False, at=time.now())

    services.dispatch(campaign.pk)
    services.dispatch(campaign.pk, at=time.now() + timedelta(minutes=2))
    publish("zhang")

    assert platform.count("add_moment_task") == 1
    assert set(sandbox.MomentViewer.objects.values_list("contact__external_userid", flat=True)) == {
        one.id for one in people[1:]
    }
    moments.drop_tags()
    assert sandbox.Friendship.objects.get(contact=people[0].there).tag_ids == [] or (
        Moment.objects.filter(state="failed").exists()
    )


def test_the_shared_opt_out_link_asks_who_it_is_and_opts_that_one_out(monkeypatch, platform, client):
    ana, bo = friends(2)
    campaign = started(monkeypatch, [ana, bo])
    services.dispatch(campaign.pk)
    channel = Channel.objects.get(slug="wecom")
    shared = f"/o/{token_of(Trace(channel.pk, 0, campaign.pk, 0), 'opt_out')}"

    asked = client.get(shared)
    assert asked.url.startswith("/wecom/") or "for=customer" in asked.url
    session = client.session
    session[SESSION_KEY] = [ana.id, ""]
    session.save()
    own = client.get(shared).url
    assert client.get(own).status_code == 200
    client.post(own, {"choice": "channel"})
    drain()

    said = Consent.objects.filter(is_granted=False)
    assert list(said.values_list("customer_id", "channel")) == [(ana.customer.pk, "wecom")]
    assert Touch.objects.get(customer=ana.customer).opted_out_at is not None
    assert Touch.objects.get(customer=bo.customer).opted_out_at is None


def test_a_stranger_who_follows_the_shared_link_changes_nothing(monkeypatch, platform, client):
    campaign = started(monkeypatch, friends(1))
    shared = f"/o/{token_of(Trace(Channel.objects.get(slug='wecom').pk, 0, campaign.pk, 0), 'opt_out')}"
    session = client.session
    session[SESSION_KEY] = ["", "openid"]
    session.save()

    answer = client.get(shared)

    assert (answer.status_code, "没有认出您" in answer.content.decode()) == (404, True)
    assert not Consent.objects.filter(is_granted=False).exists()


def test_the_campaigns_page_shows_the_chain_and_the_loss(monkeypatch, platform, client):
    client.force_login(User.objects.create_superuser("op"))
    campaign = started(monkeypatch, friends(2, "zhang") + friends(1, "li"))
    services.dispatch(campaign.pk)
    mass_sends.poll()
    confirm("zhang")
    mass_sends.poll(is_hurried=True)
    drain()

    page = client.get(reverse("journeys:campaign", args=[campaign.pk]), {"sort": "assigned"}).content.decode()

    assert all(words in page for words in ("员工执行", "已分配员工", "少 1", "Zhang", "Li", "提醒全部"))
    answer = client.post(reverse("journeys:remind", args=[campaign.pk]))
    assert (answer.status_code, sandbox.MassReminder.objects.count()) == (302, 1)


@pytest.mark.parametrize("name", ["remind", "call_on"])
def test_a_stranger_may_not_remind_staff(monkeypatch, platform, client, name):
    campaign = started(monkeypatch, friends(1))
    services.dispatch(campaign.pk)
    mass_sends.poll()
    client.force_login(User.objects.create_user("nobody"))
    staff = [MassSend.objects.get().tasks.get().staff_id] if name == "call_on" else []

    answer = client.post(reverse(f"journeys:{name}", args=[campaign.pk, *staff]))

    assert (answer.status_code, sandbox.MassReminder.objects.count()) == (403, 0)


def test_the_draft_says_what_is_different_and_who_serves_whom(monkeypatch, platform, client):
    client.force_login(User.objects.create_superuser("op"))
    people = friends(2, "zhang")
    loner = world.make_customer()
    world.audience(monkeypatch, [*(one.customer for one in people), loner])
    segment = world.make_draft().segment

    page = client.get(reverse("journeys:plan"), {"segment": segment.pk, "channel": "wecom"}).content.decode()

    assert all(words in page for words in ("和别的渠道不同", "Zhang", "还有 1 人不是任何在职员工的好友"))
    assert "和别的渠道不同" not in client.get(reverse("journeys:plan"), {"segment": segment.pk}).content.decode()
