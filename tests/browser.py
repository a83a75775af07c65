"""A real Chromium for tests: a served site, signed-in pages, and a guard that hears every complaint of the page.

For every room (tests/conftest.py): `console_page`, `phone_page`; `open_page` for another user, language or theme.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

expect.set_options(timeout=30_000)  # As long as a locator waits: a busy machine is no failure.
AXE = Path(__file__).parent / "vendor" / "axe.js"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
NO_CHROMIUM = (
    "No Chromium was found for the browser tests. Install one (`apt-get install chromium`, or `.venv/bin/playwright "
    "install --with-deps chromium`), or set HOMEGROUND_CHROMIUM to its path; `make test` does it for you."
)


def chromium() -> str:
    """Where the browser is. Fails with the way to get one."""
    named = [os.environ.get("HOMEGROUND_CHROMIUM", "")]
    found = [
        path for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (path := shutil.which(name))
    ]
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    for path in [*named, *found, own]:
        if path and Path(path).exists():
            return path
    pytest.fail(NO_CHROMIUM, pytrace=False)


class Guard:
    """What a page complained about: errors in its console (also what CSP refused), requests to elsewhere or in vain."""

    def __init__(self, page: Page, base: str) -> None:
        self.base, self.complaints = base, list[str]()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        page.on("request", self._see)
        page.on("requestfailed", self._miss)

    def assert_quiet(self) -> None:
        """Fail with all complaints; then forget them."""
        complaints, self.complaints = self.complaints, []
        assert not complaints, "\n".join(complaints)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:", "about:")):
            self.complaints.append(f"request to elsewhere: {request.url}")

    def _miss(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # Left by going to the next page.
            self.complaints.append(f"failed: {request.url} {request.failure}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    path = chromium()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A maker of pages: open_page(user, language="en", theme="dark", size=(1440, 900)); page.guard hears complaints."""
    contexts: list[BrowserContext] = []

    def make(
        user: Any = None, language: str = "zh-hans", theme: str = "light", size: tuple[int, int] = (1440, 900)
    ) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, base_url=live_server.url)
        contexts.append(context)
        cookies = {"theme": theme, settings.LANGUAGE_COOKIE_NAME: language}
        if user:
            cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        page.guard = Guard(page, live_server.url)  # type: ignore[attr-defined]
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def owner(transactional_db: None) -> Any:
    """One who may do everything."""
    return get_user_model().objects.create_superuser("owner", password="of-the-house-1")


@pytest.fixture
def console_page(open_page: Callable[..., Page], owner: Any) -> Page:
    """A page of the console, signed in as the owner, in Chinese and light."""
    return open_page(owner)


@pytest.fixture
def phone_page(open_page: Callable[..., Page]) -> Page:
    """A page as a customer's phone shows it, signed in nowhere."""
    return open_page(size=(390, 844))


def session_of(user: Any) -> str:
    """The cookie of a session of this user."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def settle(page: Page) -> None:
    """Wait until htmx and the charts have done their work."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "!document.querySelector('.htmx-request')"
        " && [...document.querySelectorAll('[data-chart]')].every(place => place.dataset.drawn)"
    )


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.1 A and AA, a line a rule with the places."""
    if not AXE.exists():
        pytest.fail("tests/vendor/axe.js is missing: `pip install -e .` puts it there.", pytrace=False)
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{rule['id']}: {'; '.join(_place(node) for node in rule['nodes'][:4])}" for rule in found["violations"]]


def _place(node: dict[str, Any]) -> str:
    return f"{' '.join(node['target'])} {node['failureSummary'][:200]}"


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
