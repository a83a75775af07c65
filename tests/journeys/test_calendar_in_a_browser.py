"""The calendar in a real browser: drawn under the CSP, dragged, opened, worked by keys."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from homeground.content.models import MomentPlan
from homeground.core import time
from homeground.journeys.models import Campaign
from homeground.service.models import Task
from homeground.wecom.models import Staff
from tests.browser import overflow, settle, violations
from tests.journeys import world
from tests.journeys.test_calendar import make_journey, make_segment, walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("HOMEGROUND_SHOTS", "")
ZONE = ZoneInfo("Asia/Shanghai")


def on(days: int, hour: int = 10) -> datetime:
    """In so many days from today in Shanghai, but within the month that is shown."""
    today = time.now().astimezone(ZONE).replace(hour=hour, minute=0, second=0, microsecond=0)
    return today + timedelta(days=days)


@pytest.fixture
def month(monkeypatch, transactional_db):
    world.no_policy()
    world.make_channel(name="短信")
    world.make_cap(relation="none", days=7, most=1)
    members: dict[int, list[int]] = {}
    monkeypatch.setattr("homeground.segments.queries.members", lambda segment: sorted(members.get(segment.pk, [])))
    people = [world.make_customer() for _ in range(12)]
    mothers = make_segment(members, people[:8], "妈妈们")
    sale = world.make_message(is_promotion=True)
    world.make_draft(name="春茶上新", scheduled_at=on(1, 19), segment=mothers, message=sale)
    world.make_draft(name="满减周末", scheduled_at=on(3), segment=mothers, message=sale)
    world.make_draft(
        name="会员日", scheduled_at=on(4), segment=make_segment(members, people[4:], "老客户"), message=sale
    )
    world.make_draft(name="还没想好", segment=mothers)
    journey = make_journey()
    for one in people:
        walk(journey, one, "rest", on(2, 9))
    MomentPlan.objects.create(
        kind="life", topic="早晨第一泡", planned_at=on(1, 20), created_by="a", state="planned", text="早"
    )
    staff = Staff.objects.create(userid="li", name="李")
    for place in range(5):
        Task.objects.create(key=f"k{place}", kind="hand", staff=staff, title="回访", due_on=on(2).date())
    return mothers


def _shoot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "light"), ("zh-hans", "dark")])
def test_the_calendar_is_whole_in_both_languages_and_themes(open_page, owner, month, language, theme):
    page = open_page(owner, language=language, theme=theme)
    for view in ("month", "week", "list"):
        page.goto(f"/calendar/?view={view}&segment={month.slug}&date={on(3):%Y-%m-%d}")
        settle(page)
        page.wait_for_selector(".heat td")
        page.wait_for_selector(".fc-event, .fc-list-event")
        _shoot(page, f"calendar-{view}-{language}-{theme}")
        assert violations(page) == [], view
        assert overflow(page) == 0, view
    page.guard.assert_quiet()


def test_a_draft_is_dragged_to_another_day_and_taken_back(open_page, owner, month):
    page = open_page(owner)
    draft = Campaign.objects.get(name="满减周末")
    page.goto(f"/calendar/?view=month&date={on(3):%Y-%m-%d}")
    settle(page)
    goal = on(3).date() + timedelta(days=-1 if on(3).weekday() else 1)
    if goal <= time.now().astimezone(ZONE).date():
        goal = on(3).date() + timedelta(days=1)
    page.locator(".fc-event", has_text="满减周末").drag_to(page.locator(f'td[data-date="{goal}"]'))
    page.wait_for_selector("#toasts form:not([hidden])")

    draft.refresh_from_db()
    assert draft.scheduled_at == datetime.combine(goal, on(3).timetz())
    with page.expect_navigation():
        page.locator("#toasts form:not([hidden]) button").first.click()
    draft.refresh_from_db()
    assert draft.scheduled_at == on(3)
    page.guard.assert_quiet()


def test_by_keys_alone_an_entry_opens_and_a_draft_gets_its_day(open_page, owner, month):
    page = open_page(owner)
    page.goto(f"/calendar/?date={on(3):%Y-%m-%d}")
    settle(page)
    page.locator(".fc-event", has_text="满减周末").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer.show #move-day")
    _shoot(page, "calendar-drawer")
    assert violations(page) == []
    page.locator("#move-day").fill(f"{on(6):%Y-%m-%d}")
    with page.expect_navigation():
        page.get_by_role("button", name="改期").press("Enter")
    settle(page)

    assert Campaign.objects.get(name="满减周末").scheduled_at == on(6)
    page.guard.assert_quiet()


def test_a_calendar_can_be_put_away(open_page, owner, month):
    page = open_page(owner)
    page.goto(f"/calendar/?view=list&date={on(1):%Y-%m-%d}")
    settle(page)
    assert page.locator(".fc-list-event", has_text="早晨第一泡").count() == 1
    page.get_by_label("内容", exact=True).uncheck()
    expect(page.locator(".fc-list-event", has_text="早晨第一泡")).to_have_count(0)

    assert page.locator(".fc-list-event", has_text="春茶上新").count() == 1
    assert "calendars=activity%2Cdata" in page.url
    page.guard.assert_quiet()
