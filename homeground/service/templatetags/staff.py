"""Parts of the staff's pages."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.service.forms.day import WEEKDAYS
from homeground.service.models import CareItem
from homeground.service.services import care

register = template.Library()


class Friend(NamedTuple):
    """How a friend is called, and by which key WeCom finds them."""

    name: str
    external_userid: str
    avatar: str
    customer_id: int | None


@register.simple_tag
def friend_of(row: Any, friends: dict[int, tuple[str, str, str]]) -> Friend:
    """Whom a row is about."""
    customer = row.contact.customer if isinstance(row, CareItem) else row.customer
    if customer is None:
        return Friend(getattr(row, "label", "") or _("某位客户"), "", "", None)
    pk = customer.merged_into_id or customer.pk
    name, external, avatar = friends.get(pk, ("", "", ""))
    return Friend(name or customer.name or _("未留称呼"), external, avatar, pk)


@register.filter
def lookup(found: dict[Any, Any], key: Any) -> Any:
    """The value of a key; None where it is missing."""
    return found.get(key)


@register.simple_tag
def countdown(due_at: datetime) -> SafeString:
    """How long there is left, or by how long it is late; staff.js counts on."""
    left = int((due_at - time.now()).total_seconds())
    words = {"left": _("剩 %s"), "over": _("超时 %s")}
    text = (words["left"] if left >= 0 else words["over"]) % span(abs(left))
    return format_html(
        '<time class="countdown{}" datetime="{}" data-left="{}" data-over="{}" data-units="{}">{}</time>',
        "" if left >= 0 else " is-over", due_at.isoformat(), words["left"], words["over"],
        "|".join([_("%s 天"), _("%s 小时"), _("%s 分")]), text,
    )  # fmt: skip


@register.filter
def span(seconds: int) -> str:
    """A length of time in its largest unit, minutes at least."""
    minutes = seconds // 60
    if minutes >= 2880:
        return _("%s 天") % (minutes // 1440)
    return _("%s 小时") % (minutes // 60) if minutes >= 120 else _("%s 分") % minutes


@register.filter
def waited(began_at: datetime) -> str:
    """How long somebody has waited."""
    return span(max(0, int((time.now() - began_at).total_seconds())))


@register.filter
def due(day: date) -> str:
    """A due day as people say it."""
    days = (day - timezone.localdate()).days
    if days == 0:
        return _("今天")
    return _("逾期 %d 天") % -days if days < 0 else _("%d 天后") % days


@register.filter
def comment_for(item: CareItem) -> str:
    """A comment to begin with."""
    return care.suggestion(item)


@register.filter
def weekdays(days: list[int]) -> str:
    """Working days by name."""
    names = dict(WEEKDAYS)
    return "、".join(str(names[day]) for day in days)
