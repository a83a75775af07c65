"""A pack in one language, with the real names of its pieces in place of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

LANGUAGES = ("zh", "en")
_MAIN = {"zh": "主线", "en": "Main"}


@dataclass(frozen=True)
class Names:
    """What the pack's own names mean here. door: of a group; None: none was chosen."""

    segments: Mapping[str, str] = field(default_factory=dict)  # Slugs.
    journeys: Mapping[str, str] = field(default_factory=dict)  # Slugs.
    messages: Mapping[str, int] = field(default_factory=dict)
    coupons: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)  # Slug by the message's local name.
    door: int | None = None


class Unknown(KeyError):
    """A local name that no piece of the pack has. path: where it stands."""

    def __init__(self, path: str, name: str) -> None:
        self.path, self.name = path, name
        super().__init__(path)


def worded(value: Any, language: str) -> Any:
    """The value in JSON's types with every pair of texts replaced by the one of this language."""
    if isinstance(value, BaseModel):
        return worded(value.model_dump(mode="json"), language)
    if isinstance(value, list):
        return [worded(one, language) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"zh", "en"}:
        return value[language]
    return {key: worded(one, language) for key, one in value.items()}


def rule_of(rule: Any, names: Names, path: str = "") -> Any:
    """A segment's rule with slugs in place of local names. Raises Unknown."""
    if isinstance(rule, list):
        return [rule_of(one, names, f"{path}[{at}]") for at, one in enumerate(rule)]
    if not isinstance(rule, dict):
        return rule
    if "segment" in rule:
        return rule | {"segment": _found(names.segments, rule["segment"], f"{path}.segment")}
    return {key: rule_of(one, names, f"{path}.{key}") for key, one in rule.items()}


def graph_of(graph: Mapping[str, Any], names: Names, language: str) -> dict[str, Any]:
    """A worded graph as the room of journeys takes it. Raises Unknown."""
    start = graph.get("start")
    nodes = {key: _step(step, names, f"nodes.{key}") for key, step in graph["nodes"].items()}
    made: dict[str, Any] = {
        **{key: value for key, value in graph.items() if key != "start"},
        "entries": _signs(graph["entries"], names, "entries"),
        "nodes": nodes,
    }
    if start:
        made["variants"] = [{"name": _MAIN[language], "share_bp": 10_000, "start": start}]
    if graph.get("goal"):
        made["goal"] = _signs([graph["goal"]], names, "goal")[0]
    if graph.get("exits"):
        made["exits"] = _signs(graph["exits"], names, "exits")
    return made


def segments_named(value: Any) -> set[str]:
    """Local names of segments in a rule or graph."""
    if isinstance(value, list):
        return {name for one in value for name in segments_named(one)}
    if not isinstance(value, dict):
        return set()
    own = {value["segment"]} if isinstance(value.get("segment"), str) else set()
    return own.union(*(segments_named(one) for one in value.values()))


def messages_named(graph: Mapping[str, Any]) -> set[str]:
    """Local names of messages in a graph."""
    return {step["message"] for step in graph["nodes"].values() if step.get("kind") == "message"}


def journeys_named(graph: Mapping[str, Any]) -> set[str]:
    """Local names of journeys that a graph hands over to."""
    return {step["journey"] for step in graph["nodes"].values() if step.get("kind") == "handover"}


def _signs(signs: Any, names: Names, path: str) -> list[Any]:
    return [
        one | {"segment": _found(names.segments, one["segment"], f"{path}[{at}].segment")}
        if one.get("segment")
        else one
        for at, one in enumerate(signs)
    ]


def _step(step: dict[str, Any], names: Names, path: str) -> dict[str, Any]:
    match step.get("kind"):
        case "message":
            local = step["message"]
            message = _found(names.messages, local, f"{path}.message")
            return step | {"message": message, "channel": names.channels.get(local, "")}
        case "coupon":
            return step | {"coupon": _found(names.coupons, step["coupon"], f"{path}.coupon")}
        case "invite":
            return _invitation(step, names)
        case "handover":
            return step | {"journey": _found(names.journeys, step["journey"], f"{path}.journey")}
        case "branch":
            ways = [
                way | {"rule": rule_of(way["rule"], names, f"{path}.ways[{at}].rule")}
                for at, way in enumerate(step["ways"])
            ]
            return step | {"ways": ways}
    return step


def _invitation(step: dict[str, Any], names: Names) -> dict[str, Any]:
    """The invitation through the chosen group's code; where none was chosen, the task that stands for it."""
    kept = {key: value for key, value in step.items() if key not in ("instead", "door")}
    if names.door is not None:
        return kept | {"door": names.door}
    return kept | {"kind": "task", **step["instead"]}


def _found(names: Mapping[str, Any], name: Any, path: str) -> Any:
    if name not in names:
        raise Unknown(path.lstrip("."), str(name))
    return names[name]
