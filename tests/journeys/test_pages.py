import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from homeground.journeys import services
from homeground.journeys.models import Campaign, FrequencyCap, Touch
from homeground.segments.models import Segment
from tests.journeys import world
from tests.journeys.world import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm")]


@pytest.fixture
def operator(client):
    """Somebody who may do everything, signed in."""
    client.force_login(User.objects.create_superuser("op", password="x"))
    return client


@pytest.fixture
def campaign(monkeypatch):
    customers = [world.make_customer(name=f"客{i}") for i in range(4)] + [world.make_customer(consent=None)]
    return world.frozen(monkeypatch, customers)


def given(**more):
    """A draft form filled in as a person would."""
    segment = Segment.objects.create(slug="s", name="人群", is_dynamic=False, customers=3)
    return {
        "name": "三月唤回",
        "link": "activate",
        "segment": segment.pk,
        "offer": "满减",
        "place": "trade",
        "channel": "phone",
        "message": world.make_message().pk,
        "hypothesis": "因为",
        "primary_outcome": "ordered",
        "base_bp": "5",
        "expected_lift_bp": "12.5",
        "window_days": "14",
        "holdout_bp": "10",
    } | more


def test_a_draft_is_made_from_the_form(operator):
    answer = operator.post(reverse("journeys:new"), given())

    made = Campaign.objects.get()
    assert answer.url == reverse("journeys:campaign", args=[made.pk])
    assert (made.base_bp, made.expected_lift_bp, made.holdout_bp, made.created_by) == (500, 1250, 1000, "op")


@pytest.mark.parametrize("wrong", [{"holdout_bp": "95"}, {"name": ""}, {"window_days": "0"}, {"channel": "none"}])
def test_a_draft_that_cannot_be_is_shown_again_with_its_fault(operator, wrong):
    answer = operator.post(reverse("journeys:new"), given(**wrong))

    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.context["form"].errors
    assert not Campaign.objects.exists()


def test_a_template_of_another_kind_of_channel_is_refused_in_the_form(operator):
    mail = world.make_message(channel_kind="email")

    answer = operator.post(reverse("journeys:new"), given(message=mail.pk))

    assert "channel" in answer.context["form"].errors


def test_a_frozen_campaign_cannot_be_edited_but_copied(operator, campaign):
    assert operator.get(reverse("journeys:edit", args=[campaign.pk])).status_code == 302

    operator.post(reverse("journeys:copy", args=[campaign.pk]))

    made = Campaign.objects.latest("pk")
    assert (made.state, made.hypothesis, made.segment_id) == ("draft", campaign.hypothesis, campaign.segment_id)


def test_the_page_shows_every_line_and_the_sum(operator, campaign):
    page = operator.get(reverse("journeys:campaign", args=[campaign.pk])).content.decode()

    assert "未授权同意" in page
    assert reverse("journeys:people", args=[campaign.pk, "suppressed.no_consent"]) in page
    assert reverse("journeys:people", args=[campaign.pk, "queued"]) in page


def test_a_line_leads_to_its_people(operator, campaign):
    left_out = Touch.objects.get(reason="no_consent")

    page = operator.get(reverse("journeys:people", args=[campaign.pk, "suppressed.no_consent"]))

    assert [customer.pk for customer, _row, _why in page.context["rows"]] == [left_out.customer_id]
    assert operator.get(reverse("journeys:people", args=[campaign.pk, "no.such"])).status_code == 404


def test_buttons_move_a_campaign_and_a_refusal_is_said(operator, campaign):
    def press(what):
        return operator.post(reverse(f"journeys:{what}", args=[campaign.pk]), follow=True)

    states = []
    for what in ("start", "pause", "resume", "cancel"):
        press(what)
        states.append(Campaign.objects.get(pk=campaign.pk).state)
    assert states == ["sending", "paused", "sending", "cancelled"]

    assert "不能改为" in press("start").content.decode()


def test_the_preview_is_what_the_customer_reads(operator, campaign):
    page = operator.get(reverse("journeys:preview", args=[campaign.pk]), {"q": "客2"}).content.decode()

    assert "你好 客*" in page


@pytest.mark.parametrize("state", ["draft", "frozen", "sending", "sent", "closed", "cancelled"])
def test_every_state_has_its_page_and_its_place_in_the_list(operator, campaign, state):
    if state != "draft":
        Campaign.objects.filter(pk=campaign.pk).update(state=state)

    assert operator.get(reverse("journeys:campaign", args=[campaign.pk])).status_code == 200
    assert campaign.name in operator.get(reverse("journeys:campaigns"), {"q": "三月"}).content.decode()


def test_new_policy_counts_and_is_in_the_history(operator):
    world.make_cap(most=1)

    answer = operator.post(
        reverse("journeys:add_policy", args=["cap"]),
        {
            "cap-relation": "none",
            "cap-channel": "*",
            "cap-window_days": "7",
            "cap-max_touches": "2",
            "cap-valid_from": "2099-01-01T00:00",
            "cap-source": "团队决定",
        },
    )

    assert answer.status_code == 302
    assert FrequencyCap.objects.latest("pk").set_by == "op"
    assert "团队决定" in operator.get(reverse("journeys:policy")).content.decode()


def test_policy_without_a_source_is_refused(operator):
    answer = operator.post(reverse("journeys:add_policy", args=["holdout"]), {"holdout-share_bp": "5"})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("name", "method", "permission"),
    [
        ("campaigns", "get", "view_campaign"),
        ("new", "get", "add_campaign"),
        ("policy", "get", "view_campaign"),
        ("campaign", "get", "view_campaign"),
        ("edit", "get", "change_campaign"),
        ("freeze", "post", "send_campaign"),
        ("start", "post", "send_campaign"),
        ("pause", "post", "send_campaign"),
        ("resume", "post", "send_campaign"),
        ("cancel", "post", "send_campaign"),
        ("copy", "post", "add_campaign"),
        ("delete", "post", "delete_campaign"),
    ],
)
def test_a_stranger_may_not(client, campaign, name, method, permission):
    url = reverse(f"journeys:{name}", args=[] if name in ("campaigns", "new", "policy") else [campaign.pk])
    visit = getattr(client, method)
    assert visit(url).status_code == 302  # To sign in.

    user = User.objects.create_user("someone", password="x")
    client.force_login(user)
    assert visit(url).status_code == 403

    user.user_permissions.add(Permission.objects.get(codename=permission))
    assert visit(url).status_code in (200, 302)


def test_numbers_that_are_none_leave_the_plan_empty(operator):
    for words in ("", "abc", "9" * 40, "nan", "inf"):
        page = operator.get(reverse("journeys:plan"), {"segment": words, "base_bp": words, "holdout_bp": words})
        assert page.status_code == 200


def test_the_freeze_by_the_page_is_the_freeze(operator, monkeypatch):
    world.audience(monkeypatch, [world.make_customer()])
    draft = world.make_draft()

    operator.post(reverse("journeys:freeze", args=[draft.pk]))

    draft.refresh_from_db()
    assert (draft.state, draft.audience_size) == ("frozen", 1)
    assert services.next_due_at(draft.pk) > NOON
