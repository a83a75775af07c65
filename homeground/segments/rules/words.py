"""A rule as a sentence that an operator reads, in the language of the moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from homeground.core import money
from homeground.events.labels import source_label
from homeground.people.models import Consent, Identity, Relation
from homeground.segments.rules.comparisons import IsSet, Part
from homeground.segments.rules.nodes import (
    All,
    AnyOf,
    AttributeIs,
    Bought,
    CameFrom,
    ConsentIs,
    CreatedWithin,
    Did,
    HasIdentity,
    HasTag,
    InRelation,
    InSegment,
    Max,
    Min,
    Node,
    Not,
    OrdersAre,
    PropertyIs,
    Sum,
    Then,
)


@dataclass(frozen=True)
class Labels:
    """What things are called on screen; a key that is missing stands for itself."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    currency: str = "CNY"


def sentence(rule: Node, labels: Labels) -> str:
    """The whole rule. A group inside a group stands in brackets."""
    match rule:
        case All(all=[]):
            return _("全部客户")
        case AnyOf(any=[]):
            return _("没有客户")
    said = _Speaker(labels).say(rule, outer=True)
    return " ".join(said.split()).replace(" ,", ",")  # A window that is not there leaves its space.


def event_words(name: str, where: Sequence[PropertyIs], labels: Labels) -> str:
    """An event with its filters, as a sentence names it."""
    return _Speaker(labels).event(name, where)


@dataclass(frozen=True)
class _Speaker:
    labels: Labels

    def say(self, node: Node, *, outer: bool = False) -> str:
        match node:
            case All():
                return self.group(node.all, _(" 且 "), outer)
            case AnyOf():
                return self.group(node.any, _(" 或 "), outer)
            case Not():
                return _("不满足（%(what)s）") % {"what": self.say(node.not_, outer=True)}
        return _SAY[type(node)](self, node)

    def group(self, nodes: Sequence[Node], joint: str, outer: bool) -> str:
        if not nodes:
            return _("全部客户") if joint == _(" 且 ") else _("没有客户")
        text = joint.join(self.say(node) for node in nodes)
        return text if outer or len(nodes) == 1 else _("（%(what)s）") % {"what": text}

    def attribute(self, node: AttributeIs) -> str:
        label = self.labels.attributes.get(node.attribute, node.attribute)
        return f"{label} {compared(node.is_)}".strip()

    def orders(self, node: OrdersAre) -> str:
        show = self.major if node.orders in ("net", "average") else shown
        words = {
            "when": in_window(node.within),
            "fact": _order_fact(node.orders),
            "test": compared(node.is_, show),
        }
        return _("%(when)s%(fact)s %(test)s") % words

    def bought(self, node: Bought) -> str:
        return _("%(when)s买过 %(products)s") % {"when": in_window(node.within), "products": listed(node.bought)}

    def did(self, node: Did) -> str:
        event = self.event(node.event, node.where)
        when = in_window(node.within)
        if node.then:
            return self.then(when, event, node.then)
        if node.measure == "count":
            if node.is_ is None:
                return _("%(when)s发生过 %(event)s") % {"when": when, "event": event}
            return _("%(when)s%(event)s 的次数 %(test)s") % {"when": when, "event": event, "test": compared(node.is_)}
        assert node.is_
        key = next(iter(node.measure.model_dump().values())) if isinstance(node.measure, Part) else ""
        words = {"when": when, "event": event, "test": self.of(key, node.is_), "what": _measure(node.measure)}
        return _("%(when)s%(event)s 的%(what)s %(test)s") % words

    def then(self, when: str, first: str, node: Then) -> str:
        words = {"when": when, "first": first, "days": node.within_days, "second": self.event(node.event, node.where)}
        return _("%(when)s%(first)s，之后 %(days)s 天内 %(second)s") % words

    def event(self, name: str, where: Sequence[PropertyIs]) -> str:
        label = _("“%(event)s”") % {"event": self.labels.events.get(name, name)}
        if not where:
            return label
        filters = _(" 且 ").join(f"{_plain(one.property)} {self.of(one.property, one.is_)}" for one in where)
        return _("%(event)s（%(filters)s）") % {"event": label, "filters": filters}

    def of(self, key: str, test: Part) -> str:
        """A comparison with a property; one in minor units is shown as money."""
        return compared(test, self.minor if key.endswith("_minor") else shown)

    def minor(self, value: Any) -> str:
        return money.show(int(value), self.labels.currency) if isinstance(value, int | float) else shown(value)

    def major(self, value: Any) -> str:
        return self.minor(money.to_minor(Decimal(str(value)), self.labels.currency))

    def segment(self, node: InSegment) -> str:
        return _("属于人群“%(name)s”") % {"name": self.labels.segments.get(node.segment, node.segment)}

    def consent(self, node: ConsentIs) -> str:
        words = {
            "purpose": Consent.Purpose(node.consent).label,
            "channel": self.labels.channels.get(node.channel, node.channel),
        }
        if node.is_ == "granted":
            return _("同意在%(channel)s接收%(purpose)s") % words
        return _("拒绝在%(channel)s接收%(purpose)s") % words


def compared(test: Part, show: Callable[[Any], str] | None = None) -> str:
    """A comparison, after the thing that is compared. show: how its values are written."""
    ((name, value),) = test.model_dump().items()
    if isinstance(test, IsSet):
        return _("有值") if test.is_set else _("没有值")
    if isinstance(value, bool):
        return _("为是") if value else _("为否")
    return _comparisons(show or shown)[name](value)


def _comparisons(shown: Callable[[Any], str]) -> dict[str, Callable[[Any], str]]:
    return {
        "equals": lambda value: _("等于 %(value)s") % {"value": shown(value)},
        "one_of": lambda value: _("属于 %(values)s") % {"values": listed(map(shown, value))},
        "contains": lambda value: _("包含 %(value)s") % {"value": shown(value)},
        "starts": lambda value: _("开头是 %(value)s") % {"value": shown(value)},
        "greater": lambda value: f"> {shown(value)}",
        "at_least": lambda value: f"≥ {shown(value)}",
        "less": lambda value: f"< {shown(value)}",
        "at_most": lambda value: f"≤ {shown(value)}",
        "between": lambda value: _("在 %(low)s 至 %(high)s 之间") % {"low": shown(value[0]), "high": shown(value[1])},
        "before": lambda value: _("早于 %(day)s") % {"day": shown(value)},
        "after": lambda value: _("晚于 %(day)s") % {"day": shown(value)},
        "last_days": lambda value: _("在最近 %(days)s 天内") % {"days": value},
        "next_days": lambda value: _("在未来 %(days)s 天内") % {"days": value},
        "in_months": lambda value: _("在 %(months)s 月") % {"months": listed(map(str, value))},
        "anniversary_days": lambda value: _("的周年日在未来 %(days)s 天内") % {"days": value},
    }


def in_window(window: Part | None) -> str:
    """A window, before what happened in it; nothing for ever."""
    if window is None:
        return ""
    ((name, value),) = window.model_dump().items()
    match name:
        case "last_days":
            return _("最近 %(days)s 天") % {"days": value}
        case "before":
            return _("%(day)s 之前") % {"day": shown(value)}
        case "after":
            return _("%(day)s 之后") % {"day": shown(value)}
    return _("%(low)s 至 %(high)s ") % {"low": shown(value[0]), "high": shown(value[1])}


def shown(value: Any) -> str:
    """A value of the rule, as its language writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(number_format(value, use_l10n=True, force_grouping=True))
    return str(date_format(value, "Y-m-d"))


def listed(values: Any) -> str:
    """Several values, any of which will do."""
    return str(_("、").join(values))


def _plain(key: str) -> str:
    return key.removesuffix("_minor")


def _order_fact(fact: str) -> str:
    return {
        "count": _("订单数"),
        "net": _("净消费额"),
        "average": _("平均客单价"),
        "first": _("首次下单"),
        "last": _("最近一次下单"),
        "days_since_last": _("距最近一次下单天数"),
        "recency": _("近度分（R）"),
        "frequency": _("频度分（F）"),
        "monetary": _("金额分（M）"),
    }[fact]


def _measure(measure: Any) -> str:
    match measure:
        case "first":
            return _("首次时间")
        case "last":
            return _("最近时间")
        case Sum():
            return _(" %(key)s 合计") % {"key": _plain(measure.sum)}
        case Min():
            return _(" %(key)s 最小值") % {"key": _plain(measure.min)}
    assert isinstance(measure, Max)
    return _(" %(key)s 最大值") % {"key": _plain(measure.max)}


_SAY: dict[type[Any], Callable[[_Speaker, Any], str]] = {
    AttributeIs: _Speaker.attribute,
    HasTag: lambda _me, node: _("标签含 %(tags)s") % {"tags": listed(node.tag)},
    CameFrom: lambda _me, node: _("来源是 %(sources)s") % {"sources": listed(map(source_label, node.source))},
    InRelation: lambda _me, node: (
        _("关系为 %(stages)s") % {"stages": listed(str(Relation(stage).label) for stage in node.relation)}
    ),
    ConsentIs: _Speaker.consent,
    HasIdentity: lambda _me, node: (
        _("有%(kinds)s") % {"kinds": listed(str(Identity.Kind(kind).label) for kind in node.identity)}
    ),
    CreatedWithin: lambda _me, node: _("%(when)s建档") % {"when": in_window(node.created)},
    OrdersAre: _Speaker.orders,
    Bought: _Speaker.bought,
    Did: _Speaker.did,
    InSegment: _Speaker.segment,
}
