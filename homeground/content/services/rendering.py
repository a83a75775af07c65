"""Filling a text for many customers at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from homeground.content.errors import BadText
from homeground.content.models import SHARED_KINDS, Message, Wording
from homeground.content.places import Place, filled, places_of
from homeground.core import time
from homeground.people import queries as people
from homeground.people.models import Brand

_VALUES = (Path(__file__).parent.parent / "sql" / "values.sql").read_text()


@dataclass(frozen=True)
class Rendered:
    """A text as one customer gets it: plain text, one line of subject. What must be escaped, its channel escapes."""

    subject: str
    body: str


def render(message: Message | Wording, customer_ids: Sequence[int], *, is_masked: bool = False) -> dict[int, Rendered]:
    """The text for each of these customers (survivors, not merged ones), in one query. Unknown ids are left out.

    is_masked: for an operator's eyes: names and personal attributes are masked.
    """
    wording = message.wording if isinstance(message, Message) else message
    subject, body = places_of(wording.subject), places_of(wording.body)
    brand = people.brand()
    rows = _values(customer_ids, [*subject, *body], brand)

    def fill(text: str, places: list[Place], values: Mapping[str, Any]) -> str:
        return filled(text, places, values, brand.currency, is_masked=is_masked)

    return {
        customer_id: Rendered(fill(wording.subject, subject, values), fill(wording.body, body, values))
        for customer_id, values in rows.items()
    }


def render_shared(message: Message | Wording) -> Rendered:
    """The text that everybody reads alike. Raises BadText when it names something that differs between customers."""
    wording = message.wording if isinstance(message, Message) else message
    refuse_personal(wording)
    brand = people.brand()
    values = {"brand": brand.name}
    return Rendered(wording.subject, filled(wording.body, places_of(wording.body), values, brand.currency))


def refuse_personal(wording: Wording) -> None:
    """Raises BadText when a text that everybody reads alike names something that differs between customers."""
    if wording.channel_kind in SHARED_KINDS and {place.entry.key for place in places_of(wording.body)} - {"brand"}:
        raise BadText(_("群发和朋友圈的文字人人相同，不能用个人资料占位符，只能用 {{brand}}。"))


def _values(customer_ids: Sequence[int], places: Sequence[Place], brand: Brand) -> dict[int, Mapping[str, Any]]:
    keys = [place.entry.key.removeprefix("attribute.") for place in places if place.entry.key.startswith("attribute.")]
    params: dict[str, Any] = {"customer_ids": list(customer_ids), "currency": brand.currency, "keys": keys}
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, params)
        return {row[0]: _named(row, brand.name, brand.time_zone) for row in cursor.fetchall()}


def _named(row: tuple[Any, ...], brand_name: str, zone: str) -> dict[str, Any]:
    _pk, name, first_at, last_at, orders, spent, said = row
    return {
        "name": name,
        "brand": brand_name,
        "first_order_on": _day(first_at, zone),
        "last_order_on": _day(last_at, zone),
        "order_count": orders,
        "net_spend": spent,
        **{f"attribute.{key}": value for key, value in json.loads(said).items()},
    }


def _day(moment: datetime | None, zone: str) -> Any:
    return time.day_of(moment, zone) if moment else None
