from datetime import timedelta

import pytest

from homeground.core import time
from homeground.events.models import StreamEvent
from homeground.sandbox import models as sandbox
from homeground.sandbox.services.wecom import moments as playing
from homeground.wecom.client import WeComError
from homeground.wecom.models import Follow, Moment, MomentReaction, MomentRecipient
from homeground.wecom.queries import mass as queries
from homeground.wecom.services import moments
from homeground.wecom.services.moments.marking import GROUP
from tests.wecom.sends.platform import friend, publish, react, unfriend

CREATE = "externalcontact/add_moment_task"


def place_for(friends, key="k1", campaign=7, **more):
    recipients = [(one.id, 100 + number) for number, one in enumerate(friends)]
    return moments.place_for(key, "开箱", (), recipients, campaign_id=campaign, channel="moments", **more)


def told():
    """(name, touch, reason) of everything on the stream about touches, in order."""
    events = StreamEvent.objects.filter(name__startswith="channels.").order_by("pk")
    return [
        (one.name.removeprefix("channels.message_"), one.properties["touch_id"], one.properties.get("reason", ""))
        for one in events
    ]


def seen_by():
    return set(sandbox.MomentViewer.objects.values_list("contact__external_userid", flat=True))


def test_a_campaigns_post_is_seen_by_its_own_people_and_nobody_else(platform):
    ana, bo, holdout = friend("zhang"), friend("li"), friend("zhang")

    post = place_for([ana, bo])
    publish("zhang")
    publish("li")

    assert (post.state, moments.marked(post)) == ("placed", {100, 101})
    assert seen_by() == {ana.id, bo.id}
    assert sandbox.Friendship.objects.get(contact=holdout.there).tag_ids == []
    assert sandbox.Moment.objects.get().tag_ids == [post.tag_id]


def test_each_is_marked_by_the_member_who_serves_them(platform):
    ana = friend("zhang")
    friend_of_li = friend("li", customer=ana.customer)
    Follow.objects.filter(contact=ana.contact).update(talked_at=time.now())

    post = place_for([ana])

    assert post.content["senders"] == ["zhang"]
    assert sandbox.Friendship.objects.get(contact=friend_of_li.there).tag_ids == []


def test_whom_the_platform_does_not_let_be_marked_is_left_out(platform):
    ana, gone = friend(), friend()
    unfriend(gone)

    post = place_for([ana, gone])

    assert moments.marked(post) == {100}
    assert moments.fates([100, 101]) == {100: True, 101: False}


def test_when_nobody_can_be_marked_nothing_is_placed(platform):
    gone = friend()
    unfriend(gone)

    with pytest.raises(WeComError):
        place_for([gone])

    assert (Moment.objects.get().state, platform.count("add_moment_task")) == ("failed", 0)


def test_the_same_key_is_placed_once(platform):
    ana = friend()

    first, again = place_for([ana]), place_for([ana])

    assert (first.pk, platform.count("add_moment_task")) == (again.pk, 1)


def test_a_marking_that_broke_off_is_gone_on_with(platform):
    ana, bo = friend(), friend()
    platform.fails = []
    post = place_for([ana, bo])
    Moment.objects.update(state="marking", jobid="")
    MomentRecipient.objects.filter(touch_id=101).update(marked_at=None)
    platform.asked.clear()

    place_for([ana, bo])

    post.refresh_from_db()
    assert (post.state, platform.count("mark_tag"), platform.count("add_corp_tag")) == ("placed", 1, 0)


def test_a_marking_that_nobody_goes_on_with_is_given_up(platform):
    place_for([friend()])
    Moment.objects.update(state="marking")

    assert moments.fates([100]) == {100: False}
    assert Moment.objects.get().state == "failed"


def test_a_lost_answer_is_found_in_the_record_and_never_asked_again(platform):
    ana = friend()
    platform.loses = [CREATE]
    post = place_for([ana])
    assert (post.state, moments.fates([100])) == ("unknown", {})
    platform.loses = []

    assert (moments.reconcile(), moments.reconcile()) == (1, 0)

    post.refresh_from_db()
    assert (post.state, post.moment_id) == ("placed", sandbox.Moment.objects.get().moment_id)
    assert (told(), platform.count("add_moment_task")) == ([("assigned", 100, "")], 1)


def test_what_the_record_never_shows_was_not_placed(platform):
    at = time.now()
    platform.loses = [CREATE]
    post = place_for([friend()])
    platform.loses = []
    sandbox.Moment.objects.all().delete()

    assert moments.reconcile(at + timedelta(hours=3)) == 0
    moments.reconcile(at + timedelta(hours=25))

    post.refresh_from_db()
    assert (post.state, told()) == ("failed", [("failed", 100, "no_answer")])


def test_who_can_see_it_is_told_once_when_the_member_published(platform):
    post = place_for([friend("zhang"), friend("li")])
    moments.poll()
    assert told() == []

    publish("zhang")
    moments.poll(is_hurried=True)
    moments.poll(is_hurried=True)

    assert told() == [("sent", 100, ""), ("delivered", 100, "")]
    assert {part.staff.userid for part in post.posts.exclude(published_at=None)} == {"zhang"}
    assert sorted(sandbox.AppMessage.objects.values_list("member__userid", flat=True)) == ["li", "zhang"]


def test_likes_and_comments_are_told_once_and_answer_the_touch(platform):
    ana = friend()
    place_for([ana])
    publish("zhang")
    moments.poll()
    react(ana, "zhang", "like")
    react(ana, "zhang", "comment")

    moments.poll(is_hurried=True)
    moments.poll(is_hurried=True)

    names = StreamEvent.objects.filter(name__startswith="wecom.moment").values_list("name", "customer_id")
    assert sorted(names) == [("wecom.moment_commented", ana.customer.pk), ("wecom.moment_liked", ana.customer.pk)]
    assert [name for name, *_rest in told()] == ["sent", "delivered", "answered", "answered"]
    assert MomentReaction.objects.count() == 2


def test_what_nobody_published_in_time_is_withdrawn_and_its_tag_dropped(platform):
    at = time.now()
    post = place_for([friend("zhang"), friend("li")], expires_at=at + timedelta(days=3))
    publish("zhang")
    moments.poll()
    assert moments.drop_tags() == 0

    moments.poll(at + timedelta(days=3))

    post.refresh_from_db()
    assert (post.state, told()[-1]) == ("done", ("withdrawn", 101, "not_confirmed"))
    assert sandbox.Moment.objects.get().cancelled_at is not None
    assert (moments.drop_tags(), moments.drop_tags()) == (1, 0)


def test_whose_member_published_and_who_still_cannot_see_it_did_not_get_it(platform):
    at, gone = time.now(), friend()
    place_for([friend(), gone], expires_at=at + timedelta(days=3))
    unfriend(gone)
    publish("zhang")
    moments.poll()

    moments.poll(at + timedelta(days=3))

    assert told()[-1] == ("failed", 101, "not_visible")


def test_a_cancelled_campaign_stops_what_is_not_published(platform):
    place_for([friend("zhang"), friend("li")])
    publish("zhang")
    moments.poll()

    assert (moments.withdraw_campaign(7), moments.withdraw_campaign(7)) == (1, 0)

    assert told()[-1] == ("withdrawn", 101, "cancelled")
    assert publish("li") == 0


def test_a_planned_post_goes_to_members_and_tags_without_touches(platform):
    friend("zhang")

    post = moments.place("plan:1", "早安", (), ["zhang"], [], None)
    moments.poll()

    post.refresh_from_db()
    assert (post.moment_id, [part.staff.userid for part in post.posts.all()]) == (
        sandbox.Moment.objects.get().moment_id,
        ["zhang"],
    )
    assert told() == []


def test_posts_that_members_made_themselves_are_read_with_what_came_back(platform):
    ana = friend("zhang")
    playing.publish_personally(sandbox.Member.objects.get(), {"text": {"content": "周末"}})
    react(ana, "zhang")

    assert (moments.read_others(), moments.read_others()) == (1, 0)
    moments.poll()

    own = Moment.objects.get()
    assert (own.is_personal, own.is_ours, own.content["text"]) == (True, False, "周末")
    assert own.posts.get().published_at == own.asked_at
    assert StreamEvent.objects.filter(name="wecom.moment_liked").count() == 1


def test_the_funnel_counts_posts_too(platform):
    place_for([friend("zhang"), friend("li")])
    publish("zhang")
    moments.poll()

    lines = {line.userid: line for line in queries.funnel(7)}

    assert (lines["zhang"].assigned, lines["zhang"].confirmed, lines["zhang"].delivered) == (1, 1, 1)
    assert (lines["li"].notified, lines["li"].confirmed) == (1, 0)


def test_the_tags_of_posts_stand_in_a_group_of_their_own(platform):
    place_for([friend()])

    assert list(sandbox.TagGroup.objects.values_list("name", flat=True)) == [GROUP]
