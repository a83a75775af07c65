"""Points and coupons of customers."""

from dataclasses import dataclass

from homeground.events.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PointsEarned(Fact):
    """获得积分"""

    name = "loyalty.points_earned"
    points: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PointsRedeemed(Fact):
    """积分兑换"""

    name = "loyalty.points_redeemed"
    points: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PointsExpired(Fact):
    """积分过期"""

    name = "loyalty.points_expired"
    points: int


@dataclass(frozen=True, kw_only=True)
class PointsReversed(Fact):
    """积分冲回"""

    name = "loyalty.points_reversed"
    points: int  # What it adds to the balance; below zero: taken back.
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CouponGranted(Fact):
    """领到优惠券; the code stays in the loyalty room"""

    name = "loyalty.coupon_granted"
    coupon_kind_id: int
    coupon: str  # The kind's name.


@dataclass(frozen=True, kw_only=True)
class CouponUsed(Fact):
    """核销优惠券"""

    name = "loyalty.coupon_used"
    coupon_kind_id: int
    coupon: str
    order_no: str
    off_minor: int  # Minor unit of the brand's currency.


@dataclass(frozen=True, kw_only=True)
class CouponExpired(Fact):
    """优惠券过期"""

    name = "loyalty.coupon_expired"
    coupon_kind_id: int
    coupon: str


@dataclass(frozen=True, kw_only=True)
class CouponRevoked(Fact):
    """优惠券作废"""

    name = "loyalty.coupon_revoked"
    coupon_kind_id: int
    coupon: str
