"""`{% load sources %}`: where something came from, in words."""

from django import template

from homeground.events import labels

register = template.Library()


@register.filter
def source_label(source: str) -> str:
    """企业微信 for wecom; a brand's own source keeps its name."""
    return labels.source_label(source)
