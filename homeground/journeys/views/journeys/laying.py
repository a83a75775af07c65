"""What the canvas is given: the draft in a shape that can be drawn, what it may name, and what is said of it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from homeground.channels.models import Channel
from homeground.content.models import Message
from homeground.core import money, time
from homeground.core.loop import Link
from homeground.growth.models import Door
from homeground.journeys.errors import Problem
from homeground.journeys.graph.nodes import AnyStep, Branch, Outcome
from homeground.journeys.graph.ways_in import Entry
from homeground.journeys.graph.words import Labels, entry_words, step_words
from homeground.journeys.models import Journey
from homeground.journeys.models import Outcome as Measured
from homeground.journeys.queries.known import labels
from homeground.journeys.services import publishing
from homeground.journeys.views.journeys.words import field_words
from homeground.loyalty.queries.coupons import grantable
from homeground.people.queries import brand
from homeground.segments import queries as segments
from homeground.segments.rules.words import sentence

_STEP: TypeAdapter[Any] = TypeAdapter(AnyStep)
_ENTRY: TypeAdapter[Any] = TypeAdapter(Entry)
_BEGUN: dict[str, Any] = {
    "entries": [],
    "again": {"when": "never", "at_once": 1},
    "nodes": {},
    "goal": None,
    "exits": [],
}
_MOST = 500  # Choices of one picker.


def drawable(draft: Any) -> dict[str, Any]:
    """A draft with every part that the canvas touches; parts that are not even of their kind are left out."""
    given = draft if isinstance(draft, dict) else {}
    parts = {key: given[key] for key in given if isinstance(given[key], type(_BEGUN.get(key, [])) | dict | list)}
    graph = {**_BEGUN, **parts}
    graph["nodes"] = {
        key: {"at": [0, 0], **node} for key, node in dict(graph["nodes"]).items() if isinstance(node, dict)
    }
    graph["variants"] = given.get("variants") or [{"name": _("全部"), "share_bp": 10_000, "start": None}]
    return graph


def said_of(draft: Any, slug: str) -> dict[str, Any]:
    """Problems, and parts in words: {"problems": […], "texts": {node: line}, "rules": {node: […]}, "entry": line}.

    And "channels": what each is called, on the ways out by channel.
    """
    known = labels()
    nodes = draft.get("nodes", {}) if isinstance(draft, dict) else {}
    steps = {key: step for key, node in nodes.items() if (step := _read(_STEP, node))}
    return {
        "problems": [_problem(one) for one in publishing.check(draft, slug=slug)],
        "texts": {key: in_words(step, steps, known) for key, step in steps.items()},
        "rules": {
            key: [sentence(way.rule, known.rules) for way in step.ways]
            for key, step in steps.items()
            if isinstance(step, Branch)
        },
        "entry": _entry(draft, known),
        "channels": dict(known.channels),
    }


def _problem(problem: Problem) -> dict[str, str]:
    """A problem, its field called what the form beside the canvas calls it."""
    field = re.split(r"[.\[]", problem.field)[0]
    label = field_words().get(field, "")
    return {"node": problem.node, "text": f"{label}：{problem.text}" if label else problem.text}


def in_words(step: Any, steps: Mapping[str, Any], known: Labels) -> str:
    """One line for a node, which names another node as people do."""
    named = isinstance(step, Outcome) and step.of in steps
    return step_words(step.model_copy(update={"of": steps[step.of].name}) if named else step, known)


def _entry(draft: Any, known: Labels) -> str:
    given = draft.get("entries") if isinstance(draft, dict) else None
    found = [entry for one in given or [] if (entry := _read(_ENTRY, one))] if isinstance(given, list) else []
    return "；".join(entry_words(entry, known) for entry in found)


def _read(adapter: TypeAdapter[Any], part: Any) -> Any:
    """A part of a draft, or None for one that is not finished. Rules deeper than pydantic goes are not finished too."""
    try:
        return adapter.validate_json(json.dumps(part))
    except (ValidationError, ValueError, RecursionError):
        return None


def stamp_of(journey: Journey) -> str:
    """Changes with the draft: who saves says which one they have seen."""
    return hashlib.sha256(json.dumps(journey.draft, sort_keys=True).encode()).hexdigest()[:16]


def settings_of(journey: Journey) -> dict[str, Any]:
    """The journey's own fields, as the canvas edits them."""
    names = ("name", "link", "hypothesis", "primary_outcome", "window_days", "holdout_bp")
    return {name: getattr(journey, name) for name in names}


def known_of(journey: Journey) -> dict[str, Any]:
    """What the forms offer: templates, channels, tags, attributes, events, segments, journeys, doors."""
    vocabulary = segments.vocabulary()
    others = Journey.objects.exclude(pk=journey.pk).exclude(state=Journey.State.ENDED).order_by("name")
    doors = Door.objects.filter(kind=Door.Kind.GROUP_CODE, retired_at=None).order_by("name")
    return {
        "messages": [_message(one) for one in Message.objects.order_by("name")[:_MOST]],
        "channels": [
            {"value": one.slug, "label": one.title, "kind": one.kind} for one in Channel.objects.filter(is_enabled=True)
        ],
        "doors": [{"value": pk, "label": name} for pk, name in doors.values_list("pk", "name")[:_MOST]],
        "coupons": [{"value": kind.pk, "label": kind.name} for kind in grantable(time.now())[:_MOST]],
        "journeys": [{"value": slug, "label": name} for slug, name in others.values_list("slug", "name")[:_MOST]],
        "tags": vocabulary.tags,
        "attributes": vocabulary.attributes,
        "events": vocabulary.events,
        "segments": vocabulary.segments,
        "links": _chosen(Link.choices),
        "outcomes": _chosen(Measured.choices),
        "rules": asdict(vocabulary),
        "currency": brand().currency,
        "digits": money.digits(brand().currency),
    }


def _message(one: Message) -> dict[str, Any]:
    return {
        "value": one.pk,
        "label": f"{one.name} · {one.get_channel_kind_display()}",
        "kind": one.channel_kind,
        "subject": one.subject,
        "body": one.body[:400],
        "is_promotion": one.is_promotion,
    }


def _chosen(choices: Any) -> list[dict[str, str]]:
    return [{"value": value, "label": str(label)} for value, label in choices]


def differences(live: Mapping[str, Any] | None, draft: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What publishing would change: (added | removed | changed, what), nodes by their names."""
    if live is None:
        return []
    old, new = live["nodes"], draft["nodes"]
    found = [("added", new[key]["name"]) for key in new if key not in old]
    found += [("removed", old[key]["name"]) for key in old if key not in new]
    found += [("changed", new[key]["name"]) for key in new if key in old and _plain(new[key]) != _plain(old[key])]
    parts = {
        "entries": _("入口"),
        "again": _("再次进入"),
        "variants": _("实验版本"),
        "goal": _("目标"),
        "exits": _("退出条件"),
    }
    return found + [("changed", label) for key, label in parts.items() if live.get(key) != draft.get(key)]


def _plain(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if key != "at"}
