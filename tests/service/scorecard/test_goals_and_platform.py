"""Goals are dated; the platform's figures are read once a day and kept day by day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from homeground.core import time
from homeground.service.errors import BadRule
from homeground.service.models import PlatformDay, ScoreGoal
from homeground.service.queries.scorecard import goals, goals_to_come
from homeground.service.services.scorecard import install_goals, read_platform, set_goal
from homeground.wecom.models import Staff
from tests.wecom.client.played import error

pytestmark = pytest.mark.django_db
PATH = "externalcontact/get_user_behavior_data"
NOON = datetime(2026, 3, 11, 4, tzinfo=UTC)


def goal(**fields) -> ScoreGoal:
    return ScoreGoal(
        **{"metric": "answered", "share_bp": 9500, "source": "店长会", "set_by": "boss", "valid_from": NOON} | fields
    )


def test_a_new_deployment_has_the_goals_of_the_articles_and_a_second_install_adds_none():
    install_goals()
    install_goals()

    assert {metric: row.share_bp for metric, row in goals(NOON).items()} == {
        "accepted": 10_000, "answered": 10_000, "cared": 10_000, "converted": 200,
    }  # fmt: skip
    assert all(row.source for row in goals(NOON).values())


def test_a_goal_counts_from_its_day_on():
    install_goals()
    set_goal(goal(valid_from=NOON + timedelta(days=1)), NOON)

    assert goals(NOON)["answered"].share_bp == 10_000
    assert [row.share_bp for row in goals_to_come(NOON)] == [9500]
    assert goals(NOON + timedelta(days=2))["answered"].share_bp == 9500


@pytest.mark.parametrize(
    "fields", [{"source": " "}, {"share_bp": 0}, {"share_bp": 10_001}, {"valid_from": NOON - timedelta(days=1)}]
)
def test_a_goal_that_cannot_be_is_refused(fields):
    with pytest.raises(BadRule):
        set_goal(goal(**fields), NOON)

    assert not ScoreGoal.objects.exists()


def test_the_table_refuses_a_share_above_all():
    with pytest.raises(IntegrityError):
        goal(share_bp=10_001).save()


def answer(asked):
    start, end = asked.body["start_time"], asked.body["end_time"]
    return {
        "behavior_data": [
            {"stat_time": at, "chat_cnt": 4, "message_cnt": 9, "reply_percentage": 75.5, "avg_reply_time": 3,
             "negative_feedback_cnt": 1, "new_contact_cnt": 2, "new_apply_cnt": 5}
            for at in range(start, end + 1, 86_400)
        ]
    }  # fmt: skip


def test_the_first_reading_goes_back_thirty_days_and_the_next_takes_what_is_missing(wecom, platform):
    Staff.objects.create(userid="a")
    Staff.objects.create(userid="gone", is_active=False)
    platform.answers[PATH] = answer
    today = time.day_of(time.now(), "Asia/Shanghai")

    assert read_platform() == 30
    row = PlatformDay.objects.order_by("-day")[0]
    assert row.day == today - timedelta(days=1)
    assert (row.chats, row.reply_bp, row.reply_minutes, row.removed, row.added, row.applied) == (4, 7550, 3, 1, 2, 5)

    assert read_platform(time.now() + timedelta(days=1)) == 4  # Two days again, yesterday, and the new one.
    assert PlatformDay.objects.count() == 31
    assert {asked.body["userid"][0] for asked in platform.calls(PATH)} == {"a"}


def test_a_member_whom_the_platform_refuses_does_not_hold_up_the_others(wecom, platform):
    Staff.objects.create(userid="a")
    Staff.objects.create(userid="b")
    platform.answers[PATH] = lambda asked: error(60111) if asked.body["userid"] == ["a"] else answer(asked)

    assert read_platform() == 30


def test_days_are_those_of_the_brands_zone(wecom, platform):
    Staff.objects.create(userid="a")
    midnight = int(datetime(2026, 3, 9, 16, tzinfo=UTC).timestamp())
    platform.answers[PATH] = {"behavior_data": [{"stat_time": midnight}]}
    read_platform()

    row = PlatformDay.objects.get()
    assert (row.day, row.reply_bp, row.reply_minutes) == (date(2026, 3, 10), None, None)
