"""Journeys for the engine's tests, published by hand: only what the engine reads."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from homeground.content.models import Message
from homeground.events.facts import Event
from homeground.journeys.models import Campaign, Enrolment, Journey, Listener, StepTaken, Version
from homeground.journeys.services.entering import Entrant, enter
from homeground.people.models import Customer
from tests.journeys.world import LONG_AGO, NOON

END = None


def wait(to: str | None, **span: int) -> dict[str, Any]:
    return {"kind": "wait", "name": "等", "span": span, "next": to}


def tag(to: str | None, name: str = "走过") -> dict[str, Any]:
    return {"kind": "tag", "name": "标", "add": [name], "next": to}


def wait_event(to: str | None, otherwise: str | None, event: str = "shop.seen", **more: Any) -> dict[str, Any]:
    return {
        "kind": "wait_event", "name": "等事件", "event": event, "at_most": {"days": 3}, "next": to,
        "otherwise": otherwise,
    } | more  # fmt: skip


def message(to: str | None, message_id: int, **more: Any) -> dict[str, Any]:
    return {"kind": "message", "name": "发", "message": message_id, "channel": "phone", "next": to} | more


def make_journey(nodes: dict[str, Any], *, slug: str = "", **more: Any) -> Journey:
    """A live journey whose first node is the start. more: entries, again, variants, goal, exits; holdout_bp …"""
    graph = {
        "entries": more.pop("entries", [{"by": "hand"}]),
        "again": more.pop("again", {"when": "any"}),
        "variants": more.pop("variants", [{"name": "全部", "share_bp": 10_000, "start": next(iter(nodes))}]),
        "nodes": nodes,
        "goal": more.pop("goal", None),
        "exits": more.pop("exits", []),
    }
    is_promotion, at = more.pop("is_promotion", False), more.pop("at", LONG_AGO)
    slug = slug or f"j{Journey.objects.count()}"
    journey = Journey.objects.create(name="旅程", slug=slug, link="convert", draft=graph, **{"holdout_bp": 0} | more)
    publish(journey, graph, is_promotion=is_promotion, at=at)
    return journey


def publish(journey: Journey, graph: dict[str, Any], *, is_promotion: bool = False, at: datetime = LONG_AGO) -> Version:
    version = Version.objects.create(
        journey=journey, number=journey.versions.count() + 1, graph=graph, is_promotion=is_promotion, published_at=at
    )
    Listener.objects.filter(version__journey=journey, purpose="enter").delete()
    Listener.objects.bulk_create(_listeners(version))
    Campaign.objects.bulk_create(
        _campaign(version, node, step) for node, step in graph["nodes"].items() if step["kind"] == "message"
    )
    journey.live, journey.state = version, Journey.State.LIVE
    journey.save()
    return version


def _campaign(version: Version, node: str, step: dict[str, Any]) -> Campaign:
    note = Message.objects.get(pk=step["message"])
    return Campaign(
        version=version, node=node, name=node, link="convert", offer="", place="trade", channel=step["channel"],
        weak_channel=step.get("weak_channel", ""), message=note, hypothesis="", expected_lift_bp=0, holdout_bp=0,
        is_promotion=note.is_promotion, subject=note.subject, body=note.body, state="sending", audience_size=0,
        frozen_at=version.published_at,
    )  # fmt: skip


def _listeners(version: Version) -> Iterator[Listener]:
    graph = version.graph
    for entry in graph["entries"]:
        if entry["by"] in ("event", "segment"):
            yield Listener(version=version, purpose="enter", key=entry.get("key") or "", **_heard(entry))
    for node, step in graph["nodes"].items():
        if step["kind"] == "wait_event":
            yield Listener(version=version, purpose="wake", node=node, **_heard(step))
    for purpose, signs in (("goal", [graph["goal"]] if graph["goal"] else []), ("exit", graph["exits"])):
        for sign in signs:
            yield Listener(version=version, purpose=purpose, **_heard(sign))


def _heard(sign: dict[str, Any]) -> dict[str, Any]:
    if "segment" in sign:
        where = [{"property": "segment", "is": {"equals": sign["segment"]}}]
        return {"event": "segments.segment_entered", "where": where}
    return {"event": sign["event"], "where": sign.get("where", [])}


def let_in(journey: Journey, *customers: Customer, at: datetime = NOON) -> list[Enrolment]:
    """Walks of these customers, in their order."""
    mark = f"test:{Enrolment.objects.count()}:"
    enter(journey, [Entrant(one.pk, f"{mark}{n}") for n, one in enumerate(customers)], at)
    walks = {one.cause: one for one in Enrolment.objects.filter(journey=journey, cause__startswith=mark)}
    return [walks[f"{mark}{n}"] for n, _one in enumerate(customers)]


def happened(name: str, customer: Customer | int, at: datetime = NOON, number: int = 0, **properties: Any) -> Event:
    pk = customer if isinstance(customer, int) else customer.pk
    return Event(number or next(_numbers), name, pk, at, at, "test", (), properties)


_numbers: Iterator[int] = iter(range(1, 10**9))


def path(walk: Enrolment) -> list[tuple[str, str]]:
    """The nodes that a walk went through, and by which way."""
    return list(StepTaken.objects.filter(enrolment=walk).order_by("number").values_list("node", "way"))


def now_at(walk: Enrolment) -> tuple[str, str, str]:
    """(state, node, ending) of a walk."""
    return Enrolment.objects.values_list("state", "node", "ending").get(pk=walk.pk)


def many_customers(count: int, **fields: Any) -> Sequence[Customer]:
    return Customer.objects.bulk_create(Customer(**{"created_at": LONG_AGO} | fields) for _ in range(count))


def causes(walks: Iterable[Enrolment]) -> list[str]:
    return [one.cause for one in walks]
