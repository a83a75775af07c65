"""The review of a journey in a real browser, in both languages and themes."""

import os
from pathlib import Path

import pytest

from homeground.events.catalog.commerce import OrderPaid
from homeground.insights.services import review_journey
from homeground.journeys.models import Arm
from tests.browser import overflow, settle, violations
from tests.insights.test_journey_review import AFTER, TWO, buy, enter, make_journey, people, tell_now
from tests.journeys import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("HOMEGROUND_SHOTS", "")


@pytest.fixture
def reviewed(transactional_db):
    world.no_policy()
    journey = make_journey(TWO)
    treated, held, facts = people(160), people(160), list[OrderPaid]()
    for day, half in ((0, slice(0, 80)), (20, slice(80, 160))):
        enter(journey, treated[half][:40], Arm.TREATED, day, "短信")
        enter(journey, treated[half][40:], Arm.TREATED, day, "先聊再推")
        enter(journey, held[half], Arm.HOLDOUT, day, "短信")
        facts += [buy(one, day + 2) for one in [*treated[half][::3], *held[half][::9]]]
        facts += [buy(one, day - 40, 700) for one in [*treated[half][::2], *held[half][::2]]]
    enter(journey, people(20), Arm.TREATED, 80, "短信")
    tell_now(*facts)
    return review_journey("second", at=AFTER)


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "light"), ("zh-hans", "dark")])
def test_the_review_is_whole_in_both_languages_and_themes(open_page, owner, reviewed, language, theme):
    page = open_page(owner, language=language, theme=theme)
    for name, address in (("review", "/reviews/journeys/second"), ("reviews", "/reviews/journeys/")):
        page.goto(address)
        settle(page)
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{language}-{theme}.png"), full_page=True)
        assert violations(page) == [], address
        assert overflow(page) == 0, address
    page.guard.assert_quiet()
