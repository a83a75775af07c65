"""Places in a text: {{key|fallback}}, from a closed catalogue, checked when the text is saved."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.content.errors import BadPlaceholder
from homeground.core import money
from homeground.people.models import Attribute
from homeground.ui.masking import mask

_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_LONGEST_VALUE = 100


@dataclass(frozen=True)
class Entry:
    """One thing that a place can show. kind: text, date, number, money, flag."""

    key: str
    label: str
    kind: str
    is_always_known: bool = False  # Needs no fallback.
    is_personal: bool = False  # Masked in previews.

    @property
    def example(self) -> str:
        """How it is written in a text."""
        fallback = "" if self.is_always_known else "|" + _("备用文字")
        return f"{{{{{self.label}{fallback}}}}}"


@dataclass(frozen=True)
class Place:
    """One place of a text: where it stands and what fills it."""

    start: int
    end: int
    entry: Entry
    fallback: str


_BUILT_IN = (
    ("name", gettext_lazy("称呼"), "text", False),
    ("brand", gettext_lazy("品牌名称"), "text", True),
    ("first_order_on", gettext_lazy("首次下单日期"), "date", False),
    ("last_order_on", gettext_lazy("最近下单日期"), "date", False),
    ("order_count", gettext_lazy("累计订单数"), "number", True),
    ("net_spend", gettext_lazy("累计净消费"), "money", True),
)


def catalogue() -> list[Entry]:
    """What a place may name: the built-in facts, then every attribute of the dictionary as attribute.KEY."""
    built_in = [Entry(key, str(label), kind, known, key == "name") for key, label, kind, known in _BUILT_IN]
    attributes = Attribute.objects.order_by("key").values_list("key", "label", "kind", "is_personal")
    return built_in + [
        Entry(f"attribute.{key}", label or key, kind, is_personal=is_personal)
        for key, label, kind, is_personal in attributes
    ]


def places_of(text: str) -> list[Place]:
    """The places of a text, in order. Raises BadPlaceholder with the place and its position (the first character is 1).

    A place is named by its key or by its label on screen, in whatever language: who wrote the text and who sends it
    may read different ones. {{name|亲爱的顾客}} is {{称呼|亲爱的顾客}}.
    """
    by_name = _by_name()
    matches = list(_PLACE.finditer(text))
    _refuse_stray_braces(text, matches)
    return [_place(match, by_name) for match in matches]


def _by_name() -> dict[str, Entry]:
    entries = catalogue()
    names = {name: entry for entry in reversed(entries) for name in (entry.label, entry.key)}
    known = {entry.key: entry for entry in entries}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {str(label): known[key] for key, label, _kind, _known in _BUILT_IN}
    return names


def filled(text: str, places: list[Place], values: Mapping[str, Any], currency: str, *, is_masked: bool = False) -> str:
    """The text with each place filled from values, or with its fallback where a value is missing."""
    parts, at = [], 0
    for place in places:
        value = shown(place.entry.kind, values.get(place.entry.key), currency)
        value = mask(value, "name") if is_masked and place.entry.is_personal else value
        parts += [text[at : place.start], value or place.fallback]
        at = place.end
    return "".join([*parts, text[at:]])


def shown(kind: str, value: Any, currency: str) -> str:
    """A value as a customer reads it; empty where there is none or it is not of its kind."""
    if value is None or value == "":
        return ""
    if kind == "money":
        return money.show(int(value), currency)
    return _SHOWN.get(kind, _text)(value)


def _text(value: Any) -> str:
    # A value stays within its line and brings no link: it came from outside, and we send it in our name.
    return " ".join(str(value).split()).replace("://", " ")[:_LONGEST_VALUE]


def _date(value: Any) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return ""
    return _("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day}


def _number(value: Any) -> str:
    try:
        return str(number_format(Decimal(str(value)).normalize(), use_l10n=True))
    except ArithmeticError:
        return ""


def _flag(value: Any) -> str:
    return _("是") if str(value).lower() == "true" else _("否")


_SHOWN: dict[str, Callable[[Any], str]] = {"date": _date, "number": _number, "flag": _flag}


def _place(match: re.Match[str], by_name: Mapping[str, Entry]) -> Place:
    name, _bar, fallback = (part.strip() for part in match.group(1).partition("|"))
    entry = by_name.get(name)
    if entry is None:
        raise BadPlaceholder(
            _("第 %(at)d 个字符处的占位符 %(place)s 不在目录中。请从目录中选择，例如 {{name|亲爱的顾客}}。")
            % {"at": match.start() + 1, "place": match.group()}
        )
    if not fallback and not entry.is_always_known:
        raise BadPlaceholder(
            _("第 %(at)d 个字符处的 %(place)s 缺少备用文字：有的客户没有“%(label)s”。请写成 {{%(key)s|备用文字}}。")
            % {"at": match.start() + 1, "place": match.group(), "label": entry.label, "key": entry.key}
        )
    return Place(match.start(), match.end(), entry, fallback)


def _refuse_stray_braces(text: str, matches: list[re.Match[str]]) -> None:
    inside = {at for match in matches for at in range(match.start(), match.end())}
    for brace in re.finditer(r"\{\{|\}\}", text):
        if brace.start() not in inside:
            raise BadPlaceholder(
                _("第 %(at)d 个字符处的 %(brace)s 没有配对。占位符写作 {{name|亲爱的顾客}}。")
                % {"at": brace.start() + 1, "brace": brace.group()}
            )
