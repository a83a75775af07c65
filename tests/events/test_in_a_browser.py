"""The stream's pages as a browser shows them."""

import os
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from homeground.events import stream
from homeground.events.facts import Event
from homeground.events.models import SetAside
from tests.browser import overflow, settle, violations
from tests.events.test_pages import tell
from tests.events.test_queries import NOON, pay

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture(autouse=True)
def _as_recorded(monkeypatch):
    monkeypatch.setattr(stream, "resolver", stream._as_recorded)
    monkeypatch.setattr(stream, "chores", [])


def look(page, name: str) -> None:
    """Keep a picture where PICTURES says."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/events-{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "light"), ("zh-hans", "dark")])
def test_the_stream_is_whole_accessible_and_quiet(open_page, owner, language, theme):
    for number in range(8):
        pay(number % 3 + 1, f"SO-{number}", NOON)
    tell(*["page_viewed", "cup_bought"] * 3, customer_id=None, url="https://example.com/p/1", phone="13800001234")
    page = open_page(owner, language=language, theme=theme)

    page.goto("/events/")
    settle(page)
    look(page, f"stream-{language}-{theme}")
    assert violations(page) == []
    assert overflow(page) == 0

    page.locator("[data-drawer]").first.click()
    page.wait_for_selector("#drawer.show pre")
    settle(page)
    look(page, f"drawer-{language}-{theme}")
    assert "13800001234" not in page.content()
    assert violations(page) == []
    page.guard.assert_quiet()


def test_new_events_come_by_themselves_until_the_page_is_paused(console_page):
    tell("page_viewed")
    console_page.goto("/events/")
    tell("cup_bought")

    console_page.wait_for_selector("td:has-text('cup_bought')")

    console_page.get_by_role("link", name="暂停刷新").click()
    console_page.wait_for_url("**paused=1")
    expect(console_page.locator("#stream[hx-get]")).to_have_count(0)
    console_page.get_by_role("link", name="继续刷新").click()
    expect(console_page.locator("#stream[hx-get]")).to_have_count(1)
    console_page.guard.assert_quiet()


def test_an_empty_stream_teaches(console_page):
    console_page.goto("/events/")
    settle(console_page)
    look(console_page, "empty")

    assert "还没有事件" in console_page.content()
    assert violations(console_page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_set_aside_events_are_retried_from_the_page(open_page, owner, monkeypatch, language):
    def stumble(events: Sequence[Event]) -> list[int | None]:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(stream, "resolver", stumble)
        tell("page_viewed", "cup_bought")
    page = open_page(owner, language=language)
    page.goto("/events/set-aside")
    settle(page)
    look(page, f"set-aside-{language}")
    assert violations(page) == []
    assert overflow(page) == 0

    page.locator("[data-check-all]").check()
    page.locator("button[name=retry]").click()
    settle(page)
    look(page, f"set-aside-empty-{language}")

    assert not SetAside.objects.exists()
    assert violations(page) == []
    page.guard.assert_quiet()
