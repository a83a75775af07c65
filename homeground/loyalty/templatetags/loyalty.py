"""`{% load loyalty %}`: points and coupons in words, and a person's card on pages of other rooms."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from homeground.core import money, time
from homeground.loyalty.models import Coupon, CouponKind
from homeground.loyalty.queries import points
from homeground.loyalty.queries.coupons import coupons_of
from homeground.people.queries import brand, ids_of

register = template.Library()
_TONES = {"granted": "blue", "used": "green", "expired": "neutral", "revoked": "red"}


@register.filter
def offer(kind: CouponKind, currency: str) -> str:
    """What a coupon is good for: 满 ¥100.00 减 ¥20.00."""
    pay_bp = kind.pay_bp or 0
    words = {"least": money.show(kind.threshold_minor, currency), "gift": kind.gift}
    # 八五折 is 85 % of the price: Chinese counts in tenths.
    rate = f"{pay_bp / 1000:g}" if (get_language() or "").startswith("zh") else f"{pay_bp / 100:g}%"
    words |= {"off": money.show(kind.amount_minor or 0, currency), "rate": rate}
    if not kind.threshold_minor:
        return {
            "off": _("减 %(off)s"), "percent": _("打 %(rate)s 折"), "gift": _("兑换 %(gift)s"),
        }[kind.form] % words  # fmt: skip
    return {
        "off": _("满 %(least)s 减 %(off)s"), "percent": _("满 %(least)s 打 %(rate)s 折"),
        "gift": _("满 %(least)s 兑换 %(gift)s"),
    }[kind.form] % words  # fmt: skip


@register.filter
def coupon_tone(state: str) -> str:
    """The tone of a coupon's state."""
    return _TONES.get(state, "neutral")


@register.filter
def last_moment(ends_at: datetime) -> datetime:
    """The last good moment of what is over at a midnight: shown as a day, it is the day that people mean."""
    return ends_at - timedelta(microseconds=1)


@register.filter
def signed(number: int) -> str:
    """Points in or out: +30, -5."""
    return f"{number:+,}"


@register.inclusion_tag("loyalty/card.html", takes_context=True)
def loyalty_card(context: Context, customer_id: int) -> dict[str, Any]:
    """A card: balance, what expires soon, the last entries, the coupons that are open."""
    if not context["perms"]["loyalty"]["view_pointsposting"]:
        return {}
    ids, now = ids_of(customer_id), time.now()
    return {
        "customer_id": customer_id, "perms": context["perms"], "balance": points.balance_of(customer_id),
        "soon": points.soon_expiring(ids, now)[:3], "lines": points.lines_of(ids, limit=3),
        "coupons": coupons_of(ids).filter(state=Coupon.State.GRANTED)[:5], "currency": brand().currency,
    }  # fmt: skip
