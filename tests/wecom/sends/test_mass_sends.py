from datetime import timedelta

import pytest

from homeground.core import time
from homeground.events.models import StreamEvent
from homeground.sandbox import models as sandbox
from homeground.sandbox.services.wecom import mass as playing
from homeground.wecom.client import Unreachable, WeComError
from homeground.wecom.errors import NotConnected, NothingToStop, TooManyReminders
from homeground.wecom.models import MassSend, Staff
from homeground.wecom.queries import mass as queries
from homeground.wecom.services import calling, mass_sends
from tests.wecom.sends.platform import confirm, friend, unfriend

CREATE = "externalcontact/add_msg_template"


def place(friends, key="k1", campaign=7, at=None, **more):
    recipients = [(one.id, 100 + number) for number, one in enumerate(friends)]
    return mass_sends.place(key, campaign, "上新了", (), recipients, at, channel="wecom", **more)


def told():
    """(name, touch, reason) of everything on the stream about touches, in order."""
    events = StreamEvent.objects.filter(name__startswith="channels.").order_by("pk")
    return [
        (one.name.removeprefix("channels.message_"), one.properties["touch_id"], one.properties.get("reason", ""))
        for one in events
    ]


def statuses(send):
    return dict(send.recipients.values_list("touch_id", "status"))


def test_a_send_is_placed_with_its_recipients(platform):
    ana, bo = friend("zhang"), friend("li")

    send = place([ana, bo])

    assert (send.state, send.campaign_id, send.channel) == ("placed", 7, "wecom")
    assert set(sandbox.MassRecipient.objects.values_list("contact__external_userid", flat=True)) == {ana.id, bo.id}
    assert send.msgid == sandbox.MassMessage.objects.get().msgid


def test_the_same_key_is_placed_once(platform):
    ana = friend()

    first, again = place([ana]), place([ana])

    assert (again.pk, platform.count("add_msg_template")) == (first.pk, 1)


def test_without_a_corp_nothing_is_written(db):
    with pytest.raises(NotConnected):
        mass_sends.place("k", None, "x", (), [("wm1", None)])

    assert not MassSend.objects.exists()


def test_whom_the_platform_does_not_take_is_marked(platform):
    ana, gone = friend(), friend()
    unfriend(gone)

    send = place([ana, gone])

    assert mass_sends.refused(send) == {gone.id}
    assert statuses(send) == {100: 0, 101: -1}


def test_a_refusal_leaves_it_failed_and_a_repeat_tries_again(platform):
    gone = friend()
    unfriend(gone)
    with pytest.raises(WeComError) as refusal:
        place([gone])
    assert refusal.value.code == 41048
    assert MassSend.objects.get().state == "failed"

    send = place([gone, friend()])

    assert (send.state, statuses(send)) == ("placed", {100: -1, 101: 0})


def test_what_could_not_be_reached_is_failed(platform, monkeypatch):
    monkeypatch.setattr("homeground.wecom.client.api.sleep", lambda _seconds: None)
    platform.fails = [CREATE]

    with pytest.raises(Unreachable):
        place([friend()])

    assert MassSend.objects.get().state == "failed"
    assert mass_sends.fates([100]) == {100: False}


def test_a_lost_answer_is_found_in_the_record_and_never_asked_again(platform):
    ana, bo = friend("zhang"), friend("li")
    platform.loses = [CREATE]
    send = place([ana, bo])
    assert (send.state, mass_sends.fates([100, 101])) == ("unknown", {})
    platform.loses = []

    settled = mass_sends.reconcile()

    send.refresh_from_db()
    assert (settled, send.state, platform.count("add_msg_template")) == (1, "placed", 1)
    assert told() == [("assigned", 100, ""), ("assigned", 101, "")]
    assert mass_sends.reconcile() == 0


def test_a_lost_answer_with_some_refused_tells_who_was(platform):
    ana, gone = friend(), friend()
    unfriend(gone)
    platform.loses = [CREATE]
    send = place([ana, gone])
    platform.loses = []

    mass_sends.reconcile()

    assert statuses(send) == {100: 0, 101: -1}
    assert sorted(told()) == [("assigned", 100, ""), ("failed", 101, "refused")]


def test_two_lost_sends_of_one_text_are_told_apart_by_their_people(platform):
    ana, bo = friend(), friend()
    platform.loses = [CREATE]
    first = place([ana], key="a")
    second = mass_sends.place("b", 7, "上新了", (), [(bo.id, 200)], channel="wecom")
    platform.loses = []

    mass_sends.reconcile()

    there = {row.contact.external_userid: row.message.msgid for row in sandbox.MassRecipient.objects.all()}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.msgid, second.msgid) == (there[ana.id], there[bo.id])


def test_what_the_record_never_shows_was_not_placed(platform):
    ana, at = friend(), time.now()
    platform.loses = [CREATE]
    send = place([ana])
    sandbox.MassMessage.objects.all().delete()  # It never came that far.
    platform.loses = []

    assert mass_sends.reconcile(at + timedelta(minutes=30)) == 0
    assert mass_sends.reconcile(at + timedelta(hours=2)) == 1

    send.refresh_from_db()
    assert (send.state, told()) == ("failed", [("failed", 100, "no_answer")])


def test_a_process_that_died_while_asking_leaves_it_unknown(platform):
    send = place([friend()])
    MassSend.objects.update(state="asking", msgid=None)

    assert mass_sends.fates([100]) == {}

    send.refresh_from_db()
    assert send.state == "unknown"


def test_a_confirmation_tells_who_got_it_once(platform):
    ana, bo = friend("zhang"), friend("li")
    send = place([ana, bo])
    mass_sends.poll()
    assert statuses(send) == {100: 0, 101: 0}

    confirm("zhang")
    mass_sends.poll(is_hurried=True)
    mass_sends.poll(is_hurried=True)

    assert statuses(send) == {100: 1, 101: 0}
    assert told() == [("sent", 100, ""), ("delivered", 100, "")]
    assert {task.staff.userid for task in send.tasks.exclude(confirmed_at=None)} == {"zhang"}
    send.refresh_from_db()
    assert send.state == "placed"


def test_when_everybody_is_served_the_send_is_done_and_asked_no_more(platform):
    send = place([friend()])
    confirm("zhang")
    mass_sends.poll()
    send.refresh_from_db()
    assert (send.state, send.ended_at is not None) == ("done", True)
    platform.asked.clear()

    assert mass_sends.poll(is_hurried=True) == 0
    assert platform.asked == []


def test_who_is_no_friend_any_more_and_who_had_enough_did_not_get_it(platform):
    ana, gone, full = friend(), friend(), friend()
    send = place([ana, gone, full])
    unfriend(gone)
    sandbox.Corp.objects.update(mass_rule="1_per_day")
    playing.send_personally(sandbox.Member.objects.get(), {"text": {"content": "早"}}, contacts=[full.there.pk])

    confirm("zhang")
    mass_sends.poll()

    assert statuses(send) == {100: 1, 101: 2, 102: 3}
    assert told()[2:] == [("failed", 101, "not_friend"), ("failed", 102, "over_quota")]


def test_staff_are_told_once_by_the_app(platform):
    send = place([friend("zhang"), friend("li")])

    mass_sends.poll()
    mass_sends.poll(is_hurried=True)

    assert send.tasks.filter(notified_at=None).count() == 0
    assert sorted(sandbox.AppMessage.objects.values_list("member__userid", flat=True)) == ["li", "zhang"]


def test_polling_is_often_at_first_and_rarer_later(platform):
    send, start = place([friend()]), time.now()
    asked = []
    for minutes in range(0, 24 * 60 + 180, 1):
        at = start + timedelta(minutes=minutes)
        before = platform.count("get_groupmsg_task")
        if minutes < 70 or minutes % 10 == 0:
            mass_sends.poll(at)
            asked += [minutes] * (platform.count("get_groupmsg_task") - before)
    assert asked[:60] == list(range(60))
    assert 60 + 138 <= len(asked) <= 60 + 138 + 6
    send.refresh_from_db()
    assert send.state == "placed"


def test_one_that_fails_does_not_stop_the_others(platform):
    first = place([friend("zhang")], key="a")
    MassSend.objects.filter(pk=first.pk).update(msgid="nobody knows")
    second = mass_sends.place("b", 7, "二", (), [(friend("li").id, 200)], channel="wecom")
    confirm("li")

    mass_sends.poll()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, "41047" in first.error, second.state) == ("placed", True, "done")


def test_a_cancelled_send_is_stopped_and_tells_who_will_not_get_it(platform):
    ana, bo = friend("zhang"), friend("li")
    send = place([ana, bo])
    mass_sends.poll()
    confirm("zhang")

    mass_sends.cancel(send.pk)
    mass_sends.cancel(send.pk)

    assert sandbox.MassMessage.objects.get().cancelled_at is not None
    assert told() == [("sent", 100, ""), ("delivered", 100, ""), ("withdrawn", 101, "cancelled")]
    assert confirm("li") == 0


def test_what_nobody_confirmed_in_time_is_withdrawn(platform):
    at = time.now()
    send = place([friend()], expires_at=at + timedelta(days=3))

    mass_sends.poll(at + timedelta(days=2))
    assert told() == []
    mass_sends.poll(at + timedelta(days=3))

    send.refresh_from_db()
    assert (send.state, told()) == ("done", [("withdrawn", 100, "not_confirmed")])
    assert sandbox.MassMessage.objects.get().cancelled_at is not None


def test_a_campaign_is_stopped_as_a_whole(platform):
    place([friend()], key="a")
    mass_sends.place("b", 7, "二", (), [(friend().id, 200)], channel="wecom")
    other = mass_sends.place("c", 8, "三", (), [(friend().id, 300)], channel="wecom")

    assert (mass_sends.withdraw_campaign(7), mass_sends.withdraw_campaign(7)) == (2, 0)
    other.refresh_from_db()
    assert other.state == "placed"


def test_staff_are_reminded_three_times_a_day(platform):
    send, at = place([friend()]), time.now().replace(hour=4)
    for hour in range(3):
        mass_sends.remind(send.pk, at + timedelta(hours=hour))

    with pytest.raises(TooManyReminders):
        mass_sends.remind(send.pk, at + timedelta(hours=3))

    assert sandbox.MassReminder.objects.count() == 3
    send.refresh_from_db()
    assert send.reminders == 3


def test_a_reminder_that_the_platform_refuses_does_not_count(platform):
    send, at = place([friend()]), time.now()
    for _time in range(3):
        sandbox.MassReminder.objects.create(message=sandbox.MassMessage.objects.get(), created_at=at)

    with pytest.raises(TooManyReminders):
        mass_sends.remind(send.pk, at)

    send.refresh_from_db()
    assert send.reminders == 0


def test_one_member_is_called_on_by_the_app_until_they_confirm(platform):
    place([friend()])
    mass_sends.poll()
    zhang = Staff.objects.get()

    calling.call_on(7, zhang.pk)
    assert sandbox.AppMessage.objects.count() == 2

    confirm("zhang")
    mass_sends.poll(is_hurried=True)
    with pytest.raises(NothingToStop):
        calling.call_on(7, zhang.pk)
    with pytest.raises(NothingToStop):
        calling.remind_campaign(7)


def test_sends_that_members_made_themselves_are_read_with_their_results(platform):
    ana, ours = friend("zhang"), place([friend("li")])
    playing.send_personally(
        sandbox.Member.objects.get(userid="zhang"), {"text": {"content": "早"}}, contacts=[ana.there.pk]
    )

    assert (mass_sends.read_others(), mass_sends.read_others()) == (1, 0)
    mass_sends.poll()

    own = MassSend.objects.get(is_personal=True)
    assert (own.is_ours, own.campaign_id, own.state) == (False, None, "done")
    assert list(own.recipients.values_list("recipient", "status")) == [(ana.id, 1)]
    assert told() == []
    assert MassSend.objects.exclude(pk=own.pk).get().pk == ours.pk


def test_a_send_of_ours_whose_fate_is_unknown_is_not_taken_for_somebody_elses(platform):
    platform.loses = [CREATE]
    place([friend()])
    platform.loses = []

    assert mass_sends.read_others() == 0
    mass_sends.reconcile()

    assert MassSend.objects.get().state == "placed"


def test_a_member_whom_we_did_not_know_gets_a_row(platform):
    send = place([friend("zhang")])
    Staff.objects.filter(userid="zhang").update(userid="renamed")

    mass_sends.poll()

    assert [task.staff.userid for task in send.tasks.all()] == ["zhang"]


def test_the_funnel_is_by_member(platform):
    place([friend("zhang"), friend("zhang"), friend("li")])
    mass_sends.poll()
    confirm("zhang")
    mass_sends.poll(is_hurried=True)

    lines = {line.userid: line for line in queries.funnel(7)}

    zhang, li = lines["zhang"], lines["li"]
    assert (zhang.assigned, zhang.notified, zhang.confirmed, zhang.delivered, zhang.is_waiting) == (2, 2, 2, 2, False)
    assert (li.assigned, li.confirmed, li.delivered, li.is_waiting) == (1, 0, 0, True)
    assert queries.touch_of(7, "nobody") is None


def test_an_audience_is_counted_by_the_member_who_serves(platform):
    ana, bo, both = friend("zhang"), friend("zhang"), friend("li")
    friend("zhang", customer=both.customer)
    loner = type(ana.customer).objects.create()

    found = queries.members([ana.customer.pk, bo.customer.pk, both.customer.pk, loner.pk])

    assert sum(line.customers for line in found) == 4
    assert {line.name: line.customers for line in found if line.staff_id is None} == {"": 1}
    assert queries.addresses([ana.customer.pk, loner.pk]) == {ana.customer.pk: ana.id}
