"""Home, search, settings: what is seen, and by whom."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from homeground.console import queries, services
from homeground.console.suitability import advice
from homeground.people.models import Customer, Identity
from homeground.people.queries import brand
from homeground.segments.models import Segment

PASSWORD = "of-the-house-1"
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return services.create_user("boss", "owner", PASSWORD)


def test_an_empty_deployment_is_taught_how_to_begin(client, boss):
    client.force_login(boss)

    page = client.get(reverse("console:home")).content.decode()

    assert "从这里开始" in page
    assert "homeground tokens create" in page


def test_a_period_the_wrong_way_round_is_refused_in_words(client, boss):
    client.force_login(boss)

    page = client.get(reverse("console:home"), {"since": "2026-02-01", "until": "2026-01-01"}).content.decode()

    assert "开始日期在前" in page


def test_today_shows_only_what_is_and_what_the_user_may_mend(boss):
    now = datetime.now(UTC)
    Segment.objects.create(slug="late", name="late", rule={"all": []}, refreshed_at=now - timedelta(days=9))
    Segment.objects.create(slug="failed", name="failed", rule={"all": []}, failure="boom", refreshed_at=now)

    assert [(matter.count, matter.tone) for matter in queries.matters(boss)] == [(1, "red"), (1, "amber")]
    stranger = services.create_user("nobody", "design", PASSWORD)
    stranger.groups.clear()
    assert queries.matters(type(stranger).objects.get(pk=stranger.pk)) == []


def test_search_finds_by_prefix_masks_and_respects_permissions(client, boss):
    customer = Customer.objects.create(name="王小明")
    Identity.objects.create(customer=customer, kind="phone", value="13812345678")
    Segment.objects.create(slug="tea", name="爱喝茶的人", is_dynamic=False)
    client.force_login(boss)

    found = client.get(reverse("console:search"), {"q": "1381234"}, HTTP_HX_REQUEST="true").content.decode()
    assert "王**" in found
    assert "138****5678" in found
    assert "13812345678" not in found
    assert "爱喝茶的人" in client.get(reverse("console:search"), {"q": "喝茶"}).content.decode()

    boss.is_superuser = False
    boss.save()
    boss.groups.clear()
    assert "王**" not in client.get(reverse("console:search"), {"q": "王"}).content.decode()


def test_settings_change_the_brand_for_those_who_may(client, boss):
    given = {"name": "山间茶事", "time_zone": "Asia/Tokyo", "currency": "JPY"}
    client.force_login(services.create_user("design", "design", PASSWORD))
    assert client.post(reverse("console:settings"), given).status_code == 403
    client.force_login(boss)

    client.post(reverse("console:settings"), given)

    assert (brand().name, brand().time_zone, brand().currency) == ("山间茶事", "Asia/Tokyo", "JPY")


@pytest.mark.parametrize(
    ("answers", "fits"),
    [
        ((5000, 3, 100, "often", False), "yes"),
        ((5000, 0, 100, "often", False), "first"),
        ((90_000, 3, 100, "often", False), "first"),
        ((10, 3, 5, "often", False), "first"),
        ((5000, 3, 100, "yearly", False), "first"),
        ((5000, 3, 100, "once", True), "no"),
    ],
)
def test_the_suitability_check_is_honest(answers, fits):
    assert advice(*answers).fits == fits


def test_a_page_that_is_not_there_says_so(client):
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


def test_messages_reach_htmx_at_once_and_only_once(client, boss):
    services.create_user("second", "owner", PASSWORD)
    client.force_login(boss)
    client.post(reverse("console:user_role", args=["second"]), {"role": "design"})

    answer = client.get(reverse("console:search"), {"q": "x"}, HTTP_HX_REQUEST="true")

    assert "toasts" in answer["HX-Trigger"]
    assert "HX-Trigger" not in client.get(reverse("console:search"), {"q": "x"}, HTTP_HX_REQUEST="true")
