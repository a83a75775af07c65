"""Whether a rule makes sense to this brand: attributes that exist, comparisons that fit, segments without a cycle."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.segments.errors import RuleRefused, SegmentCycle
from homeground.segments.rules.comparisons import (
    AnniversaryDays,
    Between,
    DaysBetween,
    Equals,
    InMonths,
    IsSet,
    Part,
    kind_of,
)
from homeground.segments.rules.dictionary import Dictionary, StaticList
from homeground.segments.rules.nodes import AttributeIs, Did, InSegment, Node, OrdersAre
from homeground.segments.rules.parse import walk

EXPANDED = 1000  # Nodes of a rule with the rules of all its segments in their places.
_KINDS = {
    "text": gettext_lazy("文本"),
    "number": gettext_lazy("数值"),
    "date": gettext_lazy("日期"),
    "flag": gettext_lazy("是否"),
}


def check(rule: Node, dictionary: Dictionary, *, slug: str | None = None) -> None:
    """Raise RuleRefused, at the path of the first node that is wrong, or SegmentCycle.

    slug: the segment that the rule will belong to.
    """
    for path, node in walk(rule):
        _check_node(node, path, dictionary)
    _expand(rule, dictionary, [slug] if slug else [])


def _check_node(node: Node, path: str, dictionary: Dictionary) -> None:
    for key in ("within", "created"):
        if isinstance(window := getattr(node, key, None), DaysBetween):
            _check_ends(window.between, f"{_at(path, key)}.between")
    match node:
        case AttributeIs():
            _check_attribute(node, path, dictionary)
        case OrdersAre():
            _check_orders(node, path, dictionary)
        case Did():
            _check_event(node, path)
        case InSegment() if node.segment not in dictionary.segments:
            raise RuleRefused(_at(path, "segment"), _("没有标识为“%(slug)s”的人群") % {"slug": node.segment})


def _check_attribute(node: AttributeIs, path: str, dictionary: Dictionary) -> None:
    known = dictionary.attributes.get(node.attribute)
    if known is None:
        raise RuleRefused(_at(path, "attribute"), _("属性字典里没有“%(key)s”") % {"key": node.attribute})
    if known.is_personal:
        raise RuleRefused(_at(path, "attribute"), _("“%(key)s”是个人信息，不能用于分群") % {"key": node.attribute})
    _check_kind(node.is_, known.kind, _at(path, "is"), of_attribute=True)


def _check_orders(node: OrdersAre, path: str, dictionary: Dictionary) -> None:
    kind = "date" if node.orders in ("first", "last") else "number"
    _check_kind(node.is_, kind, _at(path, "is"))
    if node.orders in ("recency", "frequency", "monetary") and node.within:
        raise RuleRefused(_at(path, "within"), _("RFM 分值按全部历史计算，不能限定时间"))
    if node.orders in ("net", "average"):
        _check_money(node.is_, _at(path, "is"), dictionary.digits)


def _check_money(test: Part, path: str, digits: int) -> None:
    (given,) = test.model_dump().values()
    for value in given if isinstance(given, list | tuple) else [given]:
        if Decimal(str(value)).scaleb(digits) % 1:
            raise RuleRefused(path, _("金额最多 %(digits)s 位小数") % {"digits": digits})


def _check_event(node: Did, path: str) -> None:
    for at, one in enumerate(node.where):
        _check_property(one.is_, f"{_at(path, 'where')}[{at}].is")
    for at, one in enumerate(node.then.where if node.then else []):
        _check_property(one.is_, f"{_at(path, 'then.where')}[{at}].is")
    if node.then and (node.is_ or node.measure != "count"):
        raise RuleRefused(_at(path, "then"), _("“随后”不能与次数、合计同时使用，请拆成两个条件"))
    if node.measure != "count" and node.is_ is None:
        raise RuleRefused(_at(path, "is"), _("请写明与什么比较"))
    if node.is_:
        kind = "date" if node.measure in ("first", "last") else "number"
        _check_kind(node.is_, kind, _at(path, "is"))


def _check_property(test: Part, path: str) -> None:
    if kind_of(test) == "date":
        raise RuleRefused(path, _("事件属性只能按文本、数值或是否比较"))


def _check_kind(test: Part, kind: str, path: str, *, of_attribute: bool = False) -> None:
    given = kind_of(test)
    fits = given == kind or (kind == "date" and isinstance(test, Equals) and _is_day(test.equals))
    if isinstance(test, IsSet | AnniversaryDays | InMonths):  # Only a profile has unset values and birthdays.
        fits = of_attribute and given in (None, kind)
    if not fits:
        raise RuleRefused(path, _("这里要与%(kind)s比较") % {"kind": _KINDS[kind]})
    if isinstance(test, Between):
        _check_ends(test.between, f"{path}.between")


def _check_ends(ends: tuple[Any, Any], path: str) -> None:
    if ends[0] > ends[1]:
        raise RuleRefused(path, _("第一个值不能大于第二个"))


def _is_day(text: object) -> bool:
    try:
        return bool(date.fromisoformat(str(text)))
    except ValueError:
        return False


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _expand(rule: Node, dictionary: Dictionary, stack: Sequence[str]) -> int:
    """Nodes of the rule with the rules of its segments in their places."""
    size = 0
    for path, node in walk(rule):
        size += 1
        if isinstance(node, InSegment):
            size += _expand_segment(node.segment, path, dictionary, stack)
        if size > EXPANDED:
            raise RuleRefused(path, _("连同引用的人群，条件超过 %(nodes)s 个") % {"nodes": EXPANDED})
    return size


def _expand_segment(slug: str, path: str, dictionary: Dictionary, stack: Sequence[str]) -> int:
    if slug in stack:
        raise SegmentCycle([*stack[stack.index(slug) :], slug])
    if (inside := dictionary.segments.get(slug)) is None:  # Put away since another was made of it.
        raise RuleRefused(_at(path, "segment"), _("没有标识为“%(slug)s”的人群") % {"slug": slug})
    return 1 if isinstance(inside, StaticList) else _expand(inside, dictionary, [*stack, slug])
