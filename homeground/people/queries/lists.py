"""Lists of customers for a person to read: newest first, by keyset (ui.paging); nothing reads the whole table."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from homeground.people.models import Customer, CustomerTag
from homeground.ui.paging import size_of

_SQL = Path(__file__).parent.parent / "sql"
_MANY = 20_000  # Customers with a tag.
NEWEST_FIRST = ("-created_at", "-pk")


@dataclass(frozen=True)
class CustomerFilter:
    """What a list is narrowed to; empty fields do not narrow."""

    text: str = ""
    relation: str = ""
    tag: str = ""
    source: str = ""
    consent: str = ""  # "promotion:granted", "promotion:refused": the newest decision, on whatever channel.


def matching(chosen: CustomerFilter) -> QuerySet[Customer]:
    """The survivors that fit, for ui.paging.page_of(…, by=NEWEST_FIRST)."""
    found = Customer.objects.filter(merged_into=None)
    if chosen.relation:
        found = found.filter(relation=chosen.relation)
    if chosen.source:
        found = found.filter(source=chosen.source)
    if chosen.tag:
        found = _tagged(found, chosen.tag)
    if chosen.consent:
        purpose, _, answer = chosen.consent.partition(":")
        said = RawSQL((_SQL / "consented.sql").read_text(), [purpose], output_field=BooleanField())
        found = found.annotate(newest_consent=said).filter(newest_consent=answer == "granted")
    if text := chosen.text.strip().replace("\x00", ""):
        found = found.filter(pk__in=RawSQL((_SQL / "matching.sql").read_text(), _patterns(text)))
    return found


def _tagged(found: QuerySet[Customer], tag: str) -> QuerySet[Customer]:
    # Few are gathered; of a tag that many have, a page is soon full by asking one customer after another.
    put, _is_estimate = size_of(CustomerTag.objects.filter(tag__name=tag))
    if put < _MANY:
        return found.filter(pk__in=RawSQL((_SQL / "tagged.sql").read_text(), [tag] * 2))
    has_tag = RawSQL((_SQL / "has_tag.sql").read_text(), [tag], output_field=BooleanField())
    return found.annotate(has_tag=has_tag).filter(has_tag=True)


def first_matches(text: str, limit: int = 10) -> list[Customer]:
    """Survivors whose phone, e-mail or number begins with the text, or whose name has it; newest first."""
    return list(matching(CustomerFilter(text=text)).order_by(*NEWEST_FIRST)[:limit]) if text.strip() else []


def _patterns(text: str) -> list[Any]:
    words = text.lower()
    grams = sorted({words[place : place + 2] for place in range(len(words) - 1)})
    return [_literal(text) + "%", _literal(words) + "%", grams, grams, f"%{_literal(words)}%", _literal(text) + "%"]


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
