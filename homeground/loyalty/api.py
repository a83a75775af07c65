"""REST: points to read, earn, redeem and take back; coupons to grant and use. A repeat does no harm."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from homeground.core import time
from homeground.loyalty.models import Coupon, CouponKind
from homeground.loyalty.queries import points as queries
from homeground.loyalty.queries.coupons import coupons_of, fares_of
from homeground.loyalty.services import coupons, points
from homeground.loyalty.services.ledger import MOST
from homeground.people.models import Customer
from homeground.people.queries import ids_of

router = Router(tags=["loyalty"])
_PAGE, _BATCH = 100, 1000
_BY = "api"
Cause = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[^\x00-\x1f]+$")]
Reason = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f]*$")]
Points = Annotated[int, Field(ge=1, le=MOST)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class EarningIn(Schema):
    """cause: what for, like "order:1042"; once. expires_at: ISO 8601 with offset; none: never."""

    customer_id: Id
    points: Points
    cause: Cause
    reason: Reason = ""
    expires_at: AwareDatetime | None = None


class EarningsIn(Schema):
    earnings: Annotated[list[EarningIn], Field(min_length=1, max_length=_BATCH)]


class RedemptionIn(Schema):
    points: Points
    cause: Cause
    reason: Reason = ""


class ReversalIn(Schema):
    """What is taken back, by its kind and cause; points: a part. cause: of the reversal itself, like "refund:7"."""

    of_kind: Literal["earn", "redeem"]
    of_cause: Cause
    cause: Cause
    points: Points | None = None
    reason: Reason = ""


class GrantingIn(Schema):
    customer_id: Id
    cause: Cause


class GrantingsIn(Schema):
    customers: Annotated[list[GrantingIn], Field(min_length=1, max_length=_BATCH)]


class UseIn(Schema):
    """amount_minor: of the order before the coupon, minor unit of the brand's currency."""

    order_no: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
    amount_minor: Annotated[int, Field(ge=0, le=10**15)]


@router.post("/points/earn")
def earn(request: HttpRequest, given: EarningsIn) -> dict[str, int]:
    """Give up to a thousand earnings, all or none. accepted = new + those that were given before."""
    new = points.earn_points([points.Earning(**one.dict()) for one in given.earnings], by=_BY)
    return {"accepted": len(given.earnings), "new": new}


@router.post("/points/reverse")
def reverse(request: HttpRequest, given: ReversalIn) -> dict[str, int]:
    """Take back an earning (after a refund) or give back what was redeemed. Gives the change of the balance."""
    return {"change": points.reverse_points(**given.dict(), by=_BY)}


@router.get("/customers/{int:customer_id}/points")
def balance(request: HttpRequest, customer_id: int, before: int | None = None) -> dict[str, Any]:
    """A person's balance, what expires within 90 days, and the newest hundred entries (older than `before`)."""
    ids = ids_of(Customer.objects.values_list("pk", flat=True).get(pk=customer_id))
    return {
        "customer_id": ids[0],
        "balance": queries.balance_of(customer_id),
        "soon": [vars(one) for one in queries.soon_expiring(ids, time.now())],
        "entries": [vars(line) for line in queries.lines_of(ids, before, _PAGE)],
    }


@router.post("/customers/{int:customer_id}/points/redeem")
def redeem(request: HttpRequest, customer_id: int, given: RedemptionIn) -> dict[str, Any]:
    """Spend points; what expires first goes first."""
    is_new = points.redeem_points(customer_id, given.points, given.cause, reason=given.reason, by=_BY)
    return {"new": is_new, "balance": queries.balance_of(customer_id)}


@router.get("/coupon-kinds")
def kinds(request: HttpRequest, before: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """The newest hundred kinds with their counts; with `before`, those older than the kind of that id."""
    rows = CouponKind.objects.filter(**({} if before is None else {"pk__lt": before}))[:_PAGE]
    fares = fares_of([kind.pk for kind in rows])
    return {"coupon_kinds": [_kind(kind) | vars(fares[kind.pk]) for kind in rows]}


@router.post("/coupon-kinds/{int:kind_id}/grant")
def grant(request: HttpRequest, kind_id: int, given: GrantingsIn) -> dict[str, Any]:
    """Give coupons of a kind to up to a thousand customers. By cause: granted, known (before), or why not."""
    said = coupons.grant_coupons(kind_id, [coupons.Granting(**one.dict()) for one in given.customers])
    held = Coupon.objects.filter(kind=kind_id, cause__in=said).values_list("cause", "code")
    return {"said": said, "codes": dict(held)}


@router.get("/customers/{int:customer_id}/coupons")
def held(request: HttpRequest, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """The newest hundred coupons of a person."""
    ids = ids_of(Customer.objects.values_list("pk", flat=True).get(pk=customer_id))
    return {"coupons": [_coupon(coupon) for coupon in coupons_of(ids)[:_PAGE]]}


@router.post("/coupons/{code}/use")
def use(request: HttpRequest, code: str, given: UseIn) -> dict[str, Any]:
    """Use a coupon once for an order. The same order again gets the first answer."""
    return _coupon(coupons.use_coupon(code, given.order_no, given.amount_minor))


def _kind(kind: CouponKind) -> dict[str, Any]:
    names = (
        "name", "form", "amount_minor", "pay_bp", "gift", "threshold_minor", "starts_on", "ends_on", "valid_days",
        "stock", "per_customer", "partner",
    )  # fmt: skip
    return {"id": kind.pk, "is_archived": kind.archived_at is not None} | {name: getattr(kind, name) for name in names}


def _coupon(coupon: Coupon) -> dict[str, Any]:
    names = (
        "code",
        "state",
        "customer_id",
        "granted_at",
        "valid_from",
        "expires_at",
        "used_at",
        "order_no",
        "off_minor",
    )
    fields: dict[str, datetime | Any] = {name: getattr(coupon, name) for name in names}
    return {"coupon_kind_id": coupon.kind_id, "coupon": coupon.kind.name} | fields
