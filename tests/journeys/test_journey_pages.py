"""The pages of journeys: who may, what is refused, what is kept."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from homeground.core import time
from homeground.journeys.models import Enrolment, Journey
from homeground.journeys.services import entering, publishing
from homeground.journeys.services.walking import engine
from homeground.journeys.starters import STARTERS, starter
from homeground.journeys.views.journeys import laying
from tests.journeys import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm")]
SETTINGS = {
    "name": "复购", "link": "convert", "hypothesis": "", "primary_outcome": "ordered", "window_days": 30,
    "holdout_bp": 0,
}  # fmt: skip


def graph(**more):
    """By hand; a message, a day's wait, a tag."""
    message = world.make_message(is_promotion=False).pk
    nodes = {
        "hello": {
            "kind": "message", "name": "问候", "at": [0, 0], "message": message, "channel": "phone", "next": "rest",
        },
        "rest": {"kind": "wait", "name": "歇一天", "at": [0, 120], "span": {"days": 1}, "next": "mark"},
        "mark": {"kind": "tag", "name": "打标签", "at": [0, 240], "add": ["问候过"], "next": None},
    }  # fmt: skip
    return {
        "entries": [{"by": "hand"}],
        "variants": [{"name": "全部", "share_bp": 10_000, "start": "hello"}],
        "nodes": nodes,
    } | more


@pytest.fixture
def operator(client):
    client.force_login(User.objects.create_superuser("op", password="x"))
    return client


@pytest.fixture
def draft():
    return publishing.create(name="复购", link="convert", by="op", draft=graph(), holdout_bp=0)


@pytest.fixture
def live(draft):
    publishing.publish(draft.pk, by="op")
    draft.refresh_from_db()
    return draft


def url(name, journey, *more):
    return reverse(f"journey:{name}", args=[journey.slug, *more])


def let_in(journey, count=1):
    customers = [world.make_customer(name=f"客{at}") for at in range(count)]
    entering.enter(journey, [entering.Entrant(one.pk, f"hand:{one.pk}") for one in customers])
    engine.walk(journey.pk)
    return list(Enrolment.objects.filter(journey=journey).order_by("pk"))


def keep(client, journey, draft, **more):
    journey.refresh_from_db()
    body = {"draft": draft, "settings": SETTINGS, "stamp": laying.stamp_of(journey)} | more
    return client.post(url("save", journey), json.dumps(body), content_type="application/json")


def test_the_empty_list_offers_examples_and_one_becomes_a_draft(operator):
    assert "首购后复购提醒" in operator.get(reverse("journey:list")).content.decode()

    answer = operator.post(reverse("journey:start_from", args=["second-order"]))

    made = Journey.objects.get()
    assert answer.url == url("edit", made)
    assert made.state == "draft"
    assert made.draft["nodes"]["order"]["event"] == "commerce.order_paid"


@pytest.mark.parametrize("one", STARTERS, ids=lambda one: one.key)
def test_an_example_lacks_at_most_what_the_brand_has_not_got(one):
    world.make_message(is_promotion=False)
    made = publishing.create(by="op", **starter(one))

    fields = {problem.field.split(".")[-1] for problem in publishing.check(made.draft)}

    assert fields <= {"segment", "attribute", "message"}


def test_an_example_that_nobody_wrote_is_not_found(operator):
    assert operator.post(reverse("journey:start_from", args=["none"])).status_code == 404


def test_a_journey_is_made_from_the_form(operator):
    given = SETTINGS | {"holdout_bp": "12.5"}

    answer = operator.post(reverse("journey:new"), given)

    made = Journey.objects.get()
    assert answer.url == url("edit", made)
    assert (made.holdout_bp, made.created_by) == (1250, "op")


@pytest.mark.parametrize("wrong", [{"name": ""}, {"holdout_bp": "95"}, {"window_days": "0"}])
def test_a_journey_that_cannot_be_is_shown_again_with_its_fault(operator, wrong):
    answer = operator.post(reverse("journey:new"), SETTINGS | {"holdout_bp": "10"} | wrong)

    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.context["form"].errors
    assert not Journey.objects.exists()


def test_what_is_drawn_is_kept_and_its_problems_are_said(operator, draft):
    unfinished = graph(
        nodes={"rest": {"kind": "wait", "name": "歇", "at": [0, 0], "span": {"days": 0}, "next": "gone"}}
    )

    answer = keep(operator, draft, unfinished).json()

    draft.refresh_from_db()
    assert draft.draft == unfinished
    assert {one["node"] for one in answer["said"]["problems"]} >= {"rest"}
    assert answer["stamp"] == laying.stamp_of(draft)


def test_a_draft_that_was_changed_meanwhile_is_not_overwritten(operator, draft):
    before = draft.draft

    answer = keep(operator, draft, {"nodes": {}}, stamp="of long ago")

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert draft.draft == before


@pytest.mark.parametrize("body", ["", "{", "[]", '{"draft": 3}', "null", b"\xff"])
def test_what_is_no_draft_is_refused_and_nothing_is_lost(operator, draft, body):
    before = draft.draft

    answer = operator.post(url("save", draft), body, content_type="application/json")

    draft.refresh_from_db()
    assert 400 <= answer.status_code < 500
    assert draft.draft == before


@pytest.mark.parametrize(
    "odd", [{}, {"nodes": []}, {"nodes": {"a": 3}, "entries": {}}, {"variants": 7, "goal": "x"}, {"nodes": {"a": {}}}]
)
def test_a_draft_of_any_shape_can_be_opened(operator, draft, odd):
    publishing.save_draft(draft.pk, odd)

    assert operator.get(url("edit", draft)).status_code == 200
    assert operator.get(url("publish", draft)).status_code == 200
    assert operator.get(url("rehearse", draft)).status_code == 200


def test_settings_that_cannot_be_are_named_while_the_graph_is_kept(operator, draft):
    answer = keep(operator, draft, graph(exits=[]), settings=SETTINGS | {"window_days": 0})

    draft.refresh_from_db()
    assert "window_days" in answer.json()["errors"]
    assert (draft.draft["exits"], draft.window_days) == ([], 30)


def test_a_draft_with_problems_cannot_be_published(operator, draft):
    publishing.save_draft(draft.pk, graph(entries=[]))

    assert "确认发布" not in operator.get(url("publish", draft)).content.decode()
    answer = operator.post(url("publish", draft), {"succession": "finish"})

    draft.refresh_from_db()
    assert answer.status_code == 422
    assert draft.live is None


def test_publishing_asks_where_people_go_and_moves_them(operator, live):
    (walk,) = let_in(live)
    changed = graph()
    changed["nodes"]["pause"] = changed["nodes"].pop("rest") | {"name": "歇两天", "span": {"days": 2}}
    changed["nodes"]["hello"]["next"] = "pause"
    publishing.save_draft(live.pk, changed)

    asked = operator.get(url("publish", live))
    assert [(place["node"], place["count"], place["proposal"]) for place in asked.context["inside"]] == [
        ("rest", 1, "")
    ]
    assert ("added", "歇两天") in asked.context["differences"]
    answer = operator.post(url("publish", live), {"succession": "move", "to:rest": "pause"})

    walk.refresh_from_db()
    assert answer["HX-Redirect"] == url("journey", live)
    assert (walk.version.number, walk.node, walk.state) == (2, "pause", "walking")


def test_equal_nodes_are_proposed_to_each_other(operator, live):
    let_in(live)

    assert operator.get(url("publish", live)).context["inside"][0]["proposal"] == "rest"


def test_an_unknown_succession_is_refused(operator, live):
    assert operator.post(url("publish", live), {"succession": "fly"}).status_code == 400


def test_pause_resume_and_end_are_told_and_done(operator, live):
    for name, state in (("pause", "paused"), ("resume", "live"), ("end", "ended"), ("pause", "ended")):
        answer = operator.post(url(name, live), follow=True)
        live.refresh_from_db()
        assert (answer.status_code, live.state) == (200, state)
    assert operator.get(url("edit", live)).status_code == 302


def test_the_counts_say_who_is_where(operator, live):
    let_in(live, 3)

    answer = operator.get(url("counts", live)).json()

    assert answer["here"] == {"rest": 3}
    assert answer["edges"] == {"hello": {"next": 3}}
    assert answer["totals"]["walking"] == 3
    assert operator.get(url("counts", live) + "?version=9").status_code == 404
    assert operator.get(url("counts", live) + "?version=x").status_code == 404


def test_people_at_a_node_are_listed_and_one_walk_is_told(operator, live):
    walk, *_others = let_in(live, 2)

    listed = operator.get(url("people", live) + "?version=1&node=rest").content.decode()
    told = operator.get(url("walk", live, walk.pk)).content.decode()

    assert url("walk", live, walk.pk) in listed
    assert "问候" in told
    assert "现在在这里" in told


def test_taking_out_ends_the_walk_once(operator, live):
    (walk,) = let_in(live)

    for _again in range(2):
        operator.post(url("take_out", live, walk.pk))

    walk.refresh_from_db()
    assert (walk.state, walk.ending) == ("ended", "taken_out")


def test_a_failed_walk_is_tried_again(operator, live):
    (walk,) = let_in(live)
    failed = {"state": "ended", "ending": "failed", "ended_at": time.now(), "error": "坏了", "due_at": None}
    Enrolment.objects.filter(pk=walk.pk).update(**failed)
    assert "坏了" in operator.get(url("people", live) + "?version=1&node=rest&ending=failed").content.decode()

    operator.post(url("again", live, walk.pk))

    walk.refresh_from_db()
    assert walk.state == "walking"


def test_a_customer_is_let_in_by_hand_and_nobody_by_a_word_for_nobody(operator, live):
    customer = world.make_customer()

    operator.post(url("enter", live), {"q": str(customer.pk)})
    operator.post(url("enter", live), {"q": "nobody of this name"})
    operator.post(url("enter", live), {"q": ""})

    assert [one.customer_id for one in Enrolment.objects.filter(journey=live)] == [customer.pk]


def test_a_test_run_says_what_would_happen_and_writes_nothing(operator, draft):
    customer = world.make_customer()

    answer = operator.get(url("rehearse", draft) + f"?q={customer.pk}&steps=9")

    steps = answer.context["steps"]
    assert [line["tried"].node for line in steps] == ["hello", "rest", "mark"]
    assert steps[0]["answer"]["tone"] == "green"
    assert steps[2]["tried"].arrived_at - steps[1]["tried"].arrived_at == timedelta(days=1)
    assert answer.context["ending"] == "finished"
    assert not Enrolment.objects.exists()


def test_a_test_run_shows_a_step_at_a_time(operator, draft):
    customer = world.make_customer()

    answer = operator.get(url("rehearse", draft) + f"?q={customer.pk}&steps=2")

    assert (len(answer.context["steps"]), answer.context["more"], answer.context["next"]) == (2, 1, 3)


def test_a_test_run_of_what_cannot_be_published_names_the_problems(operator, draft):
    publishing.save_draft(draft.pk, graph(entries=[]))

    assert operator.get(url("rehearse", draft)).context["problems"]


PAGES = {"journey": "view", "edit": "change", "publish": "publish", "people": "view", "rehearse": "view"}
DEEDS = {
    "save": "change", "publish": "publish", "pause": "publish", "resume": "publish", "end": "publish", "copy": "add",
    "delete": "delete", "enter": "enter",
}  # fmt: skip


def stranger(client, *permissions):
    user = User.objects.create_user("stranger")
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_sees_no_page(client, live, name):
    assert client.get(url(name, live)).status_code == 302
    assert stranger(client).get(url(name, live)).status_code == 403


@pytest.mark.parametrize("name", DEEDS)
def test_who_may_look_may_not_do(client, live, name):
    looker = stranger(client, "view_journey", "view_customer")

    assert looker.post(url(name, live)).status_code == 403

    live.refresh_from_db()
    assert live.state == "live"
    assert Journey.objects.count() == 1


@pytest.mark.parametrize("name", ["take_out", "again"])
def test_who_may_look_may_not_touch_a_walk(client, live, name):
    (walk,) = let_in(live)

    assert stranger(client, "view_journey", "view_customer").post(url(name, live, walk.pk)).status_code == 403


def test_who_may_not_see_customers_sees_nobody_in_a_journey(client, live):
    (walk,) = let_in(live)
    looker = stranger(client, "view_journey")

    assert looker.get(url("journey", live)).status_code == 200
    for address in (url("people", live), url("walk", live, walk.pk), url("rehearse", live)):
        assert looker.get(address).status_code == 403


def test_a_change_is_never_made_by_a_link(operator, live):
    for name in DEEDS.keys() - {"publish"}:
        assert operator.get(url(name, live)).status_code == 405


def test_a_walk_of_another_journey_is_not_found(operator, live):
    other = publishing.create(name="另一条", link="retain", draft=graph())
    (walk,) = let_in(live)

    assert operator.get(url("walk", other, walk.pk)).status_code == 404
    assert operator.post(url("take_out", other, walk.pk)).status_code == 404
