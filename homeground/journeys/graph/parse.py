"""From JSON to a graph: whatever does not fit is refused, each with its node and field."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from homeground.journeys.errors import DraftRefused, GraphRefused, Problem
from homeground.journeys.graph.nodes import Graph
from homeground.segments.errors import RuleRefused
from homeground.segments.rules.comparisons import Part
from homeground.segments.rules.parse import parse as parse_rule

DEEPEST, LARGEST = 40, 256 * 1024  # Levels of the document; bytes of its JSON.
_MOST = 50  # Problems named at once.


def parse(document: Any) -> Graph:
    """The graph in a JSON document (already read). Raises GraphRefused, or DraftRefused for what is no draft."""
    text = bounded(document)
    rules = list(_rule_problems(document))
    try:
        graph = Graph.model_validate_json(text)
    except ValidationError as error:
        shape = _shape_problems(error.errors(include_url=False), document)
        raise GraphRefused([*rules, *shape][:_MOST]) from error
    if rules:
        raise GraphRefused(rules[:_MOST])
    return graph


def read(text: str | bytes) -> Any:
    """The JSON document in a text. Raises DraftRefused for text that is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # Also bytes that are not UTF-8.
        raise DraftRefused(_("不是合法的 JSON：%(error)s") % {"error": str(error)[:200]}) from error


def document_of(graph: Graph) -> Any:
    """The graph as JSON values, complete: what was left to its default is written out."""
    return graph.model_dump(mode="json", by_alias=True)


def bounded(document: Any) -> str:
    """The JSON text of a draft, complete or not: an object of a bearable size. Raises DraftRefused."""
    if not isinstance(document, dict):
        raise DraftRefused(_("流程图应为一个 JSON 对象"))
    _measure(document)
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except ValueError as error:  # NaN, or half a character.
        raise DraftRefused(_("流程图里有无法保存的值：%(error)s") % {"error": str(error)[:200]}) from error
    if size > LARGEST:
        raise DraftRefused(_("流程图太大：最多 %(most)d KB，请拆成几条旅程") % {"most": LARGEST // 1024})
    return text


def _measure(document: Any) -> None:
    waiting = [(document, 1)]
    while waiting:
        value, level = waiting.pop()
        if level > DEEPEST:
            raise DraftRefused(_("流程图嵌套超过 %(levels)d 层") % {"levels": DEEPEST})
        if isinstance(value, str) and "\x00" in value:
            raise DraftRefused(_("流程图里有看不见的空字符，请删去后再保存"))
        waiting += [(child, level + 1) for child in _children(value)]


def _children(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _rule_problems(document: Any) -> Iterator[Problem]:
    """What segments say of the rules of branches: their own parser knows their limits and words."""
    for node, given in _nodes(document).items():
        ways = given.get("ways") if isinstance(given, dict) else None
        for at, way in enumerate(ways if isinstance(ways, list) else []):
            if isinstance(way, dict) and "rule" in way:
                yield from _refused_rule(node, name_of(document, node), f"ways[{at}].rule", way["rule"])


def _refused_rule(node: str, name: str, field: str, rule: Any) -> Iterator[Problem]:
    try:
        parse_rule(rule)
    except RuleRefused as refusal:
        yield Problem(node, refusal.reason, f"{field}.{refusal.path}" if refusal.path else field, name)


def _nodes(document: Any) -> dict[str, Any]:
    nodes = document.get("nodes")
    return nodes if isinstance(nodes, dict) else {}


def name_of(document: Any, node: str) -> str:
    """What a node of a document is called; nothing where it has no name."""
    given = _nodes(document).get(node)
    name = given.get("name") if isinstance(given, dict) else None
    return name if isinstance(name, str) else ""


def _shape_problems(errors: Sequence[ErrorDetails], document: Any) -> list[Problem]:
    found: dict[tuple[str, str], Problem] = {}  # Of the types that a value may have, pydantic complains for each.
    for error in errors:
        where = list(error["loc"])
        if "rule" not in where and _is_meant(where, document):
            problem = _problem(error, where, document)
            found.setdefault((problem.node, problem.field), problem)
    return list(found.values())


def _is_meant(where: Sequence[Any], document: Any) -> bool:
    """A sign is an event or a segment: complaints about the kind that is not meant say nothing."""
    other = {"Happens": "Enters", "Enters": "Happens"}
    for at, step in enumerate(where):
        if step in other:
            sign = _inside(document, where[:at])
            meant = "Enters" if isinstance(sign, dict) and "segment" in sign else "Happens"
            return bool(step == meant)
    return True


def _inside(document: Any, where: Sequence[Any]) -> Any:
    for step in where:
        document = document[step]
    return document


def _problem(error: ErrorDetails, where: list[Any], document: Any) -> Problem:
    node = ""
    if where[0] == "nodes" and len(where) > 1:
        node, where = str(where[1]), where[3:]
    elif where[0] == "entries" and len(where) > 2:
        where = [*where[:2], *where[3:]]  # Without the kind of entry.
    field, is_misfit = _path(where, error)
    return Problem(
        node, _("值的类型不对，或超出了范围") if is_misfit else _reason(error), field, name_of(document, node)
    )


def _path(where: Sequence[Any], error: ErrorDetails) -> tuple[str, bool]:
    """The path of fields, and whether the rest names types that the value is none of."""
    path, types = "", False
    strange = where[-1] if where and error["type"] == "extra_forbidden" else None
    for step in where:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step in _FIELDS or step == strange:
            path += f".{step}" if path else step
        else:
            types = types or step in ("int", "float", "str", "bool")
    return path, types


def _reason(error: ErrorDetails) -> str:
    kind, limits = error["type"], error.get("ctx", {})
    known = {
        "union_tag_not_found": _("不认识的节点、入口或比较方式"),
        "union_tag_invalid": _("不认识的节点、入口或比较方式"),
        "missing": _("缺少这一项"),
        "extra_forbidden": _("不认识的字段"),
        "string_too_short": _("不能为空"),
        "string_pattern_mismatch": _("格式不对"),
        "string_type": _("应为文本"),
        "bool_type": _("应为 true 或 false"),
        "int_type": _("应为整数"),
        "list_type": _("应为列表"),
        "dict_type": _("应为一个对象"),
        "literal_error": _("只能是 %(expected)s") % {"expected": limits.get("expected", "")},
    }
    return known.get(kind) or _limit(kind, limits) or _("值不合适（%(detail)s）") % {"detail": error["msg"]}


def _limit(kind: str, limits: Any) -> str:
    lows = {"greater_than_equal": "ge", "too_short": "min_length"}
    highs = {"less_than_equal": "le", "too_long": "max_length", "string_too_long": "max_length"}
    if kind in lows:
        return _("至少为 %(least)s") % {"least": limits[lows[kind]]}
    return _("最多为 %(most)s") % {"most": limits[highs[kind]]} if kind in highs else ""


def _parts(part: type[Part]) -> Iterator[type[Part]]:
    for child in part.__subclasses__():
        yield child
        yield from _parts(child)


_MODELS: list[type[BaseModel]] = [Graph, *_parts(Part)]
_FIELDS = {field.alias or name for model in _MODELS for name, field in model.model_fields.items()}
