"""优惠券: given in batches, used once, revoked. Every call is safe to repeat with the same cause, code or order."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.loyalty import CouponGranted, CouponRevoked, CouponUsed
from homeground.loyalty.errors import CannotGrant, CannotUse, CauseAlreadyUsed, NoSuchCoupon
from homeground.loyalty.models import Coupon, CouponKind
from homeground.loyalty.queries.coupons import refusal_words, stopped, validity
from homeground.loyalty.services.ledger import SQL, check
from homeground.people.queries import survivors

_GRANT = (SQL / "grant.sql").read_text()
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # None that is mistaken for another.
_LENGTH = 14  # 31^14: 69 bits.
State = Coupon.State


@dataclass(frozen=True)
class Granting:
    """A coupon for one customer. cause: what for, like "walk:12:3"; once for each kind."""

    customer_id: int
    cause: str


@transaction.atomic
def grant_coupons(kind_id: int, grantings: Iterable[Granting], at: datetime | None = None) -> Mapping[str, str]:
    """Give coupons of one kind, as many as the stock and the limit per person let. Returns what became of each cause.

    "granted"; "known": given before for this cause; or why not: "archived", "over", "at_limit", "no_stock",
    "no_customer". Who is refused stops nobody else. Raises CauseAlreadyUsed for a cause that gave a coupon of this kind
    to somebody else, BadPoints for a cause that cannot be; then nothing is written.
    """
    at, given = at or time.now(), _once(grantings)
    kind = CouponKind.objects.select_for_update().get(pk=kind_id)  # One granter of a kind at a time: stock and limits.
    said = _write(kind, list(given.values()), at) if given else {}
    known = [cause for cause, verdict in said.items() if verdict == "known"]
    _compare(kind, {cause: given[cause].customer_id for cause in known})
    granted = [given[cause].customer_id for cause, verdict in said.items() if verdict == "granted"]
    events.record(
        *(CouponGranted(customer_id=one, happened_at=at, coupon_kind_id=kind.pk, coupon=kind.name) for one in granted)
    )
    return said


def grant_coupon(kind_id: int, customer_id: int, cause: str, at: datetime | None = None) -> Coupon:
    """Give one coupon, once for each cause. Raises CannotGrant with the reason, or CauseAlreadyUsed."""
    verdict = grant_coupons(kind_id, [Granting(customer_id, cause)], at)[cause]
    if verdict not in ("granted", "known"):
        raise CannotGrant(refusal_words(verdict))
    return Coupon.objects.select_related("kind").get(kind=kind_id, cause=cause)


def _once(grantings: Iterable[Granting]) -> dict[str, Granting]:
    found: dict[str, Granting] = {}
    for one in grantings:
        check(1, one.cause)
        if found.setdefault(one.cause, one) != one:
            raise CauseAlreadyUsed(one.cause)
    return found


def _write(kind: CouponKind, given: Sequence[Granting], at: datetime) -> dict[str, str]:
    valid_from, expires_at = validity(kind, at)
    why = stopped(kind, at)
    params: dict[str, Any] = {
        "kind": kind.pk, "per_customer": kind.per_customer, "room": 0 if why else _room(kind), "at": at,
        "customers": [one.customer_id for one in given], "causes": [one.cause for one in given],
        "codes": [_code() for _one in given], "valid_from": valid_from, "expires_at": expires_at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_GRANT, params)
        said = dict(cursor.fetchall())
    return {cause: why if why and verdict != "known" else verdict for cause, verdict in said.items()}


def _room(kind: CouponKind) -> int | None:
    return None if kind.stock is None else max(kind.stock - kind.granted, 0)


def _code() -> str:
    return "".join(secrets.choice(_LETTERS) for _letter in range(_LENGTH))


def _compare(kind: CouponKind, known: Mapping[str, int]) -> None:
    """See that what was given before for these causes, {cause: customer}, was given to the same persons."""
    if not known:
        return
    holders = dict(Coupon.objects.filter(kind=kind, cause__in=known).values_list("cause", "customer_id"))
    persons = survivors([*known.values(), *holders.values()])
    for cause, customer in known.items():
        if persons.get(customer) != persons[holders[cause]]:
            raise CauseAlreadyUsed(cause)


@transaction.atomic
def use_coupon(code: str, order_no: str, amount_minor: int, at: datetime | None = None) -> Coupon:
    """核销: use a coupon for an order of this amount (minor unit, before the coupon). Gives it with what it takes off.

    A repeat for the same order gives the first use. Raises NoSuchCoupon, or CannotUse with the reason; then nothing is
    written.
    """
    at = at or time.now()
    coupon = _locked(code=code)
    if coupon.state == State.USED and coupon.order_no == order_no:
        return coupon
    if why := _unusable(coupon, order_no, amount_minor, at):
        raise CannotUse(why)
    coupon.state, coupon.used_at, coupon.order_no = State.USED, at, order_no
    coupon.off_minor = taken_off(coupon.kind, amount_minor)
    coupon.save(update_fields=["state", "used_at", "order_no", "off_minor"])
    events.record(
        CouponUsed(
            customer_id=coupon.customer_id, happened_at=at, coupon_kind_id=coupon.kind_id, coupon=coupon.kind.name,
            order_no=order_no, off_minor=coupon.off_minor,
        )
    )  # fmt: skip
    return coupon


def taken_off(kind: CouponKind, amount_minor: int) -> int:
    """What a coupon of this kind takes off an order; never more than the order, and of a gift nothing."""
    if kind.form == CouponKind.Form.OFF:
        return min(kind.amount_minor or 0, amount_minor)
    if kind.form == CouponKind.Form.PERCENT:
        return amount_minor - (amount_minor * (kind.pay_bp or 0) + 5000) // 10_000  # Half a unit goes to the shop.
    return 0


@transaction.atomic
def revoke_coupon(coupon_id: int, why: str, by: str, at: datetime | None = None) -> Coupon:
    """作废: a coupon that is not used is good no more. A repeat changes nothing. Raises NoSuchCoupon or CannotUse."""
    at = at or time.now()
    coupon = _locked(pk=coupon_id)
    if coupon.state == State.REVOKED:
        return coupon
    if coupon.state == State.USED:
        raise CannotUse(_("这张券已核销，不能作废。"))
    coupon.state, coupon.revoked_at, coupon.revoked_why, coupon.revoked_by = State.REVOKED, at, why[:200], by
    coupon.save(update_fields=["state", "revoked_at", "revoked_why", "revoked_by"])
    events.record(
        CouponRevoked(
            customer_id=coupon.customer_id, happened_at=at, coupon_kind_id=coupon.kind_id, coupon=coupon.kind.name
        )
    )
    return coupon


def _locked(**by: Any) -> Coupon:
    coupon = Coupon.objects.select_for_update(of=("self",)).select_related("kind").filter(**by).first()
    if coupon is None:
        raise NoSuchCoupon
    return coupon


def _unusable(coupon: Coupon, order_no: str, amount_minor: int, at: datetime) -> str:
    """Why the coupon cannot be used for this order; empty: it can."""
    if not 0 < len(order_no) <= 100 or "\x00" in order_no:
        return _("请填写订单号，最多 100 个字符。")
    if coupon.state == State.USED:
        return _("这张券已用于订单 %(order)s。") % {"order": coupon.order_no}
    if coupon.state == State.REVOKED:
        return _("这张券已作废：%(why)s") % {"why": coupon.revoked_why}
    if coupon.state == State.EXPIRED or coupon.expires_at <= at:
        return _("这张券已过期。")
    if coupon.valid_from > at:
        return _("这张券还没到生效日。")
    if amount_minor < max(coupon.kind.threshold_minor, 0):
        return _("订单金额不够，没有达到使用门槛。")
    return "" if amount_minor >= 0 else _("订单金额不能为负。")
