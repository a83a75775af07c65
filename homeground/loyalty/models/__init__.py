"""The points ledger and coupons; one module a subject."""

from homeground.loyalty.models.coupons import Coupon, CouponKind
from homeground.loyalty.models.points import PointsAccount, PointsEntry, PointsLot, PointsPosting

__all__ = ["Coupon", "CouponKind", "PointsAccount", "PointsEntry", "PointsLot", "PointsPosting"]
