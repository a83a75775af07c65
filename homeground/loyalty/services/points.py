"""积分: earned in batches, spent, taken back. Every call is safe to repeat with the same cause."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, Q, Sum

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.loyalty import PointsEarned, PointsRedeemed, PointsReversed
from homeground.loyalty.errors import CauseAlreadyUsed, NoSuchPosting, NotEnoughPoints, TooMuchReversed
from homeground.loyalty.models import PointsEntry, PointsPosting
from homeground.loyalty.services.ledger import (
    SQL,
    Kind,
    Movement,
    check,
    lock_accounts,
    lots_of,
    members_of,
    post,
    settle,
    settle_accounts,
    take,
)
from homeground.people.errors import NoSuchCustomer
from homeground.people.queries import survivors

_EARN = (SQL / "earn.sql").read_text()


@dataclass(frozen=True)
class Earning:
    """Points for one customer. cause: what for, like "order:1042"; expires_at None: they never expire."""

    customer_id: int
    points: int
    cause: str
    reason: str = ""
    expires_at: datetime | None = None


@transaction.atomic
def earn_points(earnings: Iterable[Earning], *, by: str = "", at: datetime | None = None) -> int:
    """Give points, each cause once, in one statement a batch. Returns how many were new.

    Who owes points pays with the new ones first. Raises BadPoints, NoSuchCustomer, or CauseAlreadyUsed for a cause that
    gave other points or gave them to somebody else; then nothing is written.
    """
    at, given = at or time.now(), _once(earnings)
    if not given:
        return 0
    written = _write(list(given.values()), by, at)
    if len(written) < len(given):
        earlier = {cause: (one.customer_id, one.points) for cause, one in given.items() if cause not in written}
        _compare(Kind.EARN, earlier)
    if debtors := [customer for customer, had_debt in written.values() if had_debt]:
        settle_accounts(debtors, at)
    events.record(
        *(
            PointsEarned(customer_id=one.customer_id, happened_at=at, points=one.points, reason=one.reason)
            for cause, one in given.items()
            if cause in written
        )
    )
    return len(written)


def _once(earnings: Iterable[Earning]) -> dict[str, Earning]:
    found: dict[str, Earning] = {}
    for one in earnings:
        check(one.points, one.cause)
        if found.setdefault(one.cause, one) != one:
            raise CauseAlreadyUsed(one.cause)
    return found


def _write(given: Sequence[Earning], by: str, at: datetime) -> dict[str, tuple[int, bool]]:
    params: dict[str, Any] = {
        "customers": [one.customer_id for one in given], "points": [one.points for one in given],
        "causes": [one.cause for one in given], "reasons": [one.reason[:100] for one in given],
        "expiries": [one.expires_at for one in given], "by": by, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_EARN, params)
        return {cause: (customer, had_debt) for cause, customer, had_debt in cursor.fetchall()}


@transaction.atomic
def redeem_points(
    customer_id: int, points: int, cause: str, *, reason: str = "", by: str = "", at: datetime | None = None
) -> bool:
    """Spend a person's points, once for each cause; what expires first goes first. Returns whether it was new.

    Raises BadPoints, NoSuchCustomer, NotEnoughPoints or CauseAlreadyUsed, with nothing written.
    """
    check(points, cause)
    at, members = at or time.now(), members_of([customer_id])
    if not members:
        raise NoSuchCustomer
    lock_accounts(members)
    if PointsPosting.objects.filter(kind=Kind.REDEEM, cause=cause).exists():
        _compare(Kind.REDEEM, {cause: (customer_id, -points)})
        return False
    lots = [lot for lot in lots_of(members) if lot.remaining < 0 or lot.expires_at is None or lot.expires_at > at]
    if (balance := sum(lot.remaining for lot in lots)) < points:
        raise NotEnoughPoints(balance, points)
    post([Movement(Kind.REDEEM, cause, take(lots, points), reason[:100])], by=by, at=at)
    events.record(PointsRedeemed(customer_id=customer_id, happened_at=at, points=points, reason=reason[:100]))
    return True


@transaction.atomic
def reverse_points(
    of_kind: str, of_cause: str, cause: str, *, points: int | None = None, reason: str = "", by: str = "",
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Take back an earning, or give back what was redeemed, to its lots. Returns what the balance changed by.

    points: a part of it; None: all that is not reversed yet. An earning that is spent leaves a debt: the balance may
    fall below zero, and what is left or comes in later pays for it. A repeat with the same cause changes nothing and
    returns 0. Raises NoSuchPosting, TooMuchReversed, CauseAlreadyUsed or BadPoints, with nothing written.
    """
    check(1 if points is None else points, cause)
    at, original = at or time.now(), _posting(of_kind, of_cause)
    holders = list(original.entries.exclude(account=None).values_list("account_id", flat=True))
    lock_accounts(members_of(holders))
    if _is_reversed(original, cause, points):
        return 0
    legs = _back(original, points)
    post([Movement(Kind.REVERSE, cause, legs, reason[:100], original.pk)], by=by, at=at)
    settle(holders, at)
    change = sum(moved for _lot, moved in legs)
    events.record(PointsReversed(customer_id=holders[0], happened_at=at, points=change, reason=reason[:100]))
    return change


def _posting(kind: str, cause: str) -> PointsPosting:
    found = PointsPosting.objects.filter(kind=kind, cause=cause, kind__in=[Kind.EARN, Kind.REDEEM]).first()
    if found is None:
        raise NoSuchPosting(cause)
    return found


def _is_reversed(original: PointsPosting, cause: str, points: int | None) -> bool:
    earlier = PointsPosting.objects.filter(kind=Kind.REVERSE, cause=cause).first()
    if earlier is None:
        return False
    moved = earlier.entries.exclude(account=None).aggregate(points=Sum("points"))["points"]
    if earlier.reverses_id != original.pk or points not in (None, abs(moved)):
        raise CauseAlreadyUsed(cause)
    return True


def _back(original: PointsPosting, points: int | None) -> list[tuple[int, int]]:
    """Legs against what the original did to its lots, less what was reversed; what went last comes back first."""
    of_it = PointsEntry.objects.filter(Q(posting=original) | Q(posting__reverses=original)).exclude(account=None)
    done = of_it.values_list("lot").annotate(points=Sum("points")).order_by("-lot__expires_at", "-lot")
    there = sum(abs(moved) for _lot, moved in done)
    left = there if points is None else points
    if not 0 < left <= there:
        raise TooMuchReversed(there)
    legs = []
    for lot, moved in done:
        part = min(abs(moved), left)
        left -= part
        legs += [(lot, -part if moved > 0 else part)] if part else []
    return legs


def _compare(kind: str, given: Mapping[str, tuple[int, int]]) -> None:
    """See that each cause, {cause: (customer, points)}, was posted before with these points for this person."""
    rows = PointsEntry.objects.filter(posting__kind=kind, posting__cause__in=given).exclude(account=None)
    sums = rows.values_list("posting__cause").annotate(holder=Min("account"), points=Sum("points"))
    known = {cause: (holder, points) for cause, holder, points in sums}
    persons = survivors([*(one for one, _points in given.values()), *(one for one, _points in known.values())])
    for cause, (customer, points) in given.items():
        if customer not in persons:
            raise NoSuchCustomer
        holder, posted = known[cause]
        if (persons[holder], posted) != (persons[customer], points):
            raise CauseAlreadyUsed(cause)
