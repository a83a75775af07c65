"""`{% load ui %}`: the component kit in templates. homeground/ui/README.md shows each by a snippet."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from homeground.core import money as currency_money
from homeground.ui import masking
from homeground.ui.charts import Chart
from homeground.ui.paging import Page
from homeground.ui.shell import Shell, shell_of

register = template.Library()
_ACTIONS = "<!--actions-->"
_NOTHING: tuple[Any, ...] = (None, "")  # Not known, or not there in a template.
TONES = ("neutral", "blue", "green", "amber", "red", "purple", "dark")


@register.simple_tag(name="icon")
def draw_icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A line icon of assets/icons.txt. With a label it speaks; without, it is decoration."""
    classes = f"icon icon-{size}" if size else "icon"
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, voice, static("ui/icons.svg"), name
    )


@register.simple_tag
def tag(text: Any, tone: str = "neutral") -> SafeString:
    """A bordered label. tone: neutral, blue, green, amber, red, purple, dark."""
    return format_html('<span class="tag tag-{}">{}</span>', tone if tone in TONES else "neutral", text)


@register.simple_tag
def dot(text: Any, tone: str = "neutral") -> SafeString:
    """A state with a coloured dot before it."""
    return format_html('<span class="dot dot-{}">{}</span>', tone, text)


@register.simple_tag(takes_context=True)
def shell(context: Context) -> Shell:
    """The brand and the pages, for the frame."""
    return shell_of(context["request"]) if "request" in context else Shell()


@register.simple_tag
def crumb(text: str, url: str = "") -> SafeString:
    """One step of the breadcrumb; the page's own title is its end."""
    inner = format_html('<a href="{}">{}</a>', url, text) if url else text
    return format_html('<li class="breadcrumb-item">{}</li>', inner)


@register.simple_tag
def moment(value: datetime | None, shape: str = "minute") -> SafeString | str:
    """A moment in the brand's zone, with the exact one for machines. shape: minute, second or day."""
    if not value:  # Also what a template finds where there is nothing: "".
        return "—"
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    text = local.strftime({"minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S", "day": "%Y-%m-%d"}[shape])
    return format_html('<time datetime="{}" class="nowrap">{}</time>', local.isoformat(), text)


@register.filter
def day(value: date | None) -> str:
    """A calendar day as 2026-11-21."""
    return value.strftime("%Y-%m-%d") if value else "—"


@register.filter
def money(minor: Any, currency: str) -> str:
    """Minor units for a person: {{ 123456|money:"CNY" }} → ¥1,234.56."""
    return "—" if minor in _NOTHING else currency_money.show(minor, currency)


@register.filter
def count(value: Any) -> str:
    """A whole number in groups of three; nothing known: —."""
    return "—" if value in _NOTHING else f"{value:,}"


@register.filter
def percent(share: Any, digits: int = 1) -> str:
    """A share of one as a percentage: 0.0312 → 3.1%."""
    return "—" if share in _NOTHING else f"{share * 100:.{digits}f}%"


@register.filter
def chance(share: Any) -> str:
    """A probability as a percentage; no model's is certain: 0.99999 → > 99.9%."""
    if share in _NOTHING or 0.001 <= share <= 0.999:
        return percent(share)
    return "> 99.9%" if share > 0.5 else "< 0.1%"


@register.filter
def basis_points(value: Any) -> str:
    """Basis points as a percentage: 1000 → 10%."""
    return "—" if value in _NOTHING else f"{value / 100:g}%"


@register.filter
def masked(value: str, kind: str = "") -> str:
    """Personal data with its middle hidden. kind: phone, email, name or a kind of identity."""
    return masking.mask(value, kind)


@register.simple_tag
def delta(value: float | None, text: str = "") -> SafeString | str:
    """A change, red when up and green when down, with its sign. text: what to show instead of the number."""
    if value is None:
        return ""
    shown = text or f"{value:+,.10g}"
    tone = "up" if value > 0 else "down" if value < 0 else "muted"
    return format_html('<span class="{}">{}</span>', tone, shown)


@register.filter
def initial(name: str) -> str:
    """The letter of an avatar."""
    return name[:1].upper() or "#"


@register.filter
def pretty(value: Any) -> str:
    """JSON for reading."""
    return json.dumps(value, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)


@register.simple_tag
def copy(text: str) -> SafeString:
    """A button that copies text."""
    label = _("复制")
    return format_html(
        '<button type="button" class="copy" data-copy="{}" aria-label="{}">{}</button>', text, label, draw_icon("copy")
    )


@register.inclusion_tag("ui/pager.html")
def pager(page: Page[Any]) -> dict[str, Any]:
    """The foot of a list: how many there are, and the ways on and back."""
    return {"page": page}


@register.inclusion_tag("ui/stat.html")
def stat(label: str, value: Any, note: Any = "", help: str = "") -> dict[str, Any]:
    """One number with its name. note: what to compare it with; help: what exactly is counted."""
    return {"label": label, "value": value, "note": note, "help": help}


@register.inclusion_tag("ui/steps.html")
def steps(labels: Sequence[str] | Mapping[str, str], current: int) -> dict[str, Any]:
    """Where we are in a row of steps. current: the index of the step that is open, from 0."""
    names = list(labels.values() if isinstance(labels, Mapping) else labels)
    states = ["done" if i < current else "current" if i == current else "" for i in range(len(names))]
    return {"steps": [(i + 1, *pair) for i, pair in enumerate(zip(names, states, strict=True))]}


@register.inclusion_tag("ui/filters.html")
def filters(form: Any, reset_url: str = "") -> dict[str, Any]:
    """The filter card of a list: the form's fields by GET, with 查询 and 重置."""
    return {"form": form, "reset_url": reset_url}


@register.simple_block_tag
def blank(content: str, title: str, icon: str = "mood-empty") -> SafeString:
    """What stands where nothing is yet: what would be here, and between the tags how to get it."""
    text, _split, buttons = content.partition(_ACTIONS)
    return format_html(
        '<div class="empty">{}<h3>{}</h3>{}<div class="empty-actions">{}</div></div>',
        draw_icon(icon),
        title,
        SafeString(text.strip()),
        SafeString(buttons.strip()),
    )


@register.simple_tag
def actions() -> SafeString:
    """Inside `{% blank %}`: what follows are its buttons."""
    return SafeString(_ACTIONS)


@register.simple_tag(name="chart")
def draw_chart(chart: Chart, size: str = "") -> SafeString:
    """A chart by ECharts, with its numbers as a table beneath. size: short, tall or nothing."""
    key = f"chart-{uuid4().hex[:8]}"
    rendered = render_to_string("ui/chart.html", {"chart": chart, "key": key, "size": size})
    return format_html("{}{}", SafeString(rendered), json_script(chart.option, f"{key}-option"))


@register.inclusion_tag("ui/progress.html")
def progress(value: float, of: float, label: str) -> dict[str, Any]:
    """How far something is, as a bar that is also read out."""
    return {"value": value, "of": of or 1, "label": label}
