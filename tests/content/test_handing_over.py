from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from homeground.content import queries, services
from homeground.content.errors import BadPlan
from homeground.content.models import MomentPlan
from homeground.core import time
from homeground.people import services as people
from homeground.people.models import Tag
from homeground.sandbox import models as sandbox
from homeground.wecom.models import Corp, CorpTag, Moment
from homeground.wecom.services import moments
from tests.content.world import draft, picture, planned
from tests.wecom.sends.platform import friend, member, publish, react

pytestmark = pytest.mark.django_db(transaction=True)
CREATE = "externalcontact/add_moment_task"
SOON = time.now() + timedelta(days=1)


def state(plan):
    plan.refresh_from_db()
    return plan.state


def tagged(name, one):
    people.tag([one.customer.pk], name, "rule", "test")


def test_a_due_post_goes_to_its_audience_and_what_comes_back_is_shown(platform):
    ana, _other = friend("zhang"), friend("zhang")
    tagged("未消费", ana)
    image = services.keep_material(picture(), "op")
    plan = planned(
        planned_at=SOON,
        senders=[member("zhang")],
        tags=[Tag.objects.get(name="未消费")],
        attachments=[{"kind": "image", "material": image.pk}],
    )

    assert services.hand_over_due(SOON - timedelta(minutes=1)) == 0
    assert services.hand_over_due(SOON) == 1

    assert state(plan) == "handed"
    assert plan.moment.state == "placed"
    assert platform.count("upload_attachment") == 1
    moments.poll(SOON + timedelta(minutes=5))
    publish("zhang")
    react(ana, "zhang")
    moments.poll(SOON + timedelta(hours=2))
    assert [(row.viewers, row.likes) for row in queries.staff_posts(plan.moment_id)] == [(1, 1)]
    assert set(sandbox.MomentViewer.objects.values_list("contact__external_userid", flat=True)) == {ana.id}


def test_it_is_placed_once_whoever_tries(platform):
    friend("zhang")
    plan = planned(planned_at=SOON, senders=[member("zhang")], audience="everyone")
    planned(planned_at=SOON, senders=[member("zhang")], audience="everyone")

    def work(_count):
        try:
            return services.hand_over_due(SOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(6))) == 2

    assert (state(plan), platform.count("add_moment_task")) == ("handed", 2)


def test_a_worker_that_died_is_followed_and_the_post_is_still_placed_once(platform):
    friend("zhang")
    plan = planned(planned_at=SOON, senders=[member("zhang")], audience="everyone")
    services.hand_over_due(SOON)
    MomentPlan.objects.update(state="handing", moment=None)

    assert services.hand_over_due(SOON + timedelta(minutes=5)) == 0
    assert services.hand_over_due(SOON + timedelta(minutes=11)) == 1

    assert (state(plan), platform.count("add_moment_task")) == ("handed", 1)


def test_without_the_platform_it_is_tried_again_and_given_up_when_late(platform):
    plan = planned(planned_at=SOON, senders=[member("zhang")], audience="everyone")
    platform.fails.append(CREATE)

    services.hand_over_due(SOON)
    assert (state(plan), bool(plan.error), plan.retry_at) == ("planned", True, SOON + timedelta(minutes=10))
    assert services.hand_over_due(SOON + timedelta(minutes=9)) == 0

    services.hand_over_due(SOON + timedelta(hours=7))
    assert state(plan) == "failed"
    assert "连不上" in plan.error


def test_after_a_while_the_platform_takes_it(platform):
    friend("zhang")
    plan = planned(planned_at=SOON, senders=[member("zhang")], audience="everyone")
    platform.fails.append(CREATE)
    services.hand_over_due(SOON)
    platform.fails.clear()

    services.hand_over_due(SOON + timedelta(minutes=10))

    assert (state(plan), plan.error, sandbox.Moment.objects.count()) == ("handed", "", 1)


def test_when_the_answer_gets_lost_it_is_not_asked_again(platform):
    friend("zhang")
    plan = planned(planned_at=SOON, senders=[member("zhang")], audience="everyone")
    platform.loses.append(CREATE)

    services.hand_over_due(SOON)
    services.hand_over_due(SOON + timedelta(minutes=30))

    assert (state(plan), plan.moment.state, platform.count("add_moment_task")) == ("handed", "unknown", 1)


def test_without_a_corp_it_waits_and_says_so():
    plan = planned(planned_at=SOON, senders=[member("zhang")], audience="everyone")
    assert not Corp.objects.exists()

    services.hand_over_due(SOON)

    assert (state(plan), bool(plan.error)) == ("planned", True)


def test_a_post_for_tags_that_are_gone_is_shown_to_nobody(platform):
    plan = planned(planned_at=SOON, senders=[member("zhang")])
    Tag.objects.all().delete()

    services.hand_over_due(SOON)

    assert (state(plan), platform.count("add_moment_task")) == ("planned", 0)
    assert "标签都已删除" in plan.error


def test_the_corps_tags_are_there_before_the_post(platform):
    planned(planned_at=SOON, senders=[member("zhang")])
    draft(tags=[Tag.objects.create(name="没排期")])

    assert services.ready_tags(SOON) == 1
    assert services.ready_tags(SOON) == 0
    assert list(CorpTag.objects.values_list("name", flat=True)) == ["已消费"]


def test_a_post_ends_when_the_platform_says_so_or_after_a_week(platform):
    friend("zhang")
    plans = [planned(planned_at=SOON, senders=[member("zhang")], audience="everyone") for _count in range(3)]
    services.hand_over_due(SOON)
    Moment.objects.filter(key=f"plan:{plans[0].pk}").update(state="done")
    Moment.objects.filter(key=f"plan:{plans[1].pk}").update(state="failed", error="可见范围为空")

    assert services.close_ended(SOON) == 1
    assert [state(plan) for plan in plans] == ["closed", "failed", "handed"]
    assert plans[1].error == "可见范围为空"
    assert services.close_ended(SOON + timedelta(days=8)) == 1


def test_the_rest_can_be_stopped(platform):
    friend("zhang")
    plan = planned(planned_at=SOON, senders=[member("zhang")], audience="everyone")
    with pytest.raises(BadPlan):
        services.stop_plan(plan.pk)
    services.hand_over_due(SOON)
    moments.poll(SOON + timedelta(minutes=5))

    services.stop_plan(plan.pk)

    assert state(plan) == "closed"
    assert sandbox.Moment.objects.get().cancelled_at
