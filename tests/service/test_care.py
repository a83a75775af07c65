from datetime import date, timedelta

import pytest
from django.db import connection

from homeground.service.errors import NeedsReason
from homeground.service.models import CareItem, CareRound, LastTalk
from homeground.service.services import care, rules
from tests.service.world_day import NOON, befriend, make_friend, make_staff, minutes, said, tell

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 2)  # A Monday; 26 working days are left with it.


@pytest.fixture
def li(db):
    staff = make_staff()
    rules.set_capacity(staff, 240, [1, 2, 3, 4, 5, 6])
    return staff


def test_friends_come_from_a_to_z_with_surnames_as_they_are_spoken(li):
    for number, name in enumerate(["张三", "阿明", "8号", "曾黎", "Bob", "🌸花", "陈一", "单田"]):
        make_friend(li, f"wm{number}", name)

    care.plan_care(FIRST)

    order = CareItem.objects.order_by("position").values_list("contact__name", "initial")
    assert list(order)[:6] == [("阿明", "A"), ("Bob", "B"), ("陈一", "C"), ("单田", "S"), ("曾黎", "Z"), ("张三", "Z")]
    assert {initial for _name, initial in list(order)[6:]} == {"#"}


def test_a_day_takes_what_is_left_over_the_days_left_and_goes_on_where_it_stopped(li):
    for number in range(53):
        make_friend(li, f"wm{number}", f"阿{number:02}")

    assert care.plan_care(FIRST) == 3  # 53 friends in 26 days.
    assert care.plan_care(FIRST) == 0
    first, *_rest = CareItem.objects.order_by("position")
    care.tick(first.pk, "like")
    care.tick(first.pk, "comment")

    assert care.plan_care(FIRST + timedelta(days=1)) == 3  # 52 in 25.
    assert CareItem.objects.filter(planned_on=FIRST + timedelta(days=1)).order_by("position")[0].position == 2


def test_no_day_gets_more_than_its_minutes_bear_and_a_free_day_nothing(li):
    rules.set_capacity(li, 2, [1, 2, 3, 4, 5, 6])
    for number in range(300):
        make_friend(li, f"wm{number}")

    assert care.plan_care(FIRST - timedelta(days=1)) == 0  # A Sunday.
    assert care.plan_care(FIRST) == 2


def test_a_friend_who_comes_back_is_in_the_round_again(li):
    lost = make_friend(li, "wm1", "阿一")
    care.plan_care(FIRST)
    li.follows.update(ended_at=NOON, ending="by_customer")
    care.plan_care(FIRST + timedelta(days=1))
    befriend(li, lost)

    care.plan_care(FIRST + timedelta(days=2))

    assert CareItem.objects.get().left_out == ""


def test_new_friends_join_behind_and_lost_ones_are_left_out(li):
    lost = make_friend(li, "wm1", "阿一")
    care.plan_care(FIRST)
    make_friend(li, "wm2", "阿二")
    li.follows.filter(contact=lost).update(ended_at=NOON, ending="by_customer")

    care.plan_care(FIRST + timedelta(days=1))

    rows = CareItem.objects.order_by("position").values_list("contact__external_userid", "left_out")
    assert list(rows) == [("wm1", "no_longer_friend"), ("wm2", "")]


def test_a_tick_is_told_once_counts_as_care_and_can_be_undone(li):
    friend = make_friend(li)
    care.plan_care(FIRST)
    item = CareItem.objects.get()

    care.tick(item.pk, "like", at=minutes(1))
    care.tick(item.pk, "like", at=minutes(2))

    assert (CareItem.objects.get().liked_at, LastTalk.objects.get().cared_at) == (minutes(1), minutes(1))
    assert _told() == [("service.customer_touched", friend.customer_id, "care_like")]
    assert care.untick(item.pk, "like").liked_at is None


def test_who_writes_after_our_care_has_interacted(li):
    make_friend(li)
    tell(said("wm1", -5))
    care.plan_care(FIRST)
    care.tick(CareItem.objects.get().pk, "like", at=NOON)
    care.plan_care(FIRST + timedelta(days=1))
    assert CareItem.objects.get().responded_at is None

    tell(said("wm1", 5))
    care.plan_care(FIRST + timedelta(days=2))

    assert CareItem.objects.get().responded_at == minutes(5)


def test_leaving_a_friend_out_wants_a_reason(li):
    make_friend(li)
    care.plan_care(FIRST)
    item = CareItem.objects.get()

    with pytest.raises(NeedsReason):
        care.leave_out(item.pk, " ")
    care.leave_out(item.pk, "同行")

    assert care.plan_care(FIRST + timedelta(days=1)) == 0
    assert care.bring_back(item.pk).left_out == ""


def test_each_month_is_a_round_of_its_own(li):
    make_friend(li)
    care.plan_care(FIRST)
    care.plan_care(date(2026, 4, 1))

    assert list(CareRound.objects.order_by("month").values_list("month", flat=True)) == [
        date(2026, 3, 1), date(2026, 4, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("remaining", "days", "minutes_left", "each", "wanted"),
    [(20_000, 26, 240, 1, 240), (53, 26, 240, 1, 3), (0, 26, 240, 1, 0), (10, 0, 240, 1, 0), (10, 1, -5, 1, 0)],
)
def test_the_quota(remaining, days, minutes_left, each, wanted):
    assert care.quota(remaining, days, minutes_left, each) == wanted


def _told():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, customer_id, properties->>'kind' FROM stream_event WHERE name = 'service.customer_touched'"
        )
        return cursor.fetchall()
