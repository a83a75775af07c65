import re
from datetime import UTC, datetime

import pytest

from homeground.growth.models import Door
from homeground.wecom.models import Staff
from tests.browser import overflow, settle, violations
from tests.growth.busy import make_busy
from tests.growth.platform import playing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy(transactional_db, monkeypatch):
    with playing(monkeypatch) as platform:
        platform.customer_acquisition_quota = lambda body: {"total": 2000, "balance": 312, "quota_list": []}
        yield make_busy(datetime.now(UTC))


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
def test_the_pages_are_fit_for_everybody(busy, open_page, owner, language, theme):
    live, groups, link, source = busy
    page = open_page(owner, language=language, theme=theme)
    paths = [
        "", "new?kind=live_code", "new?kind=group_code", "new?kind=link", f"{live.pk}", f"{live.pk}/edit",
        f"{groups.pk}", f"{groups.pk}/edit", f"{link.pk}", "welcome", "sources/", "sources/new", f"sources/{source.pk}",
    ]  # fmt: skip
    for path in paths:
        page.goto(f"/doors/{path}")
        settle(page)
        assert violations(page) == [], path
        assert overflow(page) == 0, path
    page.guard.assert_quiet()


def test_the_page_behind_the_printed_code_is_fit_for_a_phone(busy, phone_page):
    for door in busy[:3]:
        phone_page.goto(f"/g/{door.token}")
        assert violations(phone_page) == []
        assert overflow(phone_page) == 0
    phone_page.goto("/g/nothing")
    assert violations(phone_page) == []


def test_a_door_is_made_by_keyboard_alone(busy, console_page):
    page = console_page
    page.goto("/doors/new?kind=live_code")
    page.get_by_label("入口名称").fill("键盘门")
    page.get_by_role("button", name="添加班次").press("Enter")
    row = page.locator("#shifts [data-row]")
    row.wait_for()
    page.locator("#shifts [data-row]:focus").wait_for()
    row.locator(".ts-control input").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    _pick(page, "李晨")
    row.get_by_label("周六").press("Space")
    row.get_by_label("结束").fill("20:30")
    page.locator("#id_backup-ts-control").focus()
    _pick(page, "王倩")
    page.get_by_role("button", name="保存").press("Enter")
    page.wait_for_url(re.compile(r"/doors/\d+$"))

    door = Door.objects.get(name="键盘门")
    [shift] = door.shifts.all()
    assert (shift.weekdays, shift.end_minute) == ([0, 1, 2, 3, 4, 5], 1230)
    assert [staff.name for staff in shift.staff.all()] == ["李晨"]
    assert door.members.get(is_backup=True).staff == Staff.objects.get(name="王倩")
    assert door.sync == "placed"
    page.guard.assert_quiet()


def _pick(page, name):
    page.locator("input:focus[aria-expanded=true]").wait_for()
    page.keyboard.type(name)
    page.keyboard.press("Enter")  # At once, as one does who knows the name.
    page.keyboard.press("Escape")
