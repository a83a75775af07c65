"""`{% load customers %}`: words and tones of the customer pages."""

from collections.abc import Callable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from homeground.events.labels import label
from homeground.events.privacy import shown
from homeground.people.models import Consent, Identity, Relation

register = template.Library()
_RELATION_TONES = {"one_way": "blue", "two_way": "green", "many_way": "purple"}
_TOUCH_TONES = {
    "assigned": "blue", "sent": "blue", "delivered": "blue", "opened": "green", "clicked": "green", "failed": "red",
    "unknown": "amber", "suppressed": "amber", "held_out": "purple",
}  # fmt: skip
_KINDS = dict(Identity.Kind.choices)
_PURPOSES = dict(Consent.Purpose.choices)
_STAGES = dict(Relation.choices)


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
def event_label(name: str) -> str:
    """What happened, in words; a brand's own event keeps its name."""
    return label(name)


@register.simple_tag
def event_detail(name: str, properties: Mapping[str, Any], is_unmasked: bool) -> str:
    """What exactly: a short line for our own facts, the first few properties of any other, personal ones masked."""
    if write := _DETAILS.get(name):
        return write(properties)
    facts = properties if is_unmasked else shown(dict(properties))
    plain = [f"{key}: {value}" for key, value in facts.items() if isinstance(value, str | int | float) and value != ""]
    return " · ".join(plain[:4])


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
