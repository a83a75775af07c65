from datetime import date, timedelta

import pytest

from homeground.people.models import CustomerTag, Tag
from homeground.people.services import AttributeGiven, set_attributes
from homeground.service.models import Task
from homeground.service.services import customers, planning, rules, tasks
from tests.service.world_day import LONG_AGO, NOON, answered, befriend, make_friend, make_staff, minutes, said, tell

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


@pytest.fixture
def li(db):
    return make_staff()


def test_a_friend_whose_interval_is_over_is_given_once_to_the_member_who_serves_them(li):
    friend = make_friend(li)
    rules.add_follow_up_rule(basis="everybody", days=30)

    assert [planning.plan_follow_ups(NOON), planning.plan_follow_ups(NOON)] == [1, 0]

    task = Task.objects.get()
    assert (task.staff, task.customer_id, task.kind, task.state) == (li, friend.customer_id, "follow_up", "open")
    assert task.due_on == date(2025, 2, 3) + timedelta(days=30)


def test_the_first_rule_that_fits_counts_and_the_customers_own_goes_before(li):
    rules.add_follow_up_rule(basis="everybody", days=0)
    rules.add_follow_up_rule(basis="tag", value="VIP", days=7, rank=10)
    rules.add_follow_up_rule(basis="attribute", key="tier", value="gold", days=9, rank=20)
    plain, tagged, gold, own = (make_friend(li, f"wm{n}", began_at=NOON - timedelta(days=8)) for n in range(4))
    tag = Tag.objects.create(name="VIP")
    for one in (tagged, own):
        CustomerTag.objects.create(customer=one.customer, tag=tag, origin="manual", source="t")
    set_attributes([AttributeGiven(gold.customer_id, "tier", "gold", "t", NOON)])
    customers.set_interval(own.customer_id, 8, "li")

    planning.plan_follow_ups(NOON)

    assert _due() == {tagged.customer_id: date(2026, 3, 9), own.customer_id: date(2026, 3, 10)}
    assert plain.customer_id not in _due()


def test_a_talk_a_done_task_and_a_skip_all_begin_the_interval_anew(li):
    rules.add_follow_up_rule(basis="everybody", days=5)
    talked, done, skipped = (make_friend(li, f"wm{n}") for n in range(3))
    planning.plan_follow_ups(NOON)
    tell(answered("wm0", 60))
    tasks.finish(_task(done).pk, "li", at=minutes(60))
    tasks.skip(_task(skipped).pk, "住院中", "li", at=minutes(60))

    planning.plan_follow_ups(NOON + timedelta(days=4))
    assert not Task.objects.filter(state="open").exists()

    planning.plan_follow_ups(NOON + timedelta(days=5))
    assert {task.customer_id for task in Task.objects.filter(state="open")} == {
        talked.customer_id, done.customer_id, skipped.customer_id
    }  # fmt: skip


def test_the_follow_up_goes_to_the_member_with_the_latest_talk(li):
    wang = make_staff("wang")
    friend = make_friend(li)
    befriend(wang, friend, began_at=LONG_AGO - timedelta(days=9))
    rules.add_follow_up_rule(basis="everybody", days=5)
    tell(said("wm1", -60 * 24 * 20, userid="wang"))

    planning.plan_follow_ups(NOON)

    assert Task.objects.get().staff == wang


def test_a_friend_lost_is_handed_to_the_next_member_or_the_task_expires(li):
    wang = make_staff("wang")
    kept, lost = make_friend(li, "wm1"), make_friend(li, "wm2")
    befriend(wang, kept, began_at=LONG_AGO - timedelta(days=9))
    rules.add_follow_up_rule(basis="everybody", days=5)
    planning.plan_follow_ups(NOON)
    li.follows.update(ended_at=NOON, ending="by_customer")

    planning.plan_day(NOON)

    assert (_task(kept).staff, _task(kept).state, _task(lost).state) == (wang, "open", "expired")


def test_pending_friends_and_members_who_left_get_no_tasks(li):
    rules.add_follow_up_rule(basis="everybody", days=5)
    make_friend(li, "wm1", is_pending=True)
    make_friend(make_staff("gone", is_active=False), "wm2")

    assert planning.plan_follow_ups(NOON) == 0


def test_birthdays_come_three_days_ahead_by_the_calendar_that_is_kept(li):
    solar, lunar, both = (make_friend(li, f"wm{n}") for n in range(3))
    _say(solar, "birthday", "1990-03-12")
    _say(lunar, "lunar_birthday", "正月廿二")  # 10 March 2026.
    _say(both, "birthday", "1990-03-10")
    _say(both, "lunar_birthday", "1990-02-15")

    assert [planning.plan_birthdays(TODAY), planning.plan_birthdays(TODAY)] == [2, 0]

    assert _due() == {solar.customer_id: date(2026, 3, 12), lunar.customer_id: TODAY}


def test_a_birthday_that_passed_expires(li):
    _say(make_friend(li), "birthday", "1990-03-10")
    planning.plan_birthdays(TODAY)

    planning.plan_day(NOON + timedelta(days=1))

    assert Task.objects.get().state == "expired"


def test_a_day_is_the_brands_day(li):
    _say(make_friend(li), "birthday", "1990-03-14")

    assert planning.plan_day(NOON.replace(hour=15)).birthdays == 0  # 23:00 of the 10th in Shanghai.
    assert planning.plan_day(NOON.replace(hour=16)).birthdays == 1  # The 11th has begun.


def _due():
    return dict(Task.objects.values_list("customer_id", "due_on"))


def _task(contact):
    return Task.objects.filter(customer=contact.customer_id).latest("pk")


def _say(contact, key, value):
    set_attributes([AttributeGiven(contact.customer_id, key, value, "t", NOON)])
