"""到期: points and coupons whose time is over, in batches; each batch a transaction of its own."""

from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.loyalty import CouponExpired, PointsExpired
from homeground.loyalty.models import Coupon, PointsLot
from homeground.loyalty.services.ledger import SQL, Kind, Movement, lock_accounts, members_of, post, settle

_BATCH = 5000
_EXPIRE_COUPONS = (SQL / "expire_coupons.sql").read_text()


def expire_points(at: datetime | None = None) -> int:
    """Take out what is left of lots whose time is over. Returns how many lots; a repeat finds none."""
    at, expired = at or time.now(), 0
    while count := _expire_lots(at):
        expired += count
    return expired


@transaction.atomic
def _expire_lots(at: datetime) -> int:
    due = PointsLot.objects.filter(remaining__gt=0, expires_at__lte=at)
    found = dict(due.order_by("expires_at", "pk").values_list("pk", "account_id")[:_BATCH])
    if not found:
        return 0
    lock_accounts(members_of(found.values()))
    settle([*found.values()], at)  # Of a person just merged, one id may owe what another has.
    lots = list(due.filter(pk__in=found).order_by("pk").values_list("pk", "account_id", "remaining"))
    # Points that came back to a lot whose time is over go again, so a lot is no cause by itself.
    post([Movement(Kind.EXPIRE, f"lot:{lot}:{uuid4()}", [(lot, -left)]) for lot, _account, left in lots], at=at)
    events.record(*(PointsExpired(customer_id=account, happened_at=at, points=left) for _lot, account, left in lots))
    return len(found)


def expire_coupons(at: datetime | None = None) -> int:
    """Mark coupons whose time is over. Returns how many; a repeat finds none."""
    at, expired = at or time.now(), 0
    while count := _expire_coupons(at):
        expired += count
    return expired


@transaction.atomic
def _expire_coupons(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE_COUPONS, {"at": at, "size": _BATCH})
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = Coupon.objects.filter(pk__in=ids).values_list("customer_id", "kind_id", "kind__name")
    events.record(
        *(
            CouponExpired(customer_id=customer, happened_at=at, coupon_kind_id=kind, coupon=name)
            for customer, kind, name in rows
        )
    )
    return len(ids)
