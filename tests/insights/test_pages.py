"""The console pages of reviews: who may see them, what they say, what they refuse."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from homeground.insights.models import Review
from homeground.insights.services import review_campaign
from homeground.journeys.models import Campaign, Closing
from tests.journeys import world
from tests.journeys.world import NOON

pytestmark = pytest.mark.django_db
CSV = b"id,arm,y,x\n" + b"".join(b"%d,%s,%d,%d\n" % (i, b"ab"[i % 2 : i % 2 + 1], i % 7, i % 5) for i in range(200))


@pytest.fixture
def campaign(monkeypatch):
    world.no_policy()
    world.make_channel()
    made = world.frozen(monkeypatch, [world.make_customer() for _ in range(40)], holdout_bp=5000)
    Campaign.objects.filter(pk=made.pk).update(state="sent")
    return made


def sign_in(client, *permissions: str) -> None:
    user = User.objects.create_user("ana")
    named = [permission.partition(".") for permission in permissions]
    user.user_permissions.set(
        [Permission.objects.get(content_type__app_label=app, codename=name) for app, _dot, name in named]
    )
    client.force_login(user)


def csv(content: bytes = CSV, name: str = "people.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("name", "method"),
    [("reviews", "get"), ("upload", "get"), ("columns", "post"), ("needed", "get"), ("upload", "post")],
)
def test_a_stranger_may_not(client, name: str, method: str):
    asked = getattr(client, method)
    assert asked(reverse(f"insights:{name}")).status_code == 302
    sign_in(client)
    assert asked(reverse(f"insights:{name}")).status_code == 403


def test_who_may_only_look_neither_makes_nor_closes(client, campaign):
    sign_in(client, "insights.view_review")

    assert client.get(reverse("insights:review", args=[campaign.pk])).status_code == 200
    assert client.post(reverse("insights:make", args=[campaign.pk])).status_code == 403
    assert client.post(reverse("insights:close", args=[campaign.pk])).status_code == 403
    assert not Review.objects.exists()


def test_a_review_is_made_by_a_button_and_shown_with_its_verdict(client, campaign):
    sign_in(client, "insights.view_review", "insights.make_review", "journeys.close_campaign")

    client.post(reverse("insights:make", args=[campaign.pk]))
    page = client.get(reverse("insights:review", args=[campaign.pk])).content.decode()

    assert Review.objects.get().made_by == "ana"
    for words in ("未证实", "无法判断是否偶然", "人数账", "数字可信吗", "下一步建议", "复盘结案"):
        assert words in page


def test_an_older_version_can_be_read_again_and_an_unknown_one_is_none(client, campaign):
    review_campaign(campaign.pk, at=NOON + timedelta(days=2))
    review_campaign(campaign.pk, at=NOON + timedelta(days=20))
    sign_in(client, "insights.view_review")
    address = reverse("insights:review", args=[campaign.pk])

    assert "第 2 版" in client.get(address).content.decode()
    assert client.get(address + "?version=1").context["review"].version == 1
    for odd in ("99", "x", "-1", "9" * 40, "²"):
        assert client.get(address, {"version": odd}).status_code == 200


def test_a_campaign_is_closed_only_with_reason_and_next_action(client, campaign):
    sign_in(client, "insights.view_review", "journeys.close_campaign")
    address = reverse("insights:close", args=[campaign.pk])

    assert client.post(address, {"explanation": "", "next_action": "再来"}).status_code == 422
    assert not Closing.objects.exists()
    assert client.post(address, {"explanation": "人太少", "next_action": "扩大受众"}).status_code == 302
    assert Closing.objects.get().closed_by == "ana"
    assert "扩大受众" in client.get(reverse("insights:review", args=[campaign.pk])).content.decode()


def test_the_list_shows_verdicts_and_filters(client, campaign):
    sign_in(client, "insights.view_review")
    address = reverse("insights:reviews")
    assert "尚未生成" in client.get(address).content.decode()

    review_campaign(campaign.pk, at=NOON + timedelta(days=20))

    assert "未证实" in client.get(address, {"link": "activate", "stage": "waiting"}).content.decode()
    assert campaign.name not in client.get(address, {"stage": "open"}).content.decode()
    assert campaign.name not in client.get(address, {"link": "refer"}).content.decode()
    assert client.get(address, {"link": "nonsense"}).status_code == 200


def test_needed_people_are_said_before_the_send(client):
    sign_in(client, "journeys.view_campaign")
    address = reverse("insights:needed")
    plan = {"base_bp": 1200, "lift_bp": 1000, "holdout_bp": 1000}

    few = client.get(address, plan | {"audience": 2000}).content.decode()
    many = client.get(address, plan | {"audience": 200_000}).content.decode()

    assert "只看得出" in few
    assert "够了" in many
    assert "填好" in client.get(address, {"base_bp": "x"}).content.decode()
    assert "波动" in client.get(address, plan | {"outcome": "orders"}).content.decode()


def test_a_file_is_reviewed_in_the_browser(client):
    sign_in(client, "insights.make_review")

    pickers = client.post(reverse("insights:columns"), {"file": csv()}).content.decode()
    asked = {"file": csv(), "arm": "arm", "control": "a", "outcomes": ["y"], "covariates": ["x"], "id": "id"}
    result = client.post(reverse("insights:upload"), asked).content.decode()

    assert 'value="arm" selected' in pickers
    assert "数字可信吗" in result
    assert "95% 区间" in result


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"control": "nobody"}, "nobody"),
        ({"outcomes": []}, "结果指标"),
        ({"arm": "unknown"}, "unknown"),
        ({"shares": "a;b"}, "a=9,b=1"),
        ({"shares": "a=1"}, "b"),
    ],
)
def test_a_question_that_cannot_work_is_said_above_the_form(client, changes: dict, words: str):
    sign_in(client, "insights.make_review")
    asked = {"file": csv(), "arm": "arm", "control": "a", "outcomes": ["y"], "shares": ""} | changes

    answer = client.post(reverse("insights:upload"), asked)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "alert-danger" in answer.content.decode()


@pytest.mark.parametrize("content", [b"", b"\x1f\x8bbroken", b"PK\x03\x04broken", b"\xff\xff\xff\x81"])
def test_a_file_that_cannot_be_read_is_refused(client, content: bytes):
    sign_in(client, "insights.make_review")

    for name in ("columns", "upload"):
        answer = client.post(reverse(f"insights:{name}"), {"file": csv(content)})
        assert answer.status_code == 200
        assert "alert-danger" in answer.content.decode()
