"""What the builder offers: the brand's own attributes, tags, sources, events, and what they are called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from homeground.core import money
from homeground.events import warehouse
from homeground.events.facts import CATALOG
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
        sources=_plain(recent_sources()),
        relations=_chosen(Relation.choices),
        purposes=_chosen(Consent.Purpose.choices),
        channels=_plain(sorted({*_consent_channels(), "phone", "email"})),
        identities=_chosen(Identity.Kind.choices),
        events=[{"value": name, "label": event_label(name)} for name in _event_names()],
        segments=_segments(without),
        currency=currency,
        digits=money.digits(currency),
    )


def labels() -> Labels:
    """What a rule's sentence calls things."""
    return Labels(
        attributes=dict(Attribute.objects.exclude(label="").values_list("key", "label")),
        events={name: event_label(name) for name in CATALOG},
        segments=dict(Segment.objects.values_list("slug", "name")),
        currency=brand().currency,
    )


def event_label(name: str) -> str:
    """What an event is called: the dictionary's word in Chinese, the name as it is elsewhere."""
    fact = CATALOG.get(name)
    if fact is None or get_language() == "en":
        return name
    return re.split(r"[;；。.]", (fact.__doc__ or name).strip())[0]


def property_names(event: str) -> list[str]:
    """Properties that newer events of this name have had."""
    found = warehouse.frame(SQL / "property_names.sql", event=event)
    return [str(one) for one in found["property"].to_list()]


def values_of(attribute: str) -> list[str]:
    """The most frequent values of an attribute that is not personal."""
    if not Attribute.objects.filter(key=attribute, is_personal=False).exists():
        return []
    return [str(one) for one in warehouse.frame(SQL / "attribute_values.sql", attribute=attribute)["value"].to_list()]


def _event_names() -> list[str]:
    counted = [one.name for one in event_names()]
    return [*counted, *sorted(CATALOG.keys() - set(counted))][:_MOST]


def _consent_channels() -> list[str]:
    return list(Consent.objects.exclude(channel="*").values_list("channel", flat=True).distinct()[:50])


def _segments(without: str) -> list[Choice]:
    rows = Segment.objects.listed().exclude(slug=without).values_list("slug", "name", "customers")[:_MOST]
    return [{"value": slug, "label": name, "customers": customers} for slug, name, customers in rows]


def _plain(values: Sequence[str]) -> list[Choice]:
    return [{"value": value, "label": value} for value in values]


def _chosen(choices: Sequence[tuple[str, Any]]) -> list[Choice]:
    return [{"value": value, "label": str(label)} for value, label in choices]
