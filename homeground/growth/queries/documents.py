"""Doors and sources as programs read them."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from homeground.core import time
from homeground.growth.models import Door, Source
from homeground.growth.queries import addresses, duty, funnel, value
from homeground.people.queries import brand

DAYS = 30


def summary(door: Door) -> dict[str, Any]:
    """A door in a list."""
    return {
        "id": door.pk, "kind": door.kind, "name": door.name, "state": door.token, "url": addresses.page_url(door),
        "source_id": door.source_id, "tags": door.tags, "sync": door.sync, "error": door.error,
        "skip_verify": door.skip_verify, "retired_at": door.retired_at,
    }  # fmt: skip


def document(door: Door) -> dict[str, Any]:
    """A door with who is on, what came through it in the last 30 days, and the joins→orders check."""
    since, until = span(DAYS)
    passage = funnel.passages([door], since, until)[door.pk]
    ripe = funnel.ripe([door])[door.pk]
    return summary(door) | {
        "on_duty": list(on_duty.userids) if (on_duty := duty.duty([door.pk]).get(door.pk)) else [],
        "groups": [asdict(group) for group in line.groups] if (line := duty.lines([door.pk]).get(door.pk)) else [],
        "since": since,
        "until": until,
        "steps": asdict(passage.total),
        "days": {str(day): asdict(steps) for day, steps in passage.days.items()},
        "ripe": asdict(ripe) | {"is_alarming": ripe.is_alarming},
    }


def source_summary(source: Source) -> dict[str, Any]:
    """A source in a list."""
    return {
        "id": source.pk, "name": source.name, "kind": source.kind, "route": source.route, "sale": source.sale,
        "is_retired": source.is_retired,
    }  # fmt: skip


def source_document(source: Source, since: date, until: date) -> dict[str, Any]:
    """A source with what it cost and brought, by month of the first arrival. Money in the currency's minor unit."""
    months = value.worths([source], since, until)[source.pk]
    return source_summary(source) | {
        "since": since,
        "until": until,
        "currency": brand().currency,
        "months": {str(month)[:7]: worth(found) for month, found in months.items()},
        "total": worth(value.total(months)),
    }


def worth(found: value.Worth) -> dict[str, Any]:
    """A span of a source. None where there is no denominator, or no cost is written down."""
    return asdict(found.brought) | {
        "net_minor": found.brought.net_minor,
        "cost_minor": found.cost_minor,
        "cost_per_friend_minor": found.per_friend_minor,
        "cost_per_buyer_minor": found.per_buyer_minor,
    }


def span(days: int) -> tuple[date, date]:
    """The last days up to today, in the brand's zone."""
    today = time.day_of(time.now(), brand().time_zone)
    return today - timedelta(days=days - 1), today


def months_back(months: int) -> tuple[date, date]:
    """From the first of a month up to today; 1 is this month."""
    today = time.day_of(time.now(), brand().time_zone)
    year, month = divmod(today.year * 12 + today.month - months, 12)
    return date(year, month + 1, 1), today
