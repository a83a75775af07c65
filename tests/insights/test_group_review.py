"""What a campaign to customer groups caused: whole groups are compared, never their people one by one."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import translation

from homeground.insights.queries import telling
from homeground.insights.queries.report import campaign_document, campaign_text
from homeground.insights.queries.reviews import tell
from homeground.insights.services import review_campaign
from homeground.journeys.models import GroupState, GroupTouch
from homeground.wecom.models import GroupChat, GroupMember, Staff
from tests.insights.test_campaign_review import buy, tell_now
from tests.journeys import world
from tests.journeys.group_world import frozen, no_policy
from tests.journeys.world import NOON

pytestmark = pytest.mark.django_db(transaction=True)
AFTER = NOON + timedelta(days=60)
PEOPLE = 5


def make_groups(count, customers=None):
    no_policy()
    owner, _made = Staff.objects.get_or_create(userid="zhang")
    for number in range(count):
        people = customers or [world.make_customer() for _ in range(PEOPLE)]
        chat = GroupChat.objects.create(
            chat_id=f"wr{GroupChat.objects.count()}", name=f"群{number}", owner=owner, seen_at=NOON
        )
        GroupMember.objects.bulk_create(
            GroupMember(chat=chat, member_id=f"wm{one.pk}", is_external=True, customer=one, joined_at=world.LONG_AGO)
            for one in people
        )


def sides(campaign):
    """The customers of each group, of those meant to get it and of those held out."""
    rows = GroupTouch.objects.filter(campaign=campaign).order_by("chat")
    held = [touch.customer_ids for touch in rows.filter(state=GroupState.HELD_OUT)]
    return [touch.customer_ids for touch in rows.exclude(state=GroupState.HELD_OUT)], held


def test_groups_that_all_do_better_than_those_held_out_show_an_effect(monkeypatch):
    make_groups(24)
    campaign = frozen(monkeypatch, at=NOON, holdout_bp=5000)
    meant, held = sides(campaign)
    tell_now(
        *(buy(one, 3) for place, group in enumerate(meant) for one in group[: 3 + place % 2]),
        *(buy(one, 3) for place, group in enumerate(held) for one in group[: place % 2]),
        *(buy(one, 20) for one in held[0]),  # Past the window's end.
    )

    review = review_campaign(campaign.pk, at=AFTER)

    trial = review.content["groups"]
    assert (trial["treated"], trial["held_out"], trial["mixed"]) == (len(meant), len(held), 0)
    assert trial["mean"] == pytest.approx(sum(3 + place % 2 for place in range(len(meant))) / PEOPLE / len(meant))
    assert (review.verdict, trial["ci_low"] > 0) == ("works", True)
    assert f"发的 {len(meant)} 个群" in telling.headline(tell(review))


def test_who_left_the_groups_stands_beside_what_they_bought(monkeypatch):
    make_groups(24)
    campaign = frozen(monkeypatch, at=NOON, holdout_bp=5000)
    meant, held = sides(campaign)
    day = timedelta(days=1)
    leave(meant[0][:2], NOON + day), leave(held[0][:1], NOON + day)
    leave(meant[1][:1], NOON - day)  # Gone before the freeze.
    leave(meant[2][:1], NOON + 90 * day)  # Past the window's end.

    review = review_campaign(campaign.pk, at=AFTER)

    assert review.content["groups"]["left"] == [[2, len(meant) * PEOPLE - 1], [1, len(held) * PEOPLE]]
    said = " ".join(telling.why_not_shown(tell(review)))
    assert f"发的群 2 人次，锁定时在群 {len(meant) * PEOPLE - 1} 人次" in said
    assert f"留的群退群 1 人次，锁定时在群 {len(held) * PEOPLE} 人次" in said


def leave(customer_ids, at):
    assert GroupMember.objects.filter(customer__in=customer_ids).update(left_at=at) == len(customer_ids)


def test_a_lively_group_or_two_are_no_effect_though_many_people_bought(monkeypatch):
    make_groups(24)
    campaign = frozen(monkeypatch, at=NOON, holdout_bp=5000)
    meant, _held = sides(campaign)
    tell_now(*(buy(one, 3) for group in meant[:2] for one in group))  # Person by person p would be below 0.01.

    review = review_campaign(campaign.pk, at=AFTER)

    assert review.verdict == "not shown"
    assert "看不出是不是巧合" in "".join(telling.why_not_shown(tell(review)))


def test_without_groups_held_out_it_says_that_nobody_can_tell(monkeypatch, client):
    make_groups(3)
    campaign = frozen(monkeypatch, at=NOON, holdout_bp=0)

    review = review_campaign(campaign.pk, at=AFTER)

    assert (review.verdict, review.content["days"]) == ("no control", 14)
    told = tell(review)
    assert "说不清" in telling.headline(told)
    assert [(step.label, step.people) for step in telling.steps(told)] == [
        ("锁定的群", 3), ("待发送", 3), ("已送达的群", 0),
    ]  # fmt: skip
    assert campaign_document(review)["headline"] in campaign_text(review)
    client.force_login(User.objects.create_superuser("op"))
    page = client.get(reverse("insights:review", args=[campaign.pk])).content.decode()
    assert ("说不清" in page, "群数账" in page) == (True, True)
    with translation.override("en"):
        assert "nobody can tell" in telling.headline(tell(review))


def test_who_is_in_groups_of_both_kinds_is_not_counted(monkeypatch):
    make_groups(8)
    both = [world.make_customer()]
    make_groups(8, both)
    campaign = frozen(monkeypatch, at=NOON, holdout_bp=5000)
    tell_now(buy(both[0].pk, 3))

    review = review_campaign(campaign.pk, at=AFTER)

    trial = review.content["groups"]
    assert "无法判断" in telling.headline(tell(review))
    assert (trial["mixed"], trial["mean"], trial["base"]) == (1, 0, 0)
    assert trial["treated"] + trial["held_out"] == 8
