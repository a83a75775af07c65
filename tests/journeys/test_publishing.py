"""Journeys as rows: drafts, versions, and what a new version does with those inside."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from homeground.content.models import Message
from homeground.events.catalog.journeys import JourneyLeft
from homeground.events.models import StreamEvent
from homeground.journeys.errors import (
    DraftRefused,
    GraphRefused,
    JourneyInWrongState,
    JourneySlugTaken,
    MoveRefused,
)
from homeground.journeys.holdout import buckets
from homeground.journeys.models import Campaign, Enrolment, Journey, Listener, State, Touch, TouchState, Version
from homeground.journeys.services import publishing
from homeground.journeys.services.walking.engine import walk
from homeground.people.models import CustomerTag
from homeground.segments import services as segments
from homeground.segments.errors import SegmentInUse
from homeground.segments.models import Segment
from tests.journeys import world
from tests.journeys.graphs import DAY, graph, send, tag, wait
from tests.journeys.world import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=5)


@pytest.fixture(autouse=True)
def place(calm):
    Segment.objects.create(slug="vip", name="会员", rule={"tag": ["vip"]})


def made(nodes: dict[str, Any] | None = None, **more: Any) -> Journey:
    settings = {key: more.pop(key) for key in ("holdout_bp", "slug", "name") if key in more}
    return publishing.create(
        **{"name": "关怀", "link": "retain", "draft": graph(nodes or {"a": wait()}, **more)} | settings
    )


def live(nodes: dict[str, Any] | None = None, **more: Any) -> Journey:
    journey = made(nodes, **more)
    publishing.publish(journey.pk, at=NOON)
    journey.refresh_from_db()
    return journey


def redraft(journey: Journey, nodes: dict[str, Any], **more: Any) -> None:
    publishing.save_draft(journey.pk, graph(nodes, **more))


def walker(journey: Journey, node: str = "a", **more: Any) -> Enrolment:
    customer = more.pop("customer", None) or world.make_customer()
    fields = {
        "arm": "treated",
        "variant": "A",
        "entered_at": NOON,
        "arrived_at": NOON,
        "due_at": NOON + timedelta(days=1),
    }
    return Enrolment.objects.create(
        **{
            "journey": journey,
            "version": journey.live,
            "customer": customer,
            "cause": f"test:{customer.pk}",
            "node": node,
        }
        | fields
        | more
    )


def now(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def state_of(journey: Journey) -> str:
    return Journey.objects.get(pk=journey.pk).state


def test_a_draft_may_be_incomplete_and_is_kept_as_it_is():
    journey = publishing.create(name="Spring care", link="retain", by="li")

    assert (journey.slug, journey.state, journey.created_by) == ("spring-care", "draft", "li")
    assert publishing.save_draft(journey.pk, {"nodes": {"a": {"kind": "wait"}}}).draft == {
        "nodes": {"a": {"kind": "wait"}}
    }
    with pytest.raises(DraftRefused):
        publishing.save_draft(journey.pk, ["no graph"])


def test_names_without_latin_letters_get_a_number_and_a_slug_is_given_once():
    first, second = made(), made()

    assert (first.slug, second.slug) == ("journey-2", "journey-3")
    for slug in (first.slug, "new"):
        with pytest.raises(JourneySlugTaken):
            made(slug=slug)


@pytest.mark.parametrize("wrong", [{"slug": "a b"}, {"slug": "x" * 61}, {"name": " "}, {"name": "长" * 61}])
def test_a_slug_or_a_name_that_cannot_be_is_refused(wrong):
    with pytest.raises(DraftRefused):
        made(**wrong)
    assert not Journey.objects.exists()


def test_a_copy_has_the_graph_and_the_plan_and_nobody_inside():
    journey = live({"a": wait()}, holdout_bp=500)
    walker(journey)
    copied = publishing.copy(journey.pk, by="wang")

    assert (copied.draft, copied.holdout_bp, copied.state) == (journey.draft, 500, "draft")
    assert not copied.enrolments.exists()


def test_publishing_makes_a_version_that_later_drafts_do_not_touch():
    journey = live({"a": wait()})
    redraft(journey, {"a": send()})
    journey.refresh_from_db()

    assert (journey.state, journey.live.number, journey.live.published_at) == ("live", 1, NOON)
    assert list(journey.live.graph["nodes"]) == ["a"]
    assert journey.live.graph["nodes"]["a"]["kind"] == "wait"


def test_a_graph_with_problems_does_not_go_live_and_all_are_named():
    journey = made({"a": send("gone", message=9)})

    with pytest.raises(GraphRefused) as refusal:
        publishing.publish(journey.pk, at=NOON)

    assert [(one.node, one.field) for one in refusal.value.problems] == [("a", "next"), ("a", "message")]
    assert state_of(journey) == "draft"
    assert not Version.objects.exists()


def test_checking_a_document_names_problems_of_its_shape_too():
    assert [one.node for one in publishing.check(graph({"a": wait(span=3)}))] == ["a"]
    assert [one.field for one in publishing.check({"nodes": {}})] == ["entries", "variants", "nodes"]


def test_what_is_there_is_asked_of_the_tables():
    message = world.make_message(channel_kind="email", subject="你好")
    deleted = world.make_message()
    Segment.objects.filter(slug="vip").update(archived_at=NOON)
    nodes = {
        "a": send("b", message=message.pk),
        "b": send("c", message=deleted.pk),
        "c": {"kind": "branch", "name": "分", "ways": [{"name": "会员", "rule": {"segment": "vip"}, "next": None}]}
        | {"otherwise": "d"},
        "d": {"kind": "invite", "name": "邀", "door": 1, "next": None},
    }
    deleted.delete()

    assert [(one.node, one.field) for one in publishing.check(graph(nodes))] == [
        ("a", "channel"),
        ("b", "message"),
        ("c", "ways[0].rule.segment"),
        ("d", "door"),
    ]


def test_a_promotion_with_no_room_for_the_opt_out_is_refused():
    world.make_channel("mass", "wecom_mass", address_kinds=["wecom_external"])
    message = Message.objects.create(name="长信", link="convert", channel_kind="wecom_mass", body="好" * 1300)

    (problem,) = publishing.check(graph({"a": send(message=message.pk, channel="mass")}))

    assert (problem.node, problem.field) == ("a", "message")
    assert "正文太长" in problem.text


def test_a_channel_of_a_kind_that_nobody_knows_carries_no_opt_out():
    world.make_channel("pigeon", "pigeon")
    problems = publishing.check(graph({"a": send(message=world.make_message().pk, channel="pigeon")}))

    assert [one.text for one in problems if "没有退订方式" in one.text]


def test_each_message_becomes_a_campaign_with_its_words_as_they_are_now():
    message = world.make_message(body="早上好", is_promotion=True)
    world.make_channel("phone", unit_cost_minor=5)
    journey = live({"a": send("b", message=message.pk, urgency=3, value_minor=700, name="早安"), "b": wait()})
    message.body = "晚上好"
    message.save()
    (campaign,) = Campaign.objects.all()

    assert (campaign.version, campaign.node, campaign.segment) == (journey.live, "a", None)
    assert (campaign.name, campaign.state, campaign.body) == ("关怀 · 早安", "sending", "早上好")
    assert (campaign.is_promotion, campaign.urgency, campaign.value_minor) == (True, 3, 700)
    assert (campaign.touch_cost_minor, campaign.frozen_at, campaign.audience_size) == (5, NOON, 0)
    assert journey.live.is_promotion
    assert not Campaign.objects.planned().exists()


def test_a_journey_of_service_messages_is_no_promotion():
    message = world.make_message(is_promotion=False)

    assert not live({"a": send(message=message.pk)}).live.is_promotion


def test_listeners_say_what_each_event_means():
    event = {"kind": "wait_event", "name": "等", "event": "paid", "at_most": DAY, "next": None, "otherwise": None}
    journey = live(
        {"a": event | {"where": [{"property": "amount", "is": {"at_least": 5}}]}},
        entries=[
            {"by": "event", "event": "signed_up", "key": "order_no"},
            {"by": "segment", "segment": "vip"},
            {"by": "hand"},
        ],
        goal={"event": "paid"},
        exits=[{"segment": "vip"}],
    )
    entered = [{"property": "segment", "is": {"equals": "vip"}}]

    assert list(
        Listener.objects.filter(version=journey.live)
        .order_by("pk")
        .values_list("purpose", "event", "node", "where", "key")
    ) == [
        ("enter", "signed_up", "", [], "order_no"),
        ("enter", "segments.segment_entered", "", entered, ""),
        ("wake", "paid", "a", [{"property": "amount", "is": {"at_least": 5}}], ""),
        ("goal", "paid", "", [], ""),
        ("exit", "segments.segment_entered", "", entered, ""),
    ]


def test_whoever_is_in_the_segment_already_is_let_in_by_a_job():
    journey = live(entries=[{"by": "segment", "segment": "vip", "has_existing": True}])
    (job,) = ProcrastinateJob.objects.filter(task_name="journeys.enter_existing")

    assert job.args == {"version_id": journey.live_id}


def test_only_the_newest_version_lets_people_in_and_the_old_one_still_wakes():
    wake = {"kind": "wait_event", "name": "等", "event": "paid", "at_most": DAY, "next": None, "otherwise": None}
    journey = live({"a": wake}, entries=[{"by": "event", "event": "signed_up"}])
    walker(journey)
    redraft(journey, {"b": wait()}, entries=[{"by": "event", "event": "signed_up"}])
    second = publishing.publish(journey.pk, at=LATER)

    assert list(Listener.objects.filter(purpose="enter").values_list("version", flat=True)) == [second.pk]
    assert list(Listener.objects.filter(purpose="wake").values_list("version", flat=True)) == [journey.live_id]


def test_those_inside_finish_on_their_version():
    journey = live({"a": wait()})
    one = walker(journey)
    redraft(journey, {"b": wait()})
    publishing.publish(journey.pk, at=LATER)

    assert vars(now(one)) | {"_state": 0} == vars(one) | {"_state": 0}


def test_a_move_keeps_the_time_that_a_wait_of_the_same_kind_has_waited():
    journey = live({"a": wait("b", span={"days": 2}), "b": tag("c"), "c": wait(span={"days": 3})})
    waiting, elsewhere, acting = walker(journey), walker(journey, "c"), walker(journey, "b", due_at=NOON)
    redraft(journey, {"x": wait("y", span={"days": 5}), "y": tag("z"), "z": tag()})
    version = publishing.publish(journey.pk, succession="move", node_map={"a": "x", "b": "y", "c": "z"}, at=LATER)

    assert [now(one).version for one in (waiting, elsewhere, acting)] == [version] * 3
    assert (now(waiting).node, now(waiting).arrived_at) == ("x", NOON)
    assert now(waiting).due_at == NOON + timedelta(days=5)
    assert (now(elsewhere).node, now(elsewhere).arrived_at, now(elsewhere).due_at) == ("z", LATER, LATER)
    assert (now(acting).node, now(acting).due_at) == ("y", LATER)


def test_a_move_into_a_shorter_wait_that_is_over_is_due_at_once():
    journey = live({"a": wait(span={"days": 2})})
    one = walker(journey)
    redraft(journey, {"x": wait(span={"hours": 1})})
    publishing.publish(journey.pk, succession="move", node_map={"a": "x"}, at=LATER)

    assert now(one).due_at == LATER


def test_a_move_into_another_kind_of_wait_begins_it():
    journey = live({"a": tag()})
    one = walker(journey, due_at=NOON)
    redraft(journey, {"x": wait(span={"days": 1})})
    publishing.publish(journey.pk, succession="move", node_map={"a": "x"}, at=LATER)

    assert (now(one).arrived_at, now(one).due_at) == (LATER, LATER + timedelta(days=1))


def test_what_was_waited_for_and_has_come_stays_come_through_a_move():
    event = {
        "kind": "wait_event",
        "name": "等",
        "event": "paid",
        "at_most": {"days": 9},
        "next": None,
        "otherwise": None,
    }
    journey = live({"a": event, "b": event | {"event": "other"}}, variants=_both("a", "b"))
    came, not_same = walker(journey, woken_at=LATER, due_at=LATER), walker(journey, "b", woken_at=LATER, due_at=LATER)
    redraft(journey, {"x": event})
    publishing.publish(journey.pk, succession="move", node_map={"a": "x", "b": "x"}, at=LATER)

    assert (now(came).woken_at, now(came).due_at) == (LATER, LATER)
    assert (now(not_same).woken_at, now(not_same).due_at) == (None, NOON + timedelta(days=9))


def _both(*starts: str) -> list[dict[str, Any]]:
    return [{"name": name, "share_bp": 5000, "start": name} for name in starts]


def test_who_stands_where_the_map_says_nothing_leaves():
    journey = live({"a": wait("b"), "b": wait()})
    kept, lost = walker(journey), walker(journey, "b")
    redraft(journey, {"x": wait()})
    version = publishing.publish(journey.pk, succession="move", node_map={"a": "x"}, at=LATER)

    assert (now(kept).version, now(kept).state) == (version, "walking")
    assert (now(lost).state, now(lost).ending, now(lost).ended_at) == ("ended", "new_version", LATER)


def test_people_of_several_old_versions_move_each_by_what_their_node_was():
    journey = live({"a": wait(span={"days": 2})})
    first = walker(journey)
    redraft(journey, {"a": tag()})
    publishing.publish(journey.pk, at=NOON)
    journey.refresh_from_db()
    second = walker(journey, due_at=NOON)
    redraft(journey, {"a": wait(span={"days": 4})})
    publishing.publish(journey.pk, succession="move", node_map={"a": "a"}, at=LATER)

    assert (now(first).arrived_at, now(first).due_at) == (NOON, NOON + timedelta(days=4))
    assert (now(second).arrived_at, now(second).due_at) == (LATER, LATER + timedelta(days=4))


def test_a_move_to_a_version_with_a_promotion_leaves_behind_whom_no_promotion_reaches():
    note = world.make_message(is_promotion=True)
    journey = live({"a": wait("b"), "b": wait()})
    people = [walker(journey) for _ in range(40)]
    reached = walker(journey, customer=world.make_customer(merged_into=people[0].customer))
    world.make_global_holdout(5000)
    redraft(journey, {"a": wait("b"), "b": send(message=note.pk)})
    publishing.publish(journey.pk, succession="move", node_map={"a": "a"}, at=LATER)

    drawn = buckets("global-1", np.array([one.customer_id for one in people]))
    held = {one.pk for one, place in zip(people, drawn, strict=True) if place < 5000}
    held |= {reached.pk} if people[0].pk in held else set()
    assert set(Enrolment.objects.filter(ending="new_version").values_list("pk", flat=True)) == held
    assert Enrolment.objects.filter(state="walking").count() == 41 - len(held)


def test_a_map_from_or_to_nowhere_is_refused_and_changes_nothing():
    journey = live({"a": wait()})
    one = walker(journey)
    redraft(journey, {"x": wait()})

    for node_map, words in (({"a": "y"}, "新版本里没有"), ({"q": "x"}, "旧版本里没有")):
        with pytest.raises(MoveRefused, match=words):
            publishing.publish(journey.pk, succession="move", node_map=node_map, at=LATER)
    assert now(one).version == journey.live
    assert Version.objects.count() == 1


def test_leaving_ends_the_walks_and_drops_what_waits_for_them():
    message = world.make_message()
    journey = live({"a": send("b", message=message.pk), "b": wait()})
    one, held_out = walker(journey, "b"), walker(journey, arm="holdout", state="held_out", due_at=None)
    touch = _touch(one)
    redraft(journey, {"x": wait()})
    publishing.publish(journey.pk, succession="leave", at=LATER)
    touch.refresh_from_db()

    assert (now(one).state, now(one).ending) == ("ended", "new_version")
    assert now(held_out).state == "held_out"
    assert (touch.state, touch.reason) == ("suppressed", "left_journey")
    assert list(StreamEvent.objects.values_list("name", "customer_id")) == [(JourneyLeft.name, one.customer_id)]


def _touch(one: Enrolment, **more: Any) -> Touch:
    campaign = Campaign.objects.get(version=one.version)
    fields = {"step": 1, "channel": "phone", "is_promotion": True, "state": "queued", "due_at": NOON}
    return Touch.objects.create(
        **{"campaign": campaign, "customer": one.customer, "enrolment": one, "expires_at": LATER} | fields | more
    )


def test_an_old_version_closes_once_nobody_walks_and_nothing_waits():
    message = world.make_message()
    journey = live({"a": send("b", message=message.pk), "b": wait()}, goal={"event": "paid"})
    one = walker(journey, "b")
    touch = _touch(one)
    redraft(journey, {"x": wait()})
    publishing.publish(journey.pk, at=LATER)
    campaign = Campaign.objects.get()
    assert publishing.retire_drained(LATER) == 0

    Enrolment.objects.update(state="ended", ending="finished", ended_at=LATER)
    assert publishing.retire_drained(LATER) == 0
    Touch.objects.filter(pk=touch.pk).update(state=TouchState.SENT, key=world.new_key(), sent_at=LATER)
    assert publishing.retire_drained(LATER) == 1
    assert publishing.retire_drained(LATER) == 0

    campaign.refresh_from_db()
    assert (campaign.state, campaign.finished_at) == ("sent", LATER)
    assert not Listener.objects.exists()


def test_a_pause_holds_the_messages_and_going_on_lets_them_go():
    journey = live({"a": send(message=world.make_message().pk)})
    publishing.pause(journey.pk)
    publishing.pause(journey.pk)

    assert (state_of(journey), Campaign.objects.get().state) == ("paused", "paused")
    publishing.resume(journey.pk)
    publishing.resume(journey.pk)
    assert (state_of(journey), Campaign.objects.get().state) == ("live", "sending")
    assert ProcrastinateJob.objects.filter(task_name="journeys.dispatch").count() == 1


def test_a_version_that_comes_during_a_pause_is_paused_too():
    journey = live({"a": send(message=world.make_message().pk)})
    publishing.pause(journey.pk)
    version = publishing.publish(journey.pk, at=LATER)

    assert state_of(journey) == "paused"
    assert Campaign.objects.get(version=version).state == State.PAUSED


def test_at_the_end_everybody_leaves_and_nothing_goes_out_any_more():
    journey = live({"a": send("b", message=world.make_message().pk), "b": wait()}, goal={"event": "paid"})
    one = walker(journey, "b")
    touch = _touch(one)
    publishing.end(journey.pk, LATER)
    publishing.end(journey.pk, LATER + timedelta(days=1))
    touch.refresh_from_db()

    assert (now(one).ending, now(one).ended_at) == ("journey_ended", LATER)
    assert (state_of(journey), Campaign.objects.get().state, touch.state) == ("ended", "cancelled", "suppressed")
    assert not Listener.objects.exists()


def test_an_ended_journey_stays_ended():
    journey = live()
    publishing.end(journey.pk, LATER)

    for refused in (
        lambda: publishing.publish(journey.pk),
        lambda: publishing.resume(journey.pk),
        lambda: publishing.pause(journey.pk),
        lambda: publishing.save_draft(journey.pk, graph({"a": wait()})),
    ):
        with pytest.raises(JourneyInWrongState):
            refused()


def test_a_draft_is_thrown_away_and_what_was_published_is_not():
    draft, published = made(), live()
    publishing.delete_draft(draft.pk)

    with pytest.raises(JourneyInWrongState):
        publishing.delete_draft(published.pk)
    assert list(Journey.objects.all()) == [published]
    with pytest.raises(JourneyInWrongState):
        publishing.pause(made().pk)


def test_how_a_journey_is_judged_stays_once_it_was_published():
    journey = live(holdout_bp=1000)
    plan = {"name": "新名", "link": "convert", "hypothesis": "因为", "primary_outcome": "ordered", "window_days": 30}

    assert publishing.save_settings(journey.pk, **plan, holdout_bp=1000).name == "新名"
    with pytest.raises(JourneyInWrongState, match="对照组"):
        publishing.save_settings(journey.pk, **plan | {"name": "又改"}, holdout_bp=500)
    assert Journey.objects.get().name == "新名"


def test_the_database_refuses_a_live_journey_without_a_version():
    with pytest.raises(IntegrityError), transaction.atomic():
        Journey.objects.filter(pk=made().pk).update(state="live")


def test_a_segment_that_a_running_journey_stands_on_is_not_put_away():
    ways = [{"name": "会员", "rule": {"not": {"segment": "vip"}}, "next": None}]
    journey = live({"a": {"kind": "branch", "name": "分", "ways": ways, "otherwise": None}})

    with pytest.raises(SegmentInUse, match="关怀"):
        segments.archive(Segment.objects.get(slug="vip"))
    publishing.end(journey.pk)
    segments.archive(Segment.objects.get(slug="vip"))


def test_a_segment_of_an_old_version_stays_while_somebody_walks_there():
    journey = live(entries=[{"by": "segment", "segment": "vip"}])
    one = walker(journey)
    redraft(journey, {"a": wait()})
    publishing.publish(journey.pk, at=LATER)

    with pytest.raises(SegmentInUse):
        segments.archive(Segment.objects.get(slug="vip"))
    Enrolment.objects.filter(pk=one.pk).update(state="ended", ending="finished", ended_at=LATER)
    segments.archive(Segment.objects.get(slug="vip"))


@pytest.mark.django_db(transaction=True)
def test_people_who_walk_while_versions_come_are_each_moved_whole():
    steps = {"a": wait("b", span={"minutes": 1}), "b": tag("c"), "c": tag("d"), "d": wait(span={"days": 1})}
    journey = live(steps)
    people = [walker(journey, due_at=NOON) for _turn in range(40)]

    def publish() -> None:
        for turn in range(4):
            node_map = {node: node for node in ("a", "b", "c", "d")}
            publishing.publish(journey.pk, succession="move", node_map=node_map, at=NOON + timedelta(minutes=turn))

    with ThreadPoolExecutor(3) as pool:
        walks = [pool.submit(_closing, lambda: walk(journey.pk, LATER, size=3)) for _turn in range(2)]
        _closing(publish)
        for one in [*walks, pool.submit(_closing, lambda: walk(journey.pk, LATER))]:
            one.result()

    found = Enrolment.objects.filter(pk__in=[one.pk for one in people])
    newest = Version.objects.order_by("-number").first()
    assert set(found.values_list("state", "version", "node", "due_at", "steps")) == {
        ("walking", newest.pk, "d", LATER + timedelta(days=1), 3)
    }
    tagged = CustomerTag.objects.filter(customer__in=[one.customer_id for one in people], tag__name="来过")
    assert tagged.count() == 40


def _closing(does: Callable[[], object]) -> None:
    try:
        does()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_two_versions_one_after_the_other():
    journey = made({"a": wait()}, goal={"event": "paid"})

    def publish(_turn: int) -> int:
        try:
            return publishing.publish(journey.pk, succession="leave", at=NOON).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(publish, range(4)))

    journey.refresh_from_db()
    assert sorted(numbers) == [1, 2, 3, 4]
    assert journey.live.number == 4
    assert list(Listener.objects.values_list("version__number", flat=True)) == [4]
