"""People with points and coupons, made through the services."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from homeground.loyalty.models import CouponKind
from homeground.loyalty.services.kinds import save_kind
from homeground.loyalty.services.points import Earning, earn_points
from homeground.people.models import Customer

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # 12:00 in Shanghai.
_numbers = count(1)


def make_customer(name: str = "") -> int:
    return Customer.objects.create(name=name, source="shop", created_at=NOON - timedelta(days=90)).pk


def earn(customer: int, points: int, cause: str = "", days: int | None = None, at: datetime = NOON) -> str:
    """Points for one customer that expire so many days later. Returns the cause."""
    cause = cause or f"order:{next(_numbers)}"
    expires_at = None if days is None else at + timedelta(days=days)
    earn_points([Earning(customer, points, cause, "购物", expires_at)], at=at)
    return cause


def make_kind(name: str = "", **fields: Any) -> CouponKind:
    """满 100 减 20, good for 30 days, one a person, without end."""
    given = {"form": "off", "amount_minor": 2000, "threshold_minor": 10_000, "valid_days": 30} | fields
    return save_kind(None, {"name": name or f"券{next(_numbers)}"} | given, by="boss")
