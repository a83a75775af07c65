"""A brand whose customers earned, spent, owe and hold coupons: for the pages in a browser."""

from datetime import datetime, timedelta

from homeground.loyalty.models import CouponKind
from homeground.loyalty.services.coupons import Granting, grant_coupons, revoke_coupon, use_coupon
from homeground.loyalty.services.expiring import expire_points
from homeground.loyalty.services.points import Earning, earn_points, redeem_points, reverse_points
from tests.loyalty.world import make_customer, make_kind


def make_busy(now: datetime) -> tuple[int, int, CouponKind]:
    """(a customer with everything, one in debt, a coupon kind that runs)."""
    one, debtor, *others = (make_customer(name) for name in ("林晓雨", "周正", "吴桐", "何露", "苏禾"))
    _earn(one, debtor, others, now)
    redeem_points(one, 60, "mall:77", reason="兑换帆布袋", by="mall", at=now - timedelta(days=3))
    redeem_points(debtor, 90, "mall:78", reason="兑换贴纸", at=now - timedelta(days=2))
    reverse_points("earn", "order:2002", "refund:9", reason="订单 2002 退款", at=now - timedelta(days=1))
    expire_points(now)
    return one, debtor, _coupons(one, others, now)


def _earn(one: int, debtor: int, others: list[int], now: datetime) -> None:
    begun, year = now - timedelta(days=20), now + timedelta(days=345)
    earn_points(
        [
            Earning(one, 260, "order:2001", "购物", year),
            Earning(one, 50, "walk:7:3", "生日礼", now + timedelta(days=12)),
            Earning(one, 30, "sign:1", "签到", now - timedelta(days=1)),
            Earning(debtor, 90, "order:2002", "购物", year),
            Earning(others[0], 40, "sign:2", "签到", now - timedelta(days=1)),
            *(Earning(other, 120, f"order:30{other}", "购物", year) for other in others),
        ],
        at=begun,
    )
    earn_points([Earning(one, 20, "console:by-hand", "活动漏发补积分")], by="owner", at=begun)


def _coupons(one: int, others: list[int], now: datetime) -> CouponKind:
    welcome = make_kind("新人满减券", stock=500, note="全场可用，每单限一张。")
    coffee = make_kind(
        "隔壁咖啡八五折", form="percent", amount_minor=None, pay_bp=8500, threshold_minor=0, partner="隔壁咖啡"
    )
    make_kind("周年帆布袋", form="gift", amount_minor=None, gift="帆布袋一只", threshold_minor=29_900, stock=0)
    grant_coupons(welcome.pk, [Granting(who, f"walk:{who}:2") for who in (one, *others)], now - timedelta(days=10))
    grant_coupons(coffee.pk, [Granting(one, "walk:9:4")], now - timedelta(days=2))
    used, wrong, *_rest = welcome.coupons.exclude(customer=one).order_by("pk")
    use_coupon(used.code, "20261128-1042", 16_800, now - timedelta(days=1))
    revoke_coupon(wrong.pk, "发错人了", "owner", now)
    return welcome
