"""`{% load safe %}`: addresses that came in by the API, fit to stand in a page."""

from django import template

register = template.Library()


@register.filter
def safe_url(url: object) -> str:
    """The address if it is one of the web, else one that leads nowhere."""
    text = str(url or "")
    return text if text.lower().startswith(("http://", "https://")) else "#"
