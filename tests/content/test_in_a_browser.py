"""Every page of the room as people see it: quiet, readable, nothing wider than the window."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from homeground.content import services
from homeground.content.models import FeedLimit, Message, MomentPlan, Persona, QuickReply
from homeground.core import time
from homeground.people.models import Customer, Tag
from tests.browser import overflow, settle, violations
from tests.content.world import draft, friend, member, own_post, picture, planned, published

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")


def shoot(page, name, size=None):
    """A picture for the eyes, where somebody asked for it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.fixture
def month():
    """A month as a team leaves it: posts done, coming and missing, two personas, answers."""
    now = time.now()
    lin, an = member(), member("an", "安安")
    owner = Persona(
        name="山茶老板", identity="茶农第三代，自己种茶十五年", expertise="看天做茶、辨别产地", tone="实在，不说“亲”",
        is_owner=True, staff=an, begins_on=(now - timedelta(days=60)).date(),
    )  # fmt: skip
    from datetime import time as clock

    slots = [
        services.SlotGiven(0, clock(8), "expertise", "周一辨茶"),
        services.SlotGiven(2, clock(20), "life", "茶园日记"),
        services.SlotGiven(5, clock(12), "proof", "茶友来信"),
    ]
    services.save_persona(owner, slots)
    services.save_persona(Persona(name="山茶的小林", identity="门店顾问", staff=lin, begins_on=now.date()), [])
    bought, friends = Tag.objects.create(name="未消费", group="消费"), [friend(lin, f"客户{n}") for n in range(12)]
    kinds = ["goods", "life", "expertise", "goods", "proof", "benefit", "life", "goods", "expertise"]
    for at, kind in enumerate(kinds):
        plan = planned(
            kind, now + timedelta(days=at, hours=1), [lin, an], tags=[bought], persona=owner, topic=f"选题 {at + 1}"
        )
        MomentPlan.objects.filter(pk=plan.pk).update(planned_at=now - timedelta(days=len(kinds) - at, hours=2))
        plan.refresh_from_db()
        published(plan, lin, viewers=friends, liked=friends[: at % 5], commented=friends[: at % 2])
        if at % 2:
            published(plan, an, viewers=friends[:4])
    own_post(lin, now - timedelta(days=1), text="今天店里来了一只猫")
    own_post(an, now - timedelta(days=3), "soup", "人生如茶，沉时坦然，浮时淡然")
    own_post(an, now - timedelta(days=6))
    image = services.keep_material(picture((900, 700)), "op")
    planned(
        "life", now + timedelta(days=1), [lin], persona=owner, topic="雨后的茶山",
        attachments=[{"kind": "image", "material": image.pk}],
        text="昨晚下了一夜雨，早上上山拍的。\n这种天气采的茶，香气会沉一些。",
    )  # fmt: skip
    draft("goods", now + timedelta(days=3), [lin], topic="明前茶开售")
    failed = planned("proof", now + timedelta(days=2), [lin], topic="老客户的回信")
    MomentPlan.objects.filter(pk=failed.pk).update(state="failed", error="可见范围里没有客户")
    FeedLimit.objects.create(
        max_selling_bp=4000, window_days=30, min_posts=5, max_per_day=3, source="团队三月例会", set_by="op",
        valid_from=now - timedelta(days=40),
    )  # fmt: skip
    services.install_starters()
    Customer.objects.create(name="小林")
    Message.objects.create(
        name="三月上新", link="convert", channel_kind="wecom_mass", body="明前茶到了，回复 1 看图。{{brand}}",
        attachments=[
            {"kind": "link", "title": "三月新茶", "url": "https://a.example", "description": "", "material": image.pk}
        ],
    )  # fmt: skip


def pages():
    plans = {plan.topic: plan.pk for plan in MomentPlan.objects.all()}
    return {
        "moments": reverse("content:moments"),
        "moments-persona": reverse("content:moments") + f"?persona={Persona.objects.first().pk}",
        "plans": reverse("content:plans"),
        "mix": reverse("content:mix"),
        "own": reverse("content:own_posts"),
        "personas": reverse("content:personas"),
        "persona": reverse("content:persona", args=[Persona.objects.first().pk]),
        "plan": reverse("content:plan", args=[plans["雨后的茶山"]]),
        "plan-failed": reverse("content:plan", args=[plans["老客户的回信"]]),
        "post": reverse("content:plan", args=[plans["选题 8"]]),
        "replies": reverse("content:replies"),
        "reply": reverse("content:reply", args=[QuickReply.objects.first().pk]),
        "reply-file": reverse("content:reply_file"),
        "message": reverse("content:edit", args=[Message.objects.get().pk]),
    }


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "light"), ("zh-hans", "dark")])
def test_every_page_is_quiet_and_readable(open_page, owner, month, language, theme):
    page = open_page(owner, language=language, theme=theme)

    for name, url in pages().items():
        page.goto(url)
        settle(page)
        shoot(page, f"{name}-{language}-{theme}")
        assert violations(page) == [], name
        assert overflow(page) <= 0, name
        page.guard.assert_quiet()


def test_empty_pages_teach(open_page, owner):
    page = open_page(owner)

    for name in ("moments", "plans", "mix", "own_posts", "personas", "replies", "new_plan", "new_persona"):
        page.goto(reverse(f"content:{name}"))
        settle(page)
        shoot(page, f"empty-{name}")
        assert violations(page) == [], name
        page.guard.assert_quiet()
