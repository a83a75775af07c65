"""The handover's pages: a preview first, then progress; a stranger sees nothing."""

import pytest
from django.contrib.auth import get_user_model

from homeground.console.roles import install_roles
from homeground.people.models import Tag
from homeground.service.models import Handover, HandoverItem
from homeground.service.services import handover as services
from tests.service.handover.world import make_friend, make_friends, make_group, make_staff, rest

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = get_user_model().objects.create_superuser("boss")
    client.force_login(user)
    return client


def test_the_empty_list_teaches(boss):
    assert "还没有办过继承" in boss.get("/service/handover/").content.decode()


def test_a_form_leads_to_a_preview_and_nothing_has_begun(boss):
    giver, one, two = make_staff("giver"), make_staff("one"), make_staff("two")
    tag = Tag.objects.create(name="会员")
    make_friend(giver, tag=tag)
    make_friends(giver, 2)
    make_group(giver)

    answer = boss.post(
        "/service/handover/new",
        {"giver": giver.pk, "tag_one": tag.pk, "takers_one": [one.pk], "takers_rest": [two.pk], "gives_groups": "on"},
        follow=True,
    )

    page = answer.content.decode()
    handover = Handover.objects.get()
    assert (handover.state, handover.made_by) == ("draft", "boss")
    assert "会怎么分" in page
    assert "有标签「会员」" in page
    assert handover.items.filter(taker=one).count() == 1
    assert handover.items.filter(taker=two).count() == 3


@pytest.mark.parametrize(
    "fields", [{}, {"takers_rest": "self"}, {"days": 30}, {"days": "0", "takers_days": "taker"}, {"giver": "x"}]
)
def test_input_that_does_not_fit_is_said_in_the_form(boss, fields):
    giver, taker = make_staff("giver"), make_staff("taker")
    make_friend(giver)
    named = {"self": [giver.pk], "taker": [taker.pk]}
    given = {"giver": giver.pk} | {
        name: named.get(value, value) if isinstance(value, str) else value for name, value in fields.items()
    }

    answer = boss.post("/service/handover/new", given)

    assert answer.status_code == 200
    assert not Handover.objects.exists()
    form = answer.context["form"]
    assert form.errors


def test_start_cancel_and_discard_go_through_the_services(boss):
    giver, taker = make_staff("giver"), make_staff("taker")
    make_friend(giver)
    first = services.plan_handover(giver, [rest(taker)])
    boss.post(f"/service/handover/{first.pk}/discard")
    assert not Handover.objects.exists()

    second = services.plan_handover(giver, [rest(taker)])
    boss.post(f"/service/handover/{second.pk}/start")
    assert Handover.objects.get().state == "running"
    boss.post(f"/service/handover/{second.pk}/discard")  # Too late: refused, with a toast.
    boss.post(f"/service/handover/{second.pk}/cancel")
    assert Handover.objects.get().state == "cancelled"


def test_reasons_are_shown_in_words_and_rows_by_state(boss):
    giver, taker = make_staff("giver"), make_staff("taker")
    make_friends(giver, 3)
    handover = services.plan_handover(giver, [rest(taker)])
    services.start_handover(handover.pk)
    failed, refused, _rest = handover.items.all()
    HandoverItem.objects.filter(pk=failed.pk).update(state="failed", code=40099)
    HandoverItem.objects.filter(pk=refused.pk).update(state="refused")

    page = boss.get(f"/service/handover/{handover.pk}").content.decode()
    assert "接替员工的客户数已达上限" in page
    assert "客户拒绝" in page
    assert len(boss.get(f"/service/handover/{handover.pk}?state=refused").context["page"].rows) == 1
    part = boss.get(f"/service/handover/{handover.pk}", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("path", ["/service/handover/", "/service/handover/new", "/service/handover/1"])
def test_a_stranger_may_not_look(client, path):
    assert client.get(path).status_code == 302
    client.force_login(get_user_model().objects.create(username="nobody"))
    assert client.get(path).status_code == 403


def test_who_serves_may_not_hand_over(client):
    install_roles()
    user = get_user_model().objects.create(username="serving")
    user.groups.set([user.groups.model.objects.get(name="service")])
    client.force_login(user)

    assert client.post("/service/handover/1/start").status_code == 403


def test_a_handover_that_is_not_there_is_not_found(boss):
    for verb in ("start", "cancel", "discard"):
        assert boss.post(f"/service/handover/999/{verb}").status_code == 404
    assert boss.get("/service/handover/999").status_code == 404
    assert boss.get("/service/handover/1/start").status_code == 405
