from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from homeground.content import queries, services
from homeground.content.errors import BadPlan, OneSidedFeed
from homeground.content.models import MomentPlan
from homeground.core import time
from homeground.people.models import Tag
from tests.content.world import NOW, days, draft, member, own_post, planned, published

pytestmark = pytest.mark.django_db


def schedule(plan, **more):
    return services.schedule_plan(plan.pk, **({"by": "op", "at": NOW} | more))


def test_a_draft_becomes_a_plan_and_a_repeat_is_harmless():
    plan = draft(senders=[member()])

    schedule(plan)

    assert schedule(plan).state == "planned"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": ""}, "至少要有一样"),
        ({"planned_at": days(-1)}, "已经过去"),
        ({"audience": "tags", "tags": "none"}, "哪些标签"),
        ({"senders": "none"}, "哪些员工"),
    ],
)
def test_an_incomplete_post_is_not_planned(change, told):
    plan = draft(senders=[] if change.pop("senders", "") else [member()])
    if change.pop("tags", ""):
        plan.tags.clear()
    MomentPlan.objects.filter(pk=plan.pk).update(**change)

    with pytest.raises(BadPlan, match=told):
        schedule(plan)

    plan.refresh_from_db()
    assert plan.state == "draft"


def test_a_changed_plan_has_to_be_planned_anew():
    lin = member()
    plan = planned(senders=[lin])

    plan.text = "换了一句"
    services.save_plan(plan, tag_ids=[], staff_ids=[lin.pk])

    assert (plan.state, plan.override_by) == ("draft", "")


def test_what_was_handed_over_stays_as_it_is():
    lin = member()
    plan = planned(senders=[lin])
    published(plan, lin)

    for act in (
        lambda: services.save_plan(plan, tag_ids=[], staff_ids=[]),
        lambda: services.delete_plan(plan.pk),
        lambda: services.unschedule_plan(plan.pk),
        lambda: schedule(plan),
    ):
        with pytest.raises(BadPlan, match="已经下发"):
            act()

    assert MomentPlan.objects.get().text == "今天采的第一批。"


def test_the_table_itself_refuses_what_the_platform_would():
    for values in (
        {"text": "茶" * 1334},
        {"text": "a" * 2001},
        {"text": "", "state": "planned"},
        {"override_by": "op"},
    ):
        plan = draft()
        with pytest.raises(IntegrityError), transaction.atomic():
            MomentPlan.objects.filter(pk=plan.pk).update(**values)


def sell(count, staff, kind="goods"):
    for at in range(count):
        published(planned(kind, days(at + 1), [staff]), staff, at=days(-1 - at))
    MomentPlan.objects.update(planned_at=days(-1))


def test_a_shelf_is_refused_unless_an_owner_says_why():
    lin = member()
    sell(4, lin)
    plan = draft("benefit", days(1), [lin])

    with pytest.raises(OneSidedFeed, match="货架"):
        schedule(plan)
    with pytest.raises(OneSidedFeed):
        schedule(plan, override_reason="大促", may_override=False)
    plan.refresh_from_db()
    assert (plan.state, plan.override_reason) == ("draft", "")

    done = schedule(plan, override_reason="双十一当天", may_override=True, by="老板")

    assert (done.state, done.override_by, done.override_reason, done.override_at) == (
        "planned", "老板", "双十一当天", NOW,
    )  # fmt: skip


def test_one_post_of_life_makes_it_no_shelf():
    lin = member()
    sell(4, lin)
    own_post(lin, days(-2), "life")

    assert schedule(draft("goods", days(1), [lin])).state == "planned"


def test_more_than_the_day_bears_is_refused():
    lin = member()
    for _count in range(3):
        schedule(draft("life", days(1), [lin]))

    with pytest.raises(OneSidedFeed, match="超过每天 3 条"):
        schedule(draft("life", days(1), [lin]))

    assert schedule(draft("life", days(2), [lin])).state == "planned"


def test_too_much_selling_is_said_before_it_is_planned():
    lin = member()
    for kind in ("life", "life", "goods", "goods"):
        own_post(lin, days(-3), kind)

    outlook = queries.outlook_of(draft("goods", days(1), [lin]))

    assert "60%" in outlook.warning
    assert outlook.refusal == ""


def test_the_same_kind_again_and_again_is_said():
    lin = member()
    for at in range(3):
        planned("expertise", days(1 + at), [lin])

    assert "审美疲劳" in queries.outlook_of(draft("expertise", days(9), [lin])).warning
    assert queries.outlook_of(draft("proof", days(9), [lin])).warning == ""


def test_last_month_is_copied_as_drafts_once():
    lin, tag = member(), Tag.objects.create(name="未消费")
    first = planned(planned_at=days(1), senders=[lin], tags=[tag])  # Thursday the 19th, the third one.
    planned(planned_at=days(13), senders=[lin])  # Tuesday the 31st, a fifth one: April has four.

    assert services.copy_month(date(2026, 4, 1), by="op") == (1, 1)
    assert services.copy_month(date(2026, 4, 1), by="op") == (0, 1)

    copy = MomentPlan.objects.get(copied_from=first)
    assert time.day_of(copy.planned_at, "Asia/Shanghai") == date(2026, 4, 16)
    assert copy.planned_at.time() == first.planned_at.time()
    assert (copy.state, list(copy.tags.all()), list(copy.senders.all())) == ("draft", [tag], [lin])


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 12), st.integers(2020, 2030))
def test_a_day_keeps_its_weekday_and_week(day, month, year):
    found = queries.same_place_in(date(year, month, 1), day)

    same = [
        on
        for count in range(31)
        if (on := date(year, month, 1) + timedelta(days=count)).month == month and on.weekday() == day.weekday()
    ]
    week = (day.day - 1) // 7
    assert found == (same[week] if week < len(same) else None)


def test_the_month_shows_posts_gaps_and_what_is_missing():
    lin = member()
    plan = planned(planned_at=days(1), senders=[lin])
    own_post(lin, days(-1))

    weeks = queries.month_of(date(2026, 3, 1), at=NOW)
    by_day = {day.on: day for week in weeks for day in week}

    assert [len(week) for week in weeks] == [7] * 6
    assert by_day[date(2026, 3, 19)].plans == [plan]
    assert by_day[date(2026, 3, 17)].own_posts == 1
    assert by_day[date(2026, 3, 18)].is_today
    assert sum(day.is_gap for day in by_day.values()) == 29
