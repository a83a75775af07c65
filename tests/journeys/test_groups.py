"""Campaigns to customer groups: chosen, guarded group by group, placed with each owner once, told by the platform."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from homeground.core import time
from homeground.journeys import services
from homeground.journeys.errors import BeingSent, CannotFreeze
from homeground.journeys.models import GroupTouch, PlatformQuota
from homeground.journeys.queries.groups import came, delivered, fates
from homeground.sandbox import models as sandbox
from homeground.sandbox.services.wecom import mass as playing
from homeground.wecom import tasks_sends
from homeground.wecom.models import GroupChat, MassSend, Staff
from homeground.wecom.services import mass_sends
from tests.journeys import world
from tests.journeys.group_world import frozen, limit, lines, no_policy, started, state
from tests.journeys.test_dispatch import kill_at_random, start_dispatch
from tests.support import drain
from tests.wecom.sends import platform as played
from tests.wecom.sends.platform import confirm, friend, group, member

pytestmark = pytest.mark.django_db(transaction=True)
CREATE = "externalcontact/add_msg_template"


@pytest.fixture
def platform(db, monkeypatch):
    no_policy()
    return played.connect(monkeypatch)


def test_each_owner_gets_one_task_and_the_groups_are_told_as_they_confirm(monkeypatch, platform):
    ana, bo, ci = friend("zhang"), friend("zhang"), friend("li")
    group("zhang", [ana, bo]), group("zhang", [bo]), group("li", [ci])
    campaign = started(monkeypatch)
    assert campaign.audience_size == 3

    assert services.dispatch(campaign.pk) == 3
    assert services.dispatch(campaign.pk) == 0
    assert (lines(campaign), platform.count("add_msg_template")) == ({"assigned": 3}, 2)

    confirm("zhang")
    mass_sends.poll()
    services.dispatch(campaign.pk)
    assert (lines(campaign), state(campaign)) == ({"assigned": 1, "delivered": 2}, "sending")

    confirm("li")
    mass_sends.poll(is_hurried=True)
    services.dispatch(campaign.pk)
    assert (lines(campaign), state(campaign)) == ({"delivered": 3}, "sent")
    assert delivered([campaign.pk]) == {campaign.pk: 3}
    said = sandbox.ChatMessage.objects.filter(chat__isnull=False)
    assert said.count() == 3
    assert "退订：" in said.first().text


def test_groups_are_chosen_by_owner_name_and_how_many_of_the_segment_are_in_them(monkeypatch, platform):
    ana, bo = friend("zhang"), friend("zhang")
    both, one, none = group("zhang", [ana, bo]), group("zhang", [ana]), group("zhang", [])
    fan, other, gone = group("zhang", [ana], name="粉丝A群"), group("li", [ana]), group("zhang", [ana, bo])
    GroupChat.objects.filter(pk=gone.pk).update(dismissed_at=time.now())
    zhang = Staff.objects.get(userid="zhang").pk

    def chosen(**groups):
        campaign = frozen(monkeypatch, [ana, bo], groups=groups)
        return set(GroupTouch.objects.filter(campaign=campaign).values_list("chat_id", flat=True))

    assert chosen() == {both.pk, one.pk, none.pk, fan.pk, other.pk}
    assert chosen(least=2) == {both.pk}
    assert chosen(least=1, owners=[zhang]) == {both.pk, one.pk, fan.pk}
    assert chosen(name="粉丝a") == {fan.pk}
    with pytest.raises(CannotFreeze):
        frozen(monkeypatch, [ana], groups={"least": 3})


def test_whole_groups_are_held_out(monkeypatch, platform):
    for _ in range(20):
        group("zhang", [friend("zhang")])
    campaign = started(monkeypatch, holdout_bp=5000)

    services.dispatch(campaign.pk)

    held = lines(campaign)["held_out"]
    assert 2 <= held <= 18
    assert sandbox.MassRecipient.objects.count() == 20 - held


def test_a_group_without_an_owner_in_service_is_left_out(monkeypatch, platform):
    group("zhang"), group("li")
    Staff.objects.filter(userid="li").update(is_active=False)

    assert lines(frozen(monkeypatch)) == {"suppressed.no_owner": 1, "queued": 1}


def test_a_group_bears_so_many_promotions_and_two_campaigns_do_not_both_take_the_last(monkeypatch, platform):
    limit(most=1)
    group("zhang")
    first, second, service = started(monkeypatch), started(monkeypatch), started(monkeypatch, is_promotion=False)

    for campaign in (first, second, service):
        services.dispatch(campaign.pk)

    assert lines(first) == lines(service) == {"assigned": 1}
    assert lines(second) == {"suppressed.group_cap": 1}
    assert GroupTouch.objects.get(campaign=second).detail == {"had": 1, "most": 1, "days": 7}
    later = time.now() + timedelta(days=8)
    confirm("zhang")
    mass_sends.poll(is_hurried=True)
    assert lines(frozen(monkeypatch, at=later)) == {"queued": 1}


def test_of_what_a_group_gets_only_a_share_may_be_promotion(monkeypatch, platform):
    limit(share_bp=5000, least=2)
    group("zhang")
    services.dispatch(started(monkeypatch).pk)
    assert lines(frozen(monkeypatch)) == {"suppressed.group_share": 1}

    services.dispatch(started(monkeypatch, is_promotion=False).pk)

    assert lines(frozen(monkeypatch)) == {"suppressed.group_share": 1}  # Two of three would still be.
    services.dispatch(started(monkeypatch, is_promotion=False).pk)
    assert lines(frozen(monkeypatch)) == {"queued": 1}


def test_the_platforms_quota_counts_whoever_sent_to_the_group(monkeypatch, platform):
    PlatformQuota.objects.create(
        channel_kind="wecom_mass", mode="1_per_day", valid_from=world.LONG_AGO, source="92135", set_by="test"
    )
    chat, free = group("zhang"), group("zhang")
    there = sandbox.GroupChat.objects.get(chat_id=chat.chat_id)
    playing.send_personally(sandbox.Member.objects.get(), {"text": {"content": "早"}}, chats=[there.pk])
    mass_sends.read_others()
    mass_sends.poll()

    campaign = started(monkeypatch)
    services.dispatch(campaign.pk)

    assert lines(campaign) == {"suppressed.platform_quota": 1, "assigned": 1}
    assert {one.chat_id for one in fates(campaign.pk) if one.state == "assigned"} == {free.pk}


def test_in_quiet_hours_it_waits_until_they_end(monkeypatch, platform):
    noon = world.NOON
    world.make_quiet(starts=world.clock(11), ends=world.clock(13))
    group("zhang")
    campaign = started(monkeypatch, at=noon)
    assert (lines(campaign), services.next_due_at(campaign.pk)) == (
        {"deferred.quiet_hours": 1}, noon + timedelta(hours=1),
    )  # fmt: skip

    services.dispatch(campaign.pk, at=noon + timedelta(minutes=30))
    assert platform.count("add_msg_template") == 0
    services.dispatch(campaign.pk, at=noon + timedelta(hours=1))
    assert lines(campaign) == {"assigned": 1}


def test_what_the_owner_confirms_and_the_platform_does_not_tell_of_was_not_sent(monkeypatch, platform):
    kept, full = group("zhang"), group("zhang")
    sandbox.Corp.objects.update(mass_rule="1_per_day")
    campaign = started(monkeypatch)
    services.dispatch(campaign.pk)
    there = sandbox.GroupChat.objects.get(chat_id=full.chat_id)
    playing.send_personally(sandbox.Member.objects.get(), {"text": {"content": "早"}}, chats=[there.pk])
    confirm("zhang")

    mass_sends.poll()
    services.dispatch(campaign.pk)
    assert (lines(campaign), state(campaign)) == ({"assigned": 1, "delivered": 1}, "sending")
    later = time.now() + timedelta(hours=1)
    mass_sends.poll(later)
    services.dispatch(campaign.pk, at=later)

    assert (lines(campaign), state(campaign)) == ({"delivered": 1, "failed.not_sent": 1}, "sent")
    assert {one.chat_id for one in fates(campaign.pk) if one.state == "delivered"} == {kept.pk}


def test_what_owners_do_not_confirm_in_time_is_withdrawn(monkeypatch, platform):
    group("zhang")
    campaign = started(monkeypatch, window_days=3)
    services.dispatch(campaign.pk)
    later = time.now() + timedelta(days=3, minutes=1)

    mass_sends.poll(later)
    services.dispatch(campaign.pk, at=later)

    assert (lines(campaign), state(campaign)) == ({"suppressed.not_confirmed": 1}, "sent")
    assert confirm("zhang") == 0


def test_a_cancelled_campaign_is_taken_back_from_owners(monkeypatch, platform):
    group("zhang"), group("li")
    campaign = started(monkeypatch)
    services.dispatch(campaign.pk)
    confirm("zhang")
    deferred = []
    monkeypatch.setattr("homeground.journeys.services.campaigns._queue", lambda *job: deferred.append(job[0]))

    services.cancel_campaign(campaign.pk)
    tasks_sends.withdraw_campaign(campaign.pk)

    assert deferred == ["wecom.withdraw_campaign"]
    assert lines(campaign) == {"suppressed.cancelled": 1, "delivered": 1}
    assert confirm("li") == 0


def test_what_is_placed_while_the_campaign_is_cancelled_is_found_and_taken_back(monkeypatch, platform):
    group("zhang")
    campaign = started(monkeypatch)
    place = mass_sends.place

    def cancelled_meanwhile(*given, **named):
        services.cancel_campaign(campaign.pk)
        return place(*given, **named)

    monkeypatch.setattr(mass_sends, "place", cancelled_meanwhile)
    services.dispatch(campaign.pk)
    monkeypatch.setattr(mass_sends, "place", place)
    assert campaign.pk in services.campaigns_due(time.now())

    tasks_sends.withdraw_campaign(campaign.pk)

    assert lines(campaign) == {"suppressed.cancelled": 1}
    assert campaign.pk not in services.campaigns_due(time.now())


def test_an_answer_that_got_lost_is_found_by_its_sender_and_never_asked_for_again(monkeypatch, platform):
    group("zhang"), group("zhang"), group("li")
    campaign = started(monkeypatch)
    platform.loses = [CREATE]
    services.dispatch(campaign.pk)
    assert (lines(campaign), state(campaign)) == ({"unknown": 3}, "sending")
    assert mass_sends.read_others() == 0  # What may be ours is nobody else's.
    platform.loses = []

    services.dispatch(campaign.pk)
    mass_sends.reconcile()

    assert (lines(campaign), platform.count("add_msg_template")) == ({"assigned": 3}, 2)
    theirs = dict(sandbox.MassTask.objects.values_list("member__userid", "message__msgid"))
    assert {send.content["sender"]: send.msgid for send in MassSend.objects.all()} == theirs


def test_what_the_record_never_shows_was_not_placed(monkeypatch, platform):
    group("zhang")
    campaign = started(monkeypatch)
    platform.loses = [CREATE]
    services.dispatch(campaign.pk)
    sandbox.MassMessage.objects.all().delete()  # It never came that far.
    platform.loses = []

    mass_sends.reconcile(time.now() + timedelta(hours=2))
    services.dispatch(campaign.pk)

    assert (lines(campaign), state(campaign)) == ({"failed.refused": 1}, "sent")


def test_whoever_died_before_asking_left_nothing_behind_that_is_asked_twice(monkeypatch, platform):
    group("zhang")
    campaign = started(monkeypatch)
    monkeypatch.setattr(mass_sends, "place", die)
    with pytest.raises(Killed):
        services.dispatch(campaign.pk)
    monkeypatch.undo()
    played.connect_again(monkeypatch, platform)
    assert lines(campaign) == {"queued": 1}

    services.dispatch(campaign.pk)
    services.dispatch(campaign.pk)

    assert (lines(campaign), platform.count("add_msg_template")) == ({"assigned": 1}, 1)


def test_without_a_way_to_the_platform_it_is_tried_again_later(monkeypatch, platform):
    monkeypatch.setattr("homeground.wecom.client.api.sleep", lambda _seconds: None)
    group("zhang")
    campaign = started(monkeypatch)
    platform.fails = [CREATE]
    services.dispatch(campaign.pk)
    assert (lines(campaign), "连不上" in GroupTouch.objects.get().detail["words"]) == ({"queued": 1}, True)
    platform.fails = []

    services.dispatch(campaign.pk)
    assert lines(campaign) == {"queued": 1}
    services.dispatch(campaign.pk, at=time.now() + timedelta(minutes=11))

    assert lines(campaign) == {"assigned": 1}


def test_a_group_that_changed_hands_unseen_is_refused_alone(monkeypatch, platform):
    moved, kept = group("zhang"), group("zhang")
    member("li")
    sandbox.GroupChat.objects.filter(chat_id=moved.chat_id).update(owner=sandbox.Member.objects.get(userid="li"))
    campaign = started(monkeypatch)

    services.dispatch(campaign.pk)

    assert {one.chat_id: one.line for one in fates(campaign.pk)} == {kept.pk: "assigned", moved.pk: "failed.refused"}


def test_what_came_of_it_is_told_by_owner(monkeypatch, platform):
    ana, bo = friend("zhang"), friend("li")
    group("zhang", [ana]), group("li", [bo])
    campaign = started(monkeypatch)
    services.dispatch(campaign.pk)
    confirm("zhang"), confirm("li")
    mass_sends.poll()
    world.make_order(ana.customer, time.now() + timedelta(days=1))
    world.make_order(bo.customer, time.now() - timedelta(days=1))

    found = came(campaign)

    staff = {one.userid: one.pk for one in Staff.objects.all()}
    assert found == {staff["zhang"]: (0, 1), staff["li"]: (0, 0)}


def test_killed_at_random_no_group_is_in_two_sends_and_each_ends_in_a_state(monkeypatch, db, live_server):
    no_policy()
    played.add_corp(f"{live_server.url}/sandbox/wecom/")
    for number in range(40):
        group(f"owner{number % 20}")
    campaign = started(monkeypatch)
    start: datetime = time.now()
    for process in [start_dispatch(campaign.pk, start + timedelta(minutes=at)) for at in range(2)]:
        kill_at_random(process)
    at = start + timedelta(hours=3)
    while lines(campaign).get("queued"):
        with suppress(BeingSent):  # PostgreSQL has not noticed the death of the last one yet.
            services.dispatch(campaign.pk, at=at)
    mass_sends.reconcile(at)
    drain()

    placed = sandbox.MassRecipient.objects.values_list("chat_id", flat=True)
    assert len(placed) == len(set(placed))
    mass_sends.reconcile(at + timedelta(hours=5))
    told = lines(campaign)
    assert set(told) <= {"assigned", "failed.refused"}
    assert told["assigned"] == len(placed)


class Killed(BaseException):
    """The process is gone: nothing catches it."""


def die(*_given, **_named):
    raise Killed
