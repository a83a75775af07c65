"""The pages of campaigns that staff confirm, in a real browser."""

import pytest
from django.urls import reverse

from homeground.core import time
from homeground.journeys import services
from homeground.journeys.models import PlatformQuota
from homeground.sandbox import models as sandbox
from homeground.wecom.services import mass_sends
from tests.browser import overflow, settle, violations
from tests.journeys import world
from tests.support import drain
from tests.wecom.sends import platform as played
from tests.wecom.sends.platform import confirm, friend

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign(monkeypatch, transactional_db):
    """A campaign that one of three members has confirmed."""
    world.no_policy()
    services.install_defaults()
    world.make_channel("wecom", "wecom_mass", address_kinds=["wecom_external"], name="企业微信群发")
    world.make_channel("moments", "wecom_moments", address_kinds=["wecom_external"], name="朋友圈")
    played.connect(monkeypatch)
    people = [friend(userid) for userid in ("zhang",) * 5 + ("li",) * 3 + ("wang",) * 2]
    for one in people:
        world.decide(one.customer, is_granted=True)
    message = world.make_message(channel_kind="wecom_mass", body="秋茶上新 https://shop.example/tea")
    world.no_policy()
    made = world.frozen(
        monkeypatch, [one.customer for one in people], at=time.now(), channel="wecom", message=message, holdout_bp=1000
    )
    services.start_campaign(made.pk)
    services.dispatch(made.pk)
    mass_sends.poll()
    confirm("zhang")
    mass_sends.poll(is_hurried=True)
    drain()
    services.install_defaults()
    return made


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "light"), ("zh-hans", "dark")])
def test_the_pages_are_whole_in_both_languages_and_themes(open_page, owner, campaign, language, theme):
    page = open_page(owner, language=language, theme=theme)
    for address in (
        reverse("journeys:campaign", args=[campaign.pk]),
        reverse("journeys:policy"),
        reverse("channels:edit", args=["wecom"]),
        reverse("channels:edit", args=["moments"]),
        reverse("channels:list"),
    ):
        page.goto(address)
        settle(page)
        assert violations(page) == [], address
        assert overflow(page) == 0, address
    page.guard.assert_quiet()


def test_one_member_is_called_on_and_all_are_reminded(console_page, campaign):
    console_page.goto(reverse("journeys:campaign", args=[campaign.pk]))
    before = sandbox.AppMessage.objects.count()

    console_page.get_by_role("button", name="提醒", exact=True).first.click()
    console_page.get_by_text("发应用消息").first.wait_for()
    assert sandbox.AppMessage.objects.count() == before + 1

    console_page.get_by_role("button", name="提醒全部").click()
    console_page.get_by_role("dialog").get_by_role("button").last.click()
    console_page.get_by_text("已提醒所有还没确认的员工").first.wait_for()
    assert sandbox.MassReminder.objects.count() == 1


def test_the_draft_explains_the_channel_as_soon_as_it_is_chosen(console_page, campaign):
    console_page.goto(reverse("journeys:new"))

    console_page.locator("#draft [name=channel]").select_option("wecom")

    console_page.get_by_text("企业微信群发和别的渠道不同").wait_for()
    assert PlatformQuota.objects.get().get_mode_display() in console_page.inner_text("#plan")
    assert violations(console_page) == []
