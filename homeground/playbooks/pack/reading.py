"""From a file to a pack: whole, or refused with the file and the field named."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from homeground.core.errors import BusinessError
from homeground.journeys.errors import GraphRefused
from homeground.journeys.graph.parse import parse as parse_graph
from homeground.playbooks.errors import NoSuchPack, PackRefused
from homeground.playbooks.metrics import METRICS
from homeground.playbooks.pack.nodes import Pack
from homeground.playbooks.pack.wording import (
    LANGUAGES,
    Names,
    Unknown,
    graph_of,
    rule_of,
    worded,
)
from homeground.segments.errors import RuleRefused
from homeground.segments.rules.parse import parse as parse_rule

FOLDER = Path(__file__).parent.parent / "packs"
LARGEST = 2 * 1024 * 1024  # Bytes.
# What the rooms can keep: characters of each text, by its field.
_LONGEST = {
    ("segments", "name"): 60, ("messages", "name"): 60, ("journeys", "name"): 60, ("journeys", "hypothesis"): 500,
    ("coupons", "name"): 60, ("coupons", "note"): 500, ("replies", "title"): 60, ("replies", "group"): 30,
    ("replies", "text"): 2000, ("posts", "topic"): 60, ("posts", "text"): 1333, ("follow_ups", "value"): 60,
}  # fmt: skip
_LONGEST_PERSONA = {"name": 30, "identity": 100, "expertise": 200, "tone": 100}
_MOST_KEYWORDS, _LONGEST_KEYWORD = 20, 20


def packs() -> list[Pack]:
    """The packs that the product brings, in the order of the six types. Raises PackRefused."""
    return [_brought(path) for path in sorted(FOLDER.glob("*.json"))]


def pack_of(slug: str) -> Pack:
    """One that the product brings. Raises NoSuchPack."""
    found = next((pack for pack in packs() if pack.slug == slug), None)
    if found is None:
        raise NoSuchPack(slug)
    return found


def read(path: Path) -> Pack:
    """The pack in a file. Raises PackRefused."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PackRefused(path.name, "", error.strerror or str(error)) from error
    return pack_in(content, path.name)


def pack_in(content: bytes, file: str) -> Pack:
    """The pack in the bytes of a file. Raises PackRefused."""
    if len(content) > LARGEST:
        raise PackRefused(file, "", _("文件最大 2 MB"))
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:  # Also bytes that are not UTF-8.
        raise PackRefused(file, "", _("不是合法的 JSON：%(error)s") % {"error": str(error)[:200]}) from error
    return pack_from(document, file)


def pack_from(document: Any, file: str) -> Pack:
    """The pack in a JSON document. Raises PackRefused."""
    try:
        pack = Pack.model_validate_json(json.dumps(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise PackRefused(file, _path(first["loc"]), _reason(first)) from error
    for field, reason in _faults(pack):
        raise PackRefused(file, field, reason)
    return pack


@cache
def _brought(path: Path) -> Pack:
    return read(path)


def _faults(pack: Pack) -> Iterator[tuple[str, str]]:
    yield from _long_texts(pack)
    yield from _names_of_nothing(pack)
    for language in LANGUAGES:
        names = _stand_ins(pack)
        yield from _rules(pack, names, language)
        yield from _graphs(pack, names, language)


def _long_texts(pack: Pack) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        document = worded(pack, language)
        for (part, field), most in _LONGEST.items():
            texts = {f"{part}.{name}.{field}": piece[field] for name, piece in document[part].items()}
            yield from _longer(texts, most, language)
        for field, most in _LONGEST_PERSONA.items():
            yield from _longer({f"persona.{field}": document["persona"][field]}, most, language)
        for name, reply in document["replies"].items():
            keywords = {f"replies.{name}.keywords[{at}]": word for at, word in enumerate(reply["keywords"])}
            yield from _longer(keywords, _LONGEST_KEYWORD, language)
            if len(reply["keywords"]) > _MOST_KEYWORDS:
                yield f"replies.{name}.keywords.{language}", _("最多为 %(most)s") % {"most": _MOST_KEYWORDS}


def _longer(texts: Mapping[str, str], most: int, language: str) -> Iterator[tuple[str, str]]:
    for field, text in texts.items():
        if len(text) > most:
            yield f"{field}.{language}", _("最多 %(most)d 个字符，现在是 %(now)d 个") % {"most": most, "now": len(text)}


def _names_of_nothing(pack: Pack) -> Iterator[tuple[str, str]]:
    if pack.need is not None and pack.need not in pack.segments:
        yield "need", _("包里没有“%(name)s”") % {"name": pack.need}
    for at, kpi in enumerate(pack.kpis):
        if kpi.metric not in METRICS:
            yield f"kpis[{at}].metric", _("没有指标“%(name)s”") % {"name": kpi.metric}
    if not any(kpi.is_main for kpi in pack.kpis):
        yield "kpis", _("至少要有一个主要指标")
    for part in ("audience", "service", "acquisition"):
        threshold = getattr(pack.suitability, part)
        if threshold.few > threshold.enough:
            yield f"suitability.{part}.few", _("不能大于 enough")


def _stand_ins(pack: Pack) -> Names:
    return Names(
        segments={name: name for name in pack.segments},
        journeys={name: name for name in pack.journeys},
        messages={name: at for at, name in enumerate(pack.messages, 1)},
        coupons={name: at for at, name in enumerate(pack.coupons, 1)},
        channels=dict.fromkeys(pack.messages, "channel"),
        door=1,
    )


def _rules(pack: Pack, names: Names, language: str) -> Iterator[tuple[str, str]]:
    for name, segment in pack.segments.items():
        field = f"segments.{name}.rule"
        try:
            parse_rule(rule_of(worded(segment.rule, language), names))
        except RuleRefused as refusal:
            yield f"{field}.{refusal.path}".rstrip("."), refusal.reason
        except Unknown as unknown:
            yield f"{field}.{unknown.path}", _("包里没有“%(name)s”") % {"name": unknown.name}


def _graphs(pack: Pack, names: Names, language: str) -> Iterator[tuple[str, str]]:
    for name, journey in pack.journeys.items():
        field = f"journeys.{name}.graph"
        try:
            yield from _ways_to_nowhere(graph := _graph(journey.graph, names, language), field)
            parse_graph(graph)
        except Unknown as unknown:
            yield f"{field}.{unknown.path}", _("包里没有“%(name)s”") % {"name": unknown.name}
        except GraphRefused as refusal:
            for problem in refusal.problems:
                node = f"nodes.{problem.node}." if problem.node else ""
                yield f"{field}.{node}{problem.field}".rstrip("."), problem.text
        except BusinessError as refusal:
            yield field, str(refusal)
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            yield field, _("流程图的结构不对：%(error)s") % {"error": f"{type(error).__name__} {error}"}


def _graph(graph: Mapping[str, Any], names: Names, language: str) -> dict[str, Any]:
    """Both forms of an invitation have to hold."""
    given = worded(dict(graph), language)
    parse_graph(graph_of(given, Names(**{**vars(names), "door": None}), language))
    return graph_of(given, names, language)


def _ways_to_nowhere(graph: Mapping[str, Any], field: str) -> Iterator[tuple[str, str]]:
    nodes = graph["nodes"]
    for key, step in nodes.items():
        for place, to in _leads(step):
            if to is not None and to not in nodes:
                yield f"{field}.nodes.{key}.{place}", _("包里没有“%(name)s”") % {"name": to}


def _leads(step: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    yield from ((name, step[name]) for name in ("next", "otherwise") if name in step)
    for at, way in enumerate(step.get("ways", [])):
        yield f"ways[{at}].next", way.get("next")


def _path(where: Iterable[Any]) -> str:
    path = ""
    for step in where:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.lstrip(".").removesuffix(".[key]")


def _reason(error: ErrorDetails) -> str:
    limits = error.get("ctx", {})
    known = {
        "missing": _("缺少这一项"),
        "extra_forbidden": _("不认识的字段"),
        "string_too_short": _("不能为空"),
        "string_pattern_mismatch": _("格式不对"),
        "string_type": _("应为文本"),
        "bool_type": _("应为 true 或 false"),
        "int_type": _("应为整数"),
        "float_type": _("应为数值"),
        "list_type": _("应为列表"),
        "dict_type": _("应为一个对象"),
        "model_type": _("应为一个对象"),
        "model_attributes_type": _("应为一个对象"),
        "too_short": _("至少要有一项"),
        "literal_error": _("只能是 %(expected)s") % {"expected": limits.get("expected", "")},
    }
    return known.get(error["type"]) or _("值不合适（%(detail)s）") % {"detail": error["msg"]}
