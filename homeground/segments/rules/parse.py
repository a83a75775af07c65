"""From JSON to nodes: everything wrong is refused with the path of its node."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from homeground.segments.errors import RuleRefused
from homeground.segments.rules.comparisons import Part
from homeground.segments.rules.nodes import KEYS, All, AnyOf, Node, Not

DEEPEST, LARGEST = 8, 200  # Levels of groups and conditions; nodes of one rule.
_RULE: TypeAdapter[Any] = TypeAdapter(Node)


def parse(document: Any) -> Node:
    """The rule in a JSON document (already read). Raises RuleRefused."""
    _measure(document)
    try:
        return _RULE.validate_json(json.dumps(document))  # type: ignore[no-any-return]
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False)[0]) from error


def node_of(rule: Any) -> Node:
    """The rule, given as its nodes or as its JSON document. Raises RuleRefused."""
    is_read = isinstance(rule, Part)
    return rule if is_read else parse(rule)


def read(text: str | bytes) -> Any:
    """The JSON document in a text. Raises RuleRefused for text that is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # Also bytes that are not UTF-8.
        raise RuleRefused("", _("不是合法的 JSON：%(error)s") % {"error": str(error)[:200]}) from error


def document_of(rule: Node) -> Any:
    """The rule as JSON values, as it is stored and shown; what was left to its default is left out."""
    return _RULE.dump_python(rule, mode="json", by_alias=True, exclude_defaults=True)


def walk(rule: Node, path: str = "") -> Iterator[tuple[str, Node]]:
    """Every node with its path, groups before what they hold."""
    yield path, rule
    for step, child in children(rule):
        yield from walk(child, f"{path}.{step}" if path else step)


def children(rule: Node) -> list[tuple[str, Node]]:
    """What a group holds, each with its step of the path; nothing for a condition."""
    match rule:
        case All():
            return [(f"all[{at}]", node) for at, node in enumerate(rule.all)]
        case AnyOf():
            return [(f"any[{at}]", node) for at, node in enumerate(rule.any)]
        case Not():
            return [("not", rule.not_)]
    return []


def _measure(document: Any) -> None:
    waiting, seen = [("", document, 1)], 0
    while waiting:
        path, node, level = waiting.pop()
        seen += 1
        if level > DEEPEST:
            raise RuleRefused(path, _("嵌套超过 %(levels)s 层，请拆成几个人群再组合") % {"levels": DEEPEST})
        if seen > LARGEST:
            raise RuleRefused(path, _("条件超过 %(nodes)s 个，请拆成几个人群再组合") % {"nodes": LARGEST})
        waiting += [(f"{path}.{step}" if path else step, child, level + 1) for step, child in _raw_children(node)]


def _raw_children(node: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(node, dict):
        return
    for key in ("all", "any"):
        if isinstance(node.get(key), list):
            yield from ((f"{key}[{at}]", child) for at, child in enumerate(node[key]))
    if "not" in node:
        yield "not", node["not"]


def _refusal(error: ErrorDetails) -> RuleRefused:
    path, types = "", []
    strange = error["loc"][-1] if error["type"] == "extra_forbidden" else None
    for step in error["loc"]:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step in KEYS or step == strange:
            path += f".{step}" if path else step
        elif not step.startswith("§"):
            types.append(step)  # Of the types a value may have, pydantic complains for each.
    return RuleRefused(path, _misfit(types) if types else _reason(error))


def _misfit(types: list[str]) -> str:
    return _("应为数值") if types[0] in ("int", "float") else _("值的类型不对，或超出了范围")


def _reason(error: ErrorDetails) -> str:
    kind, limits = error["type"], error.get("ctx", {})
    known = {
        "union_tag_not_found": _("不认识的条件或比较方式"),
        "missing": _("缺少这一项"),
        "extra_forbidden": _("不认识的字段"),
        "too_short": _("至少要有一项"),
        "string_too_short": _("不能为空"),
        "string_type": _("应为文本"),
        "bool_type": _("应为 true 或 false"),
        "int_type": _("应为整数"),
        "float_type": _("应为数值"),
        "list_type": _("应为列表"),
        "tuple_type": _("应为两个值的列表"),
        "literal_error": _("只能是 %(expected)s") % {"expected": limits.get("expected", "")},
        "date_from_datetime_parsing": _("应为日期，如 2026-01-31"),
        "date_parsing": _("应为日期，如 2026-01-31"),
    }
    return known.get(kind) or _("值不合适（%(detail)s）") % {"detail": error["msg"]}
