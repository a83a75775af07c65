"""Points: a person's balance and entries, all points together, and whether the ledger is true."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.models import Count, Sum

from homeground.loyalty.models import PointsAccount, PointsEntry, PointsLot, PointsPosting
from homeground.people.queries import all_ids_of, ids_of

SQL = Path(__file__).parent.parent / "sql"
Kind = PointsPosting.Kind


@dataclass(frozen=True)
class Line:
    """One posting as a person sees it. points: what it did to their balance."""

    id: int
    kind: str
    points: int
    cause: str
    reason: str
    by: str
    at: datetime

    @property
    def kind_label(self) -> str:
        """获得 for earn."""
        return str(Kind(self.kind).label)


@dataclass(frozen=True)
class Soon:
    """Points of a person that expire together."""

    points: int
    expires_at: datetime


@dataclass(frozen=True)
class Totals:
    """All points of the brand between two moments, all above zero but reversed; outstanding: of this moment."""

    issued: int
    redeemed: int
    expired: int
    reversed: int  # What reversals added to balances; below zero: they took away.
    outstanding: int  # Sum of all balances.
    owed: int  # Of it, what customers owe, above zero.
    holders: int  # Accounts above zero.


@dataclass(frozen=True)
class Untruth:
    """A kept figure that is not the sum of its legs. what: account, lots (of an account), lot, posting."""

    what: str
    id: int
    kept: int
    summed: int


def balance_of(customer_id: int) -> int:
    """The points of a person, from any of their ids; below zero: owed."""
    found = PointsAccount.objects.filter(customer__in=ids_of(customer_id)).aggregate(balance=Sum("balance"))
    return found["balance"] or 0


def balances(customer_ids: Iterable[int]) -> Mapping[int, int]:
    """The same for many survivors; who never had points is left out."""
    persons = all_ids_of(list(customer_ids))
    found: dict[int, int] = {}
    for customer, balance in PointsAccount.objects.filter(customer__in=persons).values_list("customer_id", "balance"):
        found[persons[customer]] = found.get(persons[customer], 0) + balance
    return found


def soon_expiring(ids: Sequence[int], at: datetime, days: int = 90) -> list[Soon]:
    """What of a person (all ids) expires within so many days, by moment, the first first."""
    lots = PointsLot.objects.filter(account__in=ids, remaining__gt=0, expires_at__lte=at + timedelta(days=days))
    return [
        Soon(points, moment)
        for moment, points in lots.values_list("expires_at").annotate(Sum("remaining")).order_by("expires_at")
    ]


def lines_of(ids: Sequence[int], before: int | None = None, limit: int = 50) -> list[Line]:
    """What happened to a person's points (all ids), newest first. before: the id of the last line of the page above."""
    rows = PointsEntry.objects.filter(account__in=ids).exclude(posting__kind=Kind.SETTLE)
    if before is not None:
        rows = rows.filter(posting__lt=before)
    fields = ("posting_id", "posting__kind", "posting__cause", "posting__reason", "posting__by", "posting__at")
    found = rows.values_list(*fields).annotate(points=Sum("points")).order_by("-posting_id")[:limit]
    return [Line(pk, kind, points, cause, reason, by, at) for pk, kind, cause, reason, by, at, points in found]


def totals(since: datetime, until: datetime) -> Totals:
    """All points posted from since to before until, and what is outstanding now."""
    rows = PointsEntry.objects.filter(posting__at__gte=since, posting__at__lt=until).exclude(account=None)
    moved = dict(rows.values_list("posting__kind").annotate(Sum("points")))
    with connection.cursor() as cursor:
        cursor.execute(_OUTSTANDING)
        outstanding, owed, holders = cursor.fetchone()
    return Totals(
        moved.get(Kind.EARN, 0), -moved.get(Kind.REDEEM, 0), -moved.get(Kind.EXPIRE, 0), moved.get(Kind.REVERSE, 0),
        int(outstanding), int(owed), holders,
    )  # fmt: skip


def reasons(since: datetime, until: datetime, limit: int = 20) -> list[tuple[str, int, int]]:
    """What points were earned for between two moments: (reason, points, how often), the most points first."""
    earned = PointsLot.objects.filter(posting__at__gte=since, posting__at__lt=until)
    found = earned.values_list("posting__reason").annotate(sum=Sum("points"), times=Count("pk"))
    return list(found.order_by("-sum", "posting__reason")[:limit])


def all_soon(at: datetime, days: int) -> tuple[int, int]:
    """What expires within so many days, of everybody: (points, customers)."""
    lots = PointsLot.objects.filter(remaining__gt=0, expires_at__lte=at + timedelta(days=days))
    found = lots.aggregate(sum=Sum("remaining"), holders=Count("account", distinct=True))
    return found["sum"] or 0, found["holders"]


def first_posting_at() -> datetime | None:
    """When points were posted first; None: never."""
    return PointsPosting.objects.order_by("pk").values_list("at", flat=True).first()


def untruths() -> list[Untruth]:
    """Whatever is kept otherwise than its legs sum up. Empty: the ledger is true."""
    with connection.cursor() as cursor:
        cursor.execute((SQL / "untrue.sql").read_text())
        return [Untruth(*row) for row in cursor.fetchall()]


_OUTSTANDING = """
SELECT coalesce(sum(balance), 0), coalesce(-sum(balance) FILTER (WHERE balance < 0), 0),
    count(*) FILTER (WHERE balance > 0)
FROM loyalty_pointsaccount
"""
