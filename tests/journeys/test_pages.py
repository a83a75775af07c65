from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from homeground.journeys import services
from homeground.journeys.models import Campaign, FrequencyCap, Touch
from homeground.segments.models import Segment
from tests.journeys import message_walks, world
from tests.journeys.test_guard import was_sent
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


def test_a_draft_says_how_urgent_and_how_valuable_it_is(operator):
    operator.post(reverse("journeys:new"), given(urgency="3", value_minor="12.50"))

    made = Campaign.objects.get()
    assert (made.urgency, made.value_minor) == (3, 1250)
    assert 'value="12.50"' in operator.get(reverse("journeys:edit", args=[made.pk])).content.decode()


@pytest.mark.parametrize("wrong", [{"urgency": "9"}, {"value_minor": "-1"}, {"value_minor": "x"}])
def test_an_urgency_or_a_value_that_cannot_be_is_shown_again(operator, wrong):
    answer = operator.post(reverse("journeys:new"), given(**wrong))

    assert next(iter(wrong)) in answer.context["form"].errors


def test_what_restores_is_a_new_row_that_the_page_shows(operator):
    row = {"by_purchase": "on", "fresh_hours": "48", "source": "团队决定", "valid_from": "2099-01-01T00:00"}

    answer = operator.post(
        reverse("journeys:add_policy", args=["restoration"]), {f"restoration-{k}": v for k, v in row.items()}
    )

    assert answer.status_code == 302
    page = operator.get(reverse("journeys:policy")).content.decode()
    assert "客户下单后恢复打扰度；48 小时内的营销始终计入" in page


def test_a_message_of_a_journey_is_no_campaign_of_the_list(operator):
    message = message_walks.make_journey_message()
    message_walks.come(message, world.make_customer(consent=None))

    assert not operator.get(reverse("journeys:campaigns")).context["rows"]
    journey = message.version.journey
    assert operator.get(reverse("journeys:campaign", args=[message.pk])).url == reverse(
        "journey:journey", args=[journey.slug]
    )
    for deed in ("edit", "pause", "cancel", "copy"):
        send = operator.get if deed == "edit" else operator.post
        assert send(reverse(f"journeys:{deed}", args=[message.pk])).status_code == 404
    people = operator.get(reverse("journeys:people", args=[message.pk, "suppressed.no_consent"]))
    assert "未授权同意" in people.content.decode()


def test_the_customers_page_tells_of_journeys_too(operator):
    world.make_cap(days=7, most=1)
    customer = world.make_customer()
    was_sent(customer, NOON - timedelta(days=1))
    message_walks.come(message_walks.make_journey_message(), customer)
    apart = message_walks.make_journey_message()
    message_walks.enrol(apart, customer, arm="holdout", state="held_out", node="")

    page = operator.get(reverse("console:customer", args=[customer.pk]) + "?tab=touches").content.decode()

    assert "7 天内已收到 1 条营销信息，上限 1 条；有余量时再发" in page
    assert reverse("journey:journey", args=[apart.version.journey.slug]) in page
