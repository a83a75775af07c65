"""`{% load lately %}`: moments as a phone shows them."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def lately(value: datetime | None) -> SafeString | str:
    """The hour of today, the day of this year, else the date; the exact moment for machines."""
    if value is None:
        return ""
    local, today = timezone.localtime(value), timezone.localdate()
    shape = "%H:%M" if local.date() == today else "%m-%d" if local.year == today.year else "%Y-%m-%d"
    return format_html('<time datetime="{}" class="nowrap">{}</time>', local.isoformat(), local.strftime(shape))
