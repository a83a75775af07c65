"""What the builder offers: the brand's own attributes, tags, sources, events, and what they are called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from homeground.core import money
from homeground.events import warehouse
from homeground.events.facts import CATALOG
from homeground.events.labels import label, source_label
from homeground.events.queries import event_names
from homeground.people.models import Attribute, Consent, Identity, Relation, Tag
from homeground.people.queries import brand, recent_sources
from homeground.segments.models import Segment
from homeground.segments.queries.members import SQL
from homeground.segments.rules.words import Labels

Choice = dict[str, Any]  # value, label, and what else a picker shows.
_MOST = 500  # Choices of one picker.


@dataclass(frozen=True)
class Vocabulary:
    """Choices by picker, in the language of the moment."""

    attributes: list[Choice]
    tags: list[Choice]
    sources: list[Choice]
    relations: list[Choice]
    purposes: list[Choice]
    channels: list[Choice]
    identities: list[Choice]
    events: list[Choice]
    segments: list[Choice]
    months: list[Choice]
    currency: str
    digits: int  # Decimal places of the currency.


def vocabulary(*, without: str = "") -> Vocabulary:
    """Everything a rule may name. without: the segment being edited, which may not name itself."""
    currency = brand().currency
    return Vocabulary(
        attributes=[
            {"value": one.key, "label": one.label or one.key, "kind": one.kind}
            for one in Attribute.objects.filter(is_personal=False).order_by("label", "key")[:_MOST]
        ],
        tags=_plain(list(Tag.objects.order_by("name").values_list("name", flat=True)[:_MOST])),
        sources=[{"value": source, "label": source_label(source)} for source in recent_sources()],
        relations=_chosen(Relation.choices),
        purposes=_chosen(Consent.Purpose.choices),
        channels=[*_channels(), {"value": "*", "label": _("全部渠道")}],
        identities=_chosen(Identity.Kind.choices),
        events=_events(),
        segments=_segments(without),
        months=[{"value": month, "label": _("%(month)s 月") % {"month": month}} for month in range(1, 13)],
        currency=currency,
        digits=money.digits(currency),
    )


def labels() -> Labels:
    """What a rule's sentence calls things."""
    return Labels(
        attributes=dict(Attribute.objects.exclude(label="").values_list("key", "label")),
        events={name: event_label(name) for name in CATALOG},
        segments=dict(Segment.objects.values_list("slug", "name")),
        channels=channel_names(),
        currency=brand().currency,
    )


def event_label(name: str) -> str:
    """What an event is called on screen; one without a word yet: the dictionary's in Chinese, elsewhere its name."""
    if (said := label(name)) != name:
        return said
    fact = CATALOG.get(name)
    if fact is None or get_language() == "en":
        return name
    return re.split(r"[;；。.]", (fact.__doc__ or name).strip())[0]


@dataclass(frozen=True)
class Property:
    """A property that events of a name have had, and what it mostly is: text, number or flag."""

    value: str
    label: str
    kind: str


def properties_of(event: str) -> list[Property]:
    """The properties of an event that rules may compare, in alphabetical order."""
    found = warehouse.frame(SQL / "event_properties.sql", event=event)
    return [Property(name, name, kind) for name, kind in found.iter_rows()]


def property_values(event: str, name: str) -> list[str]:
    """The most frequent texts of a property that came more than once."""
    found = warehouse.frame(SQL / "property_values.sql", event=event, property=name)
    return [str(one) for one in found["value"].to_list()]


def values_of(attribute: str) -> list[str]:
    """The most frequent values of an attribute that is not personal."""
    if not Attribute.objects.filter(key=attribute, is_personal=False).exists():
        return []
    return [str(one) for one in warehouse.frame(SQL / "attribute_values.sql", attribute=attribute)["value"].to_list()]


def _events() -> list[Choice]:
    counted = [one.name for one in event_names()]
    names = [*counted, *sorted(CATALOG.keys() - set(counted))][:_MOST]
    return [{"value": name, "label": event_label(name), "seen": name in counted} for name in names]


def channel_names() -> dict[str, str]:
    """What the usual channels of a consent are called; one of the brand's own bears its own name."""
    return {"wecom": _("企业微信"), "phone": _("手机消息"), "email": _("邮件"), "*": _("全部渠道")}


def _channels() -> list[Choice]:
    said = Consent.objects.exclude(channel="*").values_list("channel", flat=True).distinct()[:50]
    names = channel_names()
    return [{"value": one, "label": names.get(one, one)} for one in sorted({*said, "wecom", "phone", "email"})]


def _segments(without: str) -> list[Choice]:
    rows = Segment.objects.listed().exclude(slug=without).values_list("slug", "name", "customers")[:_MOST]
    return [{"value": slug, "label": name, "customers": customers} for slug, name, customers in rows]


def _plain(values: Sequence[str]) -> list[Choice]:
    return [{"value": value, "label": value} for value in values]


def _chosen(choices: Sequence[tuple[str, Any]]) -> list[Choice]:
    return [{"value": value, "label": str(label)} for value, label in choices]
