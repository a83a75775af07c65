"""The pages of handover and scorecard as people see them: no complaint, no violation, nothing wider than the window."""

import pytest

from homeground.core import time
from homeground.service.models import HandoverItem
from homeground.service.services import handover as services
from homeground.service.services.rules import install_defaults
from homeground.service.services.scorecard import install_goals
from tests.browser import overflow, settle, violations
from tests.service.handover.world import make_friends, make_group, make_staff, rest
from tests.service.scorecard.test_counting import buy, wait

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(transactional_db):
    install_goals()
    install_defaults()
    lin, wang, chen = (make_staff(name, department="门店一部") for name in ("lin", "wang", "chen"))
    friends = make_friends(lin, 12)
    make_friends(wang, 4)
    make_group(lin)
    buy(friends[0].customer, time.now())
    for staff, minutes in ((lin, 3), (lin, 30), (wang, 8), (chen, None)):
        wait(staff, at=time.now() - time_of(60), minutes=minutes)
    handover = services.plan_handover(lin, [rest(wang, chen)], message="以后由小王为您服务", by="boss")
    for item, state in zip(handover.items.order_by("pk"), HandoverItem.State.values, strict=False):
        HandoverItem.objects.filter(pk=item.pk).update(state=state, code=40098 if state == "failed" else 0)
    return handover


def time_of(minutes: int):
    from datetime import timedelta

    return timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("zh-hans", "light", (1440, 900)), ("en", "light", (1440, 900)), ("zh-hans", "dark", (390, 844))],
)
def test_pages_are_sound(open_page, owner, shop, language, theme, size):
    page = open_page(owner, language=language, theme=theme, size=size)
    for path in (
        "/service/handover/",
        "/service/handover/new",
        f"/service/handover/{shop.pk}",
        "/service/scorecard",
        "/service/scorecard/goals",
    ):
        page.goto(path)
        settle(page)

        page.guard.assert_quiet()
        assert violations(page) == [], path
        assert overflow(page) <= 0, path
