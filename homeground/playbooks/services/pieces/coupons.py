"""优惠券 of a pack: kinds without stock, so that nothing is given away before the brand says how many."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from homeground.core import money
from homeground.loyalty.models import CouponKind
from homeground.loyalty.services.kinds import archive_kind, save_kind
from homeground.people.queries import brand
from homeground.playbooks.services.pieces.kind import Given, Making, free
from homeground.playbooks.services.pieces.uses import coupons_in_journeys

_FIELDS = (
    "name", "form", "amount_minor", "pay_bp", "gift", "threshold_minor", "valid_days", "per_customer", "partner",
    "note", "stock", "starts_on", "ends_on", "archived_at",
)  # fmt: skip


class _Coupons:
    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        return document["coupons"]  # type: ignore[no-any-return]

    def kept(self, given: Given) -> str:
        return ""

    def create(self, name: str, given: Given, making: Making) -> int:
        called = free(given["name"], lambda one: CouponKind.objects.filter(name=one).exists(), 60)
        return save_kind(None, _fields(given) | {"name": called, "stock": 0}, by=making.by[:150]).pk

    def state(self, object_id: int) -> Any:
        return CouponKind.objects.filter(pk=object_id).values(*_FIELDS).first()

    def update(self, object_id: int, given: Given, making: Making) -> int:
        return save_kind(object_id, _fields(given)).pk

    def remove(self, object_id: int) -> bool:
        if object_id in coupons_in_journeys() or CouponKind.objects.filter(pk=object_id, granted__gt=0).exists():
            return False
        archive_kind(object_id)
        return True

    def label(self, given: Given) -> str:
        return str(given["name"])

    def address(self, object_id: int) -> str:
        return reverse("loyalty:edit_kind", args=[object_id])


def _fields(given: Given) -> dict[str, Any]:
    currency = brand().currency
    amount = given["amount"]
    return {
        "form": given["form"],
        "amount_minor": None if amount is None else money.to_minor(Decimal(amount), currency),
        "pay_bp": given["pay_bp"],
        "gift": given["gift"] or "",
        "threshold_minor": money.to_minor(Decimal(given["threshold"]), currency),
        "valid_days": given["valid_days"],
        "per_customer": given["per_customer"],
        "partner": given["partner"] or "",
        "note": given["note"],
    }


COUPONS = _Coupons()
