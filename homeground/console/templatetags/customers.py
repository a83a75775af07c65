"""`{% load customers %}`: words and tones of the customer pages."""

from collections.abc import Callable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.people.models import Consent, Identity, Relation
from homeground.people.services.attributes import PERSONAL
from homeground.ui.masking import mask

register = template.Library()
_RELATION_TONES = {"one_way": "blue", "two_way": "green", "many_way": "purple"}
_TOUCH_TONES = {
    "sent": "blue", "delivered": "blue", "opened": "green", "clicked": "green", "failed": "red", "unknown": "amber",
    "suppressed": "amber", "held_out": "purple",
}  # fmt: skip
_KINDS = dict(Identity.Kind.choices)
_PURPOSES = dict(Consent.Purpose.choices)
_STAGES = dict(Relation.choices)
_EVENTS = {
    "commerce.order_paid": gettext_lazy("支付了订单"),
    "commerce.order_changed": gettext_lazy("订单被更正"),
    "commerce.order_refunded": gettext_lazy("收到退款"),
    "channels.message_sent": gettext_lazy("收到消息"),
    "channels.message_delivered": gettext_lazy("消息已送达"),
    "channels.message_opened": gettext_lazy("打开了消息"),
    "channels.message_clicked": gettext_lazy("点击了链接"),
    "channels.message_answered": gettext_lazy("回复了消息"),
    "channels.message_refused": gettext_lazy("拒收了消息"),
    "channels.message_failed": gettext_lazy("消息发送失败"),
    "people.customers_merged": gettext_lazy("与另一客户合并"),
    "people.customers_unmerged": gettext_lazy("撤销了一次合并"),
    "people.consent_given": gettext_lazy("同意接收"),
    "people.consent_withdrawn": gettext_lazy("退订"),
    "people.relation_moved": gettext_lazy("关系阶段变化"),
    "people.customer_unmasked": gettext_lazy("完整资料被查看"),
    "segments.segment_entered": gettext_lazy("进入人群"),
    "segments.segment_left": gettext_lazy("离开人群"),
    "identified": gettext_lazy("资料更新"),
    "page_viewed": gettext_lazy("浏览了页面"),
    "screen_viewed": gettext_lazy("浏览了屏幕"),
}


@register.filter
def relation_tone(stage: str) -> str:
    """The tone of a relation stage's tag: the closer, the stronger."""
    return _RELATION_TONES.get(stage, "neutral")


@register.filter
def touch_tone(state: str) -> str:
    """The tone of a touch's state."""
    return _TOUCH_TONES.get(state, "neutral")


@register.filter
def kind_label(kind: str) -> Any:
    """手机号 for phone."""
    return _KINDS.get(kind, kind)


@register.filter
def event_label(name: str) -> Any:
    """What happened, in words; the event's own name where no words are known."""
    return _EVENTS.get(name, name)


@register.simple_tag
def event_detail(name: str, properties: Mapping[str, Any], is_unmasked: bool) -> str:
    """What exactly: a short line for our own facts, the first few properties of any other, personal ones masked."""
    if write := _DETAILS.get(name):
        return write(properties)
    plain = {
        key: str(value) for key, value in properties.items() if isinstance(value, str | int | float) and value != ""
    }
    shown = {key: value if is_unmasked or key not in PERSONAL else mask(value, key) for key, value in plain.items()}
    return " · ".join(f"{key}: {value}" for key, value in list(shown.items())[:4])


def _order(facts: Mapping[str, Any]) -> str:
    return _("订单 %(number)s，%(items)s 件") % {"number": facts.get("order_no", ""), "items": facts.get("items", 0)}


def _refund(facts: Mapping[str, Any]) -> str:
    return _("退款 %(number)s") % {"number": facts.get("refund_no", "")}


def _move(facts: Mapping[str, Any]) -> str:
    return " → ".join(str(_STAGES.get(facts.get(end, ""), "")) for end in ("before", "after"))


def _permission(facts: Mapping[str, Any]) -> str:
    purpose, channel = facts.get("purpose", ""), facts.get("channel", "")
    return f"{_PURPOSES.get(purpose, purpose)} · {_('全部渠道') if channel == '*' else channel}"


def _joined(facts: Mapping[str, Any]) -> str:
    return _("客户 %(pk)s") % {"pk": facts.get("absorbed_id", "")}


_DETAILS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "commerce.order_paid": _order,
    "commerce.order_refunded": _refund,
    "people.relation_moved": _move,
    "people.consent_given": _permission,
    "people.consent_withdrawn": _permission,
    "people.customers_merged": _joined,
    "people.customers_unmerged": _joined,
    "people.customer_unmasked": lambda facts: str(facts.get("by", "")),
    "segments.segment_entered": lambda facts: str(facts.get("segment", "")),
    "segments.segment_left": lambda facts: str(facts.get("segment", "")),
}


@register.filter
def purpose_label(purpose: str) -> Any:
    """营销信息 for promotion."""
    return _PURPOSES.get(purpose, purpose)


@register.filter
def channel_label(slug: str, channels: Mapping[str, str]) -> Any:
    """A channel's name; all of them for "*"."""
    return _("全部渠道") if slug == "*" else channels.get(slug, slug)


@register.filter
def at(rows: Mapping[int, Any], key: int) -> Any:
    """The row of a key."""
    return rows.get(key)
