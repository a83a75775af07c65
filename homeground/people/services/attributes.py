"""属性: what is said of customers, with source and time; the newest wins (M34)."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection, transaction

from homeground.people.models import Attribute
from homeground.people.services.marks import mark_stale
from homeground.people.services.names import show_newest_names

Kind = Attribute.Kind
PERSONAL = {
    "name", "first_name", "last_name", "firstName", "lastName", "real_name", "username", "phone", "mobile", "email",
    "address", "street", "id_card", "id_number", "avatar",
}  # fmt: skip
_LABELS = {
    "name": "称呼",
    "gender": "性别",
    "birthday": "生日",
    "lunar_birthday": "农历生日",
    "city": "城市",
    "country": "国家",
    "address": "地址",
}
_KINDS = {"birthday": Kind.DATE, "lunar_birthday": Kind.TEXT}
# The outer SELECT sees the table as it was: those whose value is another now.
_SAVE = """
WITH written AS (
    INSERT INTO people_attributevalue AS known (customer_id, attribute_id, value, source, said_at)
    SELECT customer.id, said.attribute_id, said.value, said.source, said.at
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[])
        AS said(customer_id, attribute_id, value, source, at)
    JOIN people_customer AS customer ON customer.id = said.customer_id
    ORDER BY customer.id, said.attribute_id
    ON CONFLICT (customer_id, attribute_id) DO UPDATE
    SET value = excluded.value, source = excluded.source, said_at = excluded.said_at
    WHERE excluded.said_at >= known.said_at AND (excluded.value, excluded.said_at) <> (known.value, known.said_at)
    RETURNING customer_id, attribute_id, value
)
SELECT DISTINCT written.customer_id
FROM written LEFT JOIN people_attributevalue AS before USING (customer_id, attribute_id)
WHERE before.value IS DISTINCT FROM written.value
"""


@dataclass(frozen=True)
class AttributeGiven:
    """One thing said of one customer. value: text, number, date, flag, or a nested value (kept as JSON text)."""

    customer_id: int
    key: str
    value: Any
    source: str
    at: datetime


@transaction.atomic
def set_attributes(rows: Iterable[AttributeGiven]) -> int:
    """Keep what was said. A key never seen is registered with the kind its first value shows.

    A value that does not fit its attribute's kind, None and "" are left out. Older news never overwrites newer; a
    repeat changes nothing. Returns how many customers changed.
    """
    given = [row for row in rows if row.value is not None and row.value != "" and 0 < len(row.key) <= 60]
    attributes = _registered(given)
    newest: dict[tuple[int, int], AttributeGiven] = {}
    for row in sorted(given, key=lambda row: row.at):
        newest[row.customer_id, attributes[row.key].pk] = row
    said = [
        (customer, attribute, text, row.source[:60], row.at)
        for (customer, attribute), row in newest.items()
        if (text := as_text(row.value, attributes[row.key].kind)) is not None
    ]
    return _save(said, names={row.customer_id for row in given if row.key == "name"}) if said else 0


def declare_attributes(rows: Iterable[tuple[str, str, str]]) -> None:
    """Have these (key, label, kind) in the dictionary, so that rules can name them; what is there stays as it is."""
    given = [Attribute(key=key, label=label, kind=kind) for key, label, kind in rows]
    Attribute.objects.bulk_create(given, ignore_conflicts=True)


def as_text(value: Any, kind: str) -> str | None:
    """How a value of this kind is written; None where it is not of the kind."""
    text = _WRITERS[kind](value)
    return text[:1000].replace("\x00", "") if text else None


def guess(value: Any) -> str:
    """The kind that a value shows. Digits in quotes are text: numbers of cards and houses."""
    if isinstance(value, bool):
        return Kind.FLAG
    if isinstance(value, int | float | Decimal):
        return Kind.NUMBER
    return Kind.DATE if isinstance(value, date) or (isinstance(value, str) and _date(value)) else Kind.TEXT


def _save(said: list[tuple[int, int, str, str, datetime]], names: set[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [list(column) for column in zip(*said, strict=True)])
        changed = {row[0] for row in cursor.fetchall()}
    if named := changed & names:
        show_newest_names(named)
    mark_stale(changed)
    return len(changed)


def _registered(given: Iterable[AttributeGiven]) -> Mapping[str, Attribute]:
    first = {row.key: row.value for row in reversed(list(given))}
    known = Attribute.objects.in_bulk(list(first), field_name="key")
    new = [
        Attribute(
            key=key, label=_LABELS.get(key, ""), kind=_KINDS.get(key) or guess(value), is_personal=key in PERSONAL
        )
        for key, value in sorted(first.items())
        if key not in known
    ]
    if not new:
        return known
    Attribute.objects.bulk_create(new, ignore_conflicts=True)
    return Attribute.objects.in_bulk(list(first), field_name="key")


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str).strip('"')


def _number(value: Any) -> str | None:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return format(number, "f") if number.is_finite() and not isinstance(value, bool) else None


def _date(value: Any) -> str | None:
    try:
        return date.fromisoformat(str(value).strip()[:10].replace("/", "-")).isoformat()
    except ValueError:
        return None


def _flag(value: Any) -> str | None:
    return {
        "true": "true",
        "1": "true",
        "是": "true",
        "yes": "true",
        "false": "false",
        "0": "false",
        "否": "false",
        "no": "false",
    }.get(str(value).strip().casefold())


_WRITERS: dict[str, Callable[[Any], str | None]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.FLAG: _flag,
}
