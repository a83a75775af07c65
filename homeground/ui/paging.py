"""Lists by keyset: a page costs the same anywhere in a million rows, and nothing is counted in full."""

import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.http import QueryDict

Row = TypeVar("Row", bound=Model)
EXACT_BELOW = 5_000  # Rows: fewer are counted, more are estimated by the planner.


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list and the ways to its neighbours, as queries like "?a=1&after=…"; empty: there is none."""

    rows: Sequence[Row]
    count: int
    is_estimate: bool
    previous: str
    next: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(rows: QuerySet[Row], params: QueryDict, *, by: Sequence[str] = ("-pk",), size: int = 20) -> Page[Row]:
    """One page of a list.

    params: the request's GET; its `after` or `before` says where we are, the rest is kept in the links.
    by: field names, all ascending or all descending, the last unique; no field may be null.
    """
    backward = "before" in params and "after" not in params
    place = _place(params.get("before" if backward else "after", ""), by)
    ordered = _from(rows, by, place, backward)[: size + 1]
    found = list(ordered)
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    count, is_estimate = size_of(rows)
    has_before, has_after = (more, True) if backward else (place is not None, more)
    return Page(
        found,
        count,
        is_estimate,
        previous=_link(params, "before", found[0], by) if has_before and found else "",
        next=_link(params, "after", found[-1], by) if has_after and found else "",
    )


def size_of(rows: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows there are, and whether that is the planner's estimate: long lists are not counted."""
    plan = json.loads(rows.order_by().explain(format="json"))
    estimate = int(plan[0]["Plan"]["Plan Rows"])
    if estimate >= EXACT_BELOW:
        return estimate, True
    counted = rows.order_by()[: EXACT_BELOW * 2].count()
    return (counted, False) if counted < EXACT_BELOW * 2 else (estimate, True)


def _from(rows: QuerySet[Row], by: Sequence[str], place: Sequence[Any] | None, backward: bool) -> QuerySet[Row]:
    descending = by[0].startswith("-") != backward
    names = [name.lstrip("-") for name in by]
    if place is not None:
        with suppress(ValueError, ValidationError):  # A place that somebody made up: the first page.
            rows = rows.filter(_beyond(names, place, "lt" if descending else "gt"))
    return rows.order_by(*(F(name).desc() if descending else F(name).asc() for name in names))


def _beyond(names: Sequence[str], place: Sequence[Any], than: str) -> Q:
    # a <= x AND (a < x OR b < y): the first half is what an index on a answers.
    name, value = names[0], place[0]
    if len(names) == 1:
        return Q(**{f"{name}__{than}": value})
    return Q(**{f"{name}__{than}e": value}) & (Q(**{f"{name}__{than}": value}) | _beyond(names[1:], place[1:], than))


def _link(params: QueryDict, way: str, row: Model, by: Sequence[str]) -> str:
    kept = params.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    values = [_plain(getattr(row, name.lstrip("-"))) for name in by]
    kept[way] = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    return f"?{kept.urlencode()}"


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, date | datetime) else str(value) if isinstance(value, Decimal) else value
    )


def _place(cursor: str, by: Sequence[str]) -> list[Any] | None:
    """What a link says, or None, the first page, when it says nothing that we wrote."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError:
        return None
    fits = isinstance(values, list) and len(values) == len(by) and all(isinstance(v, str | int) for v in values)
    return values if fits else None
