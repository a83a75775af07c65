"""Every page of the sider, in both languages and both themes: the gate that new rooms pass through by themselves."""

import pytest

from homeground.console.navigation import entries
from tests.browser import overflow, settle, violations


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_accessible_and_fits_and_is_quiet(open_page, owner, language, theme):
    page = open_page(owner, language, theme)
    for entry in entries():
        page.goto(entry.url)
        settle(page)

        assert violations(page) == [], entry.url
        assert overflow(page) <= 0, entry.url
        page.guard.assert_quiet()
