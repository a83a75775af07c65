"""`{% load links %}`: plain text from outside, with its URLs as links."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from homeground.core.weblinks import pieces

register = template.Library()


@register.filter
def linked(text: str) -> SafeString:
    """Text for a page: escaped, its URLs linked (in a new tab), its line breaks kept."""
    shown = (_link(piece) if is_url else escape(piece) for piece, is_url in pieces(text))
    return SafeString("".join(shown).replace("\r\n", "\n").replace("\n", "<br>"))


def _link(url: str) -> SafeString:
    return format_html('<a href="{}" rel="nofollow noopener noreferrer" target="_blank">{}</a>', url, url)
