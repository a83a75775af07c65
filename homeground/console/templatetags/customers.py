"""`{% load customers %}`: words and tones of the customer pages."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from homeground.people.models import Consent, Identity

register = template.Library()
_RELATION_TONES = {"one_way": "blue", "two_way": "green", "many_way": "purple"}
_TOUCH_TONES = {
    "sent": "blue", "delivered": "blue", "opened": "green", "clicked": "green", "failed": "red", "unknown": "amber",
    "suppressed": "amber", "held_out": "purple",
}  # fmt: skip
_KINDS = dict(Identity.Kind.choices)
_PURPOSES = dict(Consent.Purpose.choices)
_EVENTS = {
    "commerce.order_paid": _("支付了订单"),
    "commerce.order_changed": _("订单被更正"),
    "commerce.order_refunded": _("收到退款"),
    "channels.message_sent": _("收到消息"),
    "channels.message_delivered": _("消息已送达"),
    "channels.message_opened": _("打开了消息"),
    "channels.message_clicked": _("点击了链接"),
    "channels.message_answered": _("回复了消息"),
    "channels.message_refused": _("拒收了消息"),
    "channels.message_failed": _("消息发送失败"),
    "people.customers_merged": _("与另一客户合并"),
    "people.customers_unmerged": _("撤销了一次合并"),
    "people.consent_given": _("同意接收"),
    "people.consent_withdrawn": _("退订"),
    "people.relation_moved": _("关系阶段变化"),
    "people.customer_unmasked": _("完整资料被查看"),
    "segments.segment_entered": _("进入人群"),
    "segments.segment_left": _("离开人群"),
    "identified": _("资料更新"),
    "page_viewed": _("浏览了页面"),
    "screen_viewed": _("浏览了屏幕"),
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


@register.filter
def key_facts(properties: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The first few properties that fit on a line."""
    plain = [(key, value) for key, value in properties.items() if isinstance(value, str | int | float) and value != ""]
    return plain[:4]


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
