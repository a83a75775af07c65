"""券种: made, changed as long as it takes nothing from whoever holds one, archived."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.loyalty.errors import BadCouponKind
from homeground.loyalty.models import CouponKind

_PROMISED = ("form", "amount_minor", "pay_bp", "gift", "threshold_minor")


@transaction.atomic
def save_kind(kind_id: int | None, fields: Mapping[str, Any], *, by: str = "") -> CouponKind:
    """Make or change a coupon kind. Raises BadCouponKind, with nothing written.

    What a coupon is good for stays once one was granted; new dates are of those granted from now on.
    """
    if kind_id:
        kind = CouponKind.objects.select_for_update().get(pk=kind_id)
    else:
        kind = CouponKind(created_by=by, created_at=time.now())
    _refuse(kind, fields)
    for name, value in fields.items():
        setattr(kind, name, value)
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError as error:
        raise BadCouponKind(_("已经有同名的券，或填写的数值不合理。")) from error
    return kind


def _refuse(kind: CouponKind, fields: Mapping[str, Any]) -> None:
    if kind.granted and any(fields.get(name, getattr(kind, name)) != getattr(kind, name) for name in _PROMISED):
        raise BadCouponKind(_("已经发出去的券不能改优惠内容；请另建一种。"))
    stock = fields.get("stock", kind.stock)
    if stock is not None and stock < kind.granted:
        raise BadCouponKind(_("已发放 %(count)d 张，总量不能比它少。") % {"count": kind.granted})


def archive_kind(kind_id: int) -> None:
    """Give no more of it out; coupons that are held stay good. A repeat changes nothing."""
    CouponKind.objects.filter(pk=kind_id, archived_at=None).update(archived_at=time.now())


def restore_kind(kind_id: int) -> None:
    """Let it be given out again. A repeat changes nothing."""
    CouponKind.objects.filter(pk=kind_id).update(archived_at=None)
