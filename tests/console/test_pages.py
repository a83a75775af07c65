"""Every page, in both languages and both themes: the gate that new rooms pass through by themselves.

From the pages of the sider it follows every link to a kind of page that it has not seen, on a small brand with a past.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from homeground.console.navigation import entries
from homeground.core.env import env
from tests.browser import overflow, settle, violations
from tests.console.world import make_world

NOT_PAGES = {"console:sign_out", "console:language", "console:metrics", "public:follow", "public:opt_out"}


@pytest.fixture
def world(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A brand with a past, whose sandbox phones are reached through the served site."""
    monkeypatch.setitem(env.__dict__, "base_url", live_server.url)
    return make_world()


def reached(page: Any, start: list[str]) -> Iterator[tuple[str, str]]:
    """Open one page of every kind that can be reached by links: (kind, address)."""
    waiting, seen = list(start), set[str]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if not kind or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        if answer and "text/html" in answer.headers.get("content-type", ""):
            settle(page)
            yield kind, address
            waiting += page.eval_on_selector_all("main a[href]", "links => links.map(link => link.href)")


def kind_of(address: str) -> str:
    """The name of the page at this address; empty for another site, a download or what is no page."""
    parts = urlsplit(address)
    if parts.scheme not in ("", "http") or "export" in parts.path or parts.path.endswith((".csv", ".json")):
        return ""
    try:
        found = resolve(parts.path)
    except Resolver404:
        return ""
    return "" if found.view_name in NOT_PAGES or not found.app_names else found.view_name


@pytest.mark.browser
def test_every_page_is_accessible_fits_and_is_quiet(open_page, owner, world):
    # One world for all four: it takes longer to make than the pages to look at.
    faults = []
    for language, theme in product(("zh-hans", "en"), ("light", "dark")):
        page = open_page(owner, language, theme)
        for kind, address in reached(page, [entry.url for entry in entries()]):
            found = [*violations(page), *page.guard.complaints, *too_wide(page)]
            faults += [f"{language} {theme} {kind} {address}: {fault}" for fault in found]
            page.guard.complaints.clear()

    assert not faults, "\n".join(faults)


def too_wide(page: Any) -> list[str]:
    return [f"{overflow(page)} px too wide"] if overflow(page) > 0 else []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_a_fresh_deployment_teaches_and_does_not_fail(open_page, owner, language):
    page = open_page(owner, language)
    for entry in entries():
        answer = page.goto(entry.url)
        settle(page)

        assert answer.status == 200, entry.url
        assert violations(page) == [], entry.url
        page.guard.assert_quiet()


@pytest.mark.browser
def test_signing_in_by_keyboard_leads_home_and_the_slash_finds(open_page, owner, world, live_server):
    page = open_page()
    page.goto("/settings")
    page.wait_for_selector("input:focus")
    page.keyboard.type("owner")
    page.keyboard.press("Tab")
    page.keyboard.type("of-the-house-1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/settings")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"

    page.locator("h1").first.click()
    page.keyboard.press("/")
    page.keyboard.insert_text("1380000")  # At once: hits that come later would replace those that have the focus.
    page.wait_for_selector("#finder-hits a")
    page.keyboard.press("Tab")
    page.wait_for_selector("#finder-hits :focus")
    page.guard.assert_quiet()


@pytest.mark.browser
def test_the_theme_is_switched_and_kept(console_page):
    console_page.goto("/settings")
    console_page.click("[data-theme-toggle]")
    assert console_page.get_attribute("html", "data-bs-theme") == "dark"

    console_page.reload()
    assert console_page.get_attribute("html", "data-bs-theme") == "dark"
    console_page.guard.assert_quiet()


@pytest.mark.browser
def test_what_cannot_be_taken_back_is_asked_first(console_page, owner):
    from django.contrib.auth.models import User

    from homeground.console import services

    services.create_user("li", "design", "of-the-house-2")
    console_page.goto("/settings/users")
    console_page.locator("tr", has_text="li").get_by_role("button").click()
    console_page.locator("#confirm").get_by_text("取消").click()
    assert User.objects.get(username="li").is_active

    console_page.wait_for_selector("#confirm", state="hidden")
    console_page.locator("tr", has_text="li").get_by_role("button").click()
    console_page.locator("[data-agree]").click()
    console_page.wait_for_selector(".toast-line")
    assert not User.objects.get(username="li").is_active


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_before_signing_in_are_accessible(open_page, language, theme):
    page = open_page(None, language, theme)
    for address in ("/sign-in", "/sign-in?next=/nowhere"):
        page.goto(address)
        assert violations(page) == []
        page.guard.assert_quiet()
    page.goto("/nowhere")
    assert violations(page) == []
