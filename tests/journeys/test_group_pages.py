"""Campaigns to customer groups as operators and programs meet them: the draft, the ledger, the calendar, the policy."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.timezone import localtime

from homeground.core import time
from homeground.journeys import services
from homeground.journeys.models import Campaign, GroupLimit
from homeground.journeys.queries.calendar.entries import Choice, Span, entries
from homeground.journeys.queries.calendar.pressure import pressure
from homeground.journeys.queries.documents import document
from homeground.sandbox import models as sandbox
from homeground.wecom.models import Staff
from homeground.wecom.services import mass_sends
from tests.journeys import world
from tests.journeys.group_world import frozen, limit, no_policy, started
from tests.wecom.sends import platform as played
from tests.wecom.sends.platform import confirm, friend, group

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def platform(db, monkeypatch):
    no_policy()
    return played.connect(monkeypatch)


@pytest.fixture
def operator(client):
    client.force_login(User.objects.create_superuser("op"))
    return client


def drafted(people, **fields):
    """What an operator types for a draft to groups."""
    segment = world.make_draft().segment
    message = world.make_message(channel_kind="wecom_mass", body="周五福利")
    given = {
        "name": "周五福利", "link": "activate", "segment": segment.pk, "offer": "福利", "place": "social",
        "channel": "wecom", "message": message.pk, "hypothesis": "群里热闹", "primary_outcome": "ordered",
        "expected_lift_bp": "10", "window_days": "7", "holdout_bp": "0", "to_groups": "on", "group_least": "1",
    }  # fmt: skip
    return given | fields


def test_an_operator_makes_one_sees_who_is_left_out_starts_it_watches_and_reminds(monkeypatch, platform, operator):
    limit(most=1)
    ana, out = friend("zhang"), friend("li")
    world.decide(out.customer, is_granted=False)
    group("zhang", [ana, out], name="福利一群"), group("li", [out], name="福利二群"), group("li", [], name="空群")
    Staff.objects.filter(userid="li").update(is_active=False)
    world.audience(monkeypatch, [ana.customer, out.customer])
    given = drafted([])

    plan = operator.get(reverse("journeys:plan"), given).content.decode()
    assert all(words in plan for words in ("没有在职的群主", "1 位群主，群里共 2 位客户", "其中 1 位客户退订过营销"))

    answer = operator.post(reverse("journeys:new"), given)
    campaign = Campaign.objects.get(name="周五福利")
    assert (answer.status_code, campaign.groups) == (302, {"least": 1, "owners": [], "name": ""})
    page = reverse("journeys:campaign", args=[campaign.pk])
    assert "客户群还没有锁定" in operator.get(page).content.decode()
    assert "checked" in operator.get(reverse("journeys:edit", args=[campaign.pk])).content.decode()

    operator.post(reverse("journeys:freeze", args=[campaign.pk]))
    shown = operator.get(page).content.decode()
    assert all(words in shown for words in ("群名册", "没有在职的群主", "1 位客户退订过营销", "没有留整群作对照"))
    line = reverse("journeys:people", args=[campaign.pk, "suppressed.no_owner"])
    assert "福利二群" in operator.get(line).content.decode()


def test_an_operator_starts_one_watches_the_owners_and_reminds_them(monkeypatch, platform, operator):
    group("zhang")
    campaign = frozen(monkeypatch)
    page = reverse("journeys:campaign", args=[campaign.pk])

    operator.post(reverse("journeys:start", args=[campaign.pk]))
    services.dispatch(campaign.pk)
    mass_sends.poll()
    shown = operator.get(page).content.decode()
    assert all(words in shown for words in ("群主执行", "待群主确认", "Zhang"))
    operator.post(reverse("journeys:remind", args=[campaign.pk]))
    assert sandbox.MassReminder.objects.count() == 1

    confirm("zhang")
    mass_sends.poll(is_hurried=True)
    services.dispatch(campaign.pk)
    assert "观察期内退群" in operator.get(page).content.decode()
    assert "1 个群" in operator.get(reverse("journeys:campaigns")).content.decode()
    copied = services.copy_campaign(campaign.pk, by="op")
    assert copied.groups == campaign.groups
    assert operator.get(reverse("journeys:campaign", args=[copied.pk])).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("channel", "phone", "发到客户群只能用企业微信群发"),
        ("group_least", "-1", "group_least"),
        ("group_owners", "999", "999"),
    ],
)
def test_a_draft_to_groups_that_cannot_be_names_the_field(monkeypatch, platform, operator, field, value, sentence):
    answer = operator.post(reverse("journeys:new"), drafted([], **{field: value}))

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not Campaign.objects.filter(name="周五福利").exists()


def test_a_planned_one_stands_in_the_calendar_and_presses_on_nobody(monkeypatch, platform, operator):
    ana = friend("zhang")
    world.audience(monkeypatch, [ana.customer])
    day = (time.now() + timedelta(days=1)).date()
    operator.post(reverse("journeys:new"), drafted([], scheduled_at=f"{day}T10:00"))

    about = {"key": f"campaign:{Campaign.objects.get(name='周五福利').pk}", "day": day}
    page = operator.get(reverse("calendar:detail"), about, headers={"HX-Request": "true"})

    assert "发到客户群" in page.content.decode()
    span = Span(day, day, "Asia/Shanghai", time.now())
    assert [entry.title for entry in entries(span, Choice())] == ["周五福利（发到客户群）"]
    assert pressure(span, None).days[0].touches == 0


def test_the_groups_limit_is_dated_configuration_with_a_source(platform, operator):
    given = {
        "groups-window_days": 7, "groups-max_promotions": 2, "groups-max_share_bp": "50", "groups-min_sends": 3,
        "groups-valid_from": f"{localtime():%Y-%m-%dT%H:%M}", "groups-source": "团队决定",
    }  # fmt: skip

    answer = operator.post(reverse("journeys:add_policy", args=["groups"]), given)

    assert (answer.status_code, GroupLimit.objects.get().max_promotions) == (302, 2)
    assert "7 天内每群最多 2 条营销" in operator.get(reverse("journeys:policy")).content.decode()


def test_a_program_reads_the_ledger_of_groups(monkeypatch, platform):
    group("zhang")
    campaign = started(monkeypatch)
    services.dispatch(campaign.pk)

    found = document(Campaign.objects.select_related("segment", "message").get(pk=campaign.pk))

    assert found["group_ledger"] == {
        "groups": 1, "lines": [{"state": "assigned", "reason": "", "groups": 1, "customers": 0}],
    }  # fmt: skip
    assert found["ledger"]["eligible"] == 0
