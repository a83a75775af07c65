"""What all movements of points share: the lock, the lots of a person, the posting, and the settling of debts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils.translation import gettext as _

from homeground.loyalty.errors import BadPoints
from homeground.loyalty.models import PointsPosting
from homeground.people import queries as people

SQL = Path(__file__).parent.parent / "sql"
Kind = PointsPosting.Kind
MOST = 100_000_000  # Points of one posting.
_LONGEST = 150  # Characters of a cause.
_LOCK, _POST, _LOTS = ((SQL / name).read_text() for name in ("lock_accounts.sql", "post.sql", "lots.sql"))


@dataclass(frozen=True)
class Lot:
    """Points of a person that came in together. remaining below zero: a debt."""

    id: int
    person: int
    account: int
    remaining: int
    expires_at: datetime | None


@dataclass(frozen=True)
class Movement:
    """A posting to make. legs: (lot, points), above zero into the lot."""

    kind: str
    cause: str
    legs: Sequence[tuple[int, int]]
    reason: str = ""
    reverses: int | None = field(default=None)


def lock_accounts(customer_ids: Iterable[int]) -> None:
    """Be the only writer of these customers' points until the transaction ends; accounts are made where missing."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"customers": list(customer_ids)})


def lots_of(customer_ids: Sequence[int]) -> list[Lot]:
    """What is left, or owed, of the persons of these customers; by person, what expires first first."""
    with connection.cursor() as cursor:
        cursor.execute(_LOTS, {"customers": list(customer_ids)})
        return [Lot(*row) for row in cursor.fetchall()]


def post(movements: Sequence[Movement], *, by: str = "", at: datetime) -> None:
    """Write postings in one statement. The caller has locked the accounts and knows the causes to be new."""
    if not movements:
        return
    legs = [(number, *leg) for number, one in enumerate(movements, 1) for leg in one.legs]
    numbers, lots, points = zip(*legs, strict=True)
    params: dict[str, Any] = {
        "kinds": [one.kind for one in movements], "causes": [one.cause for one in movements],
        "reasons": [one.reason for one in movements], "reversed": [one.reverses for one in movements],
        "numbers": list(numbers), "lots": list(lots), "points": list(points), "by": by, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_POST, params)


def settle(customer_ids: Sequence[int], at: datetime) -> None:
    """Let the lots of a person that are above zero pay for those below. The caller has locked all their accounts.

    The balance stays; nobody's points expire while they owe some. A repeat finds nothing to settle.
    """
    _settle([list(lots) for _person, lots in groupby(lots_of(customer_ids), key=lambda lot: lot.person)], at)


def settle_accounts(customer_ids: Sequence[int], at: datetime) -> None:
    """The same within each of these accounts, which the caller has locked: what other ids of a person have is left."""
    by_account: dict[int, list[Lot]] = {customer: [] for customer in customer_ids}
    for lot in lots_of(customer_ids):
        if lot.account in by_account:
            by_account[lot.account].append(lot)
    _settle(list(by_account.values()), at)


def _settle(groups: Sequence[Sequence[Lot]], at: datetime) -> None:
    legs = [paid for lots in groups if (paid := _payments(lots))]
    post([Movement(Kind.SETTLE, f"settle:{uuid4()}", paid) for paid in legs], at=at)


def _payments(lots: Sequence[Lot]) -> list[tuple[int, int]]:
    """Legs that empty lots in order into those below zero, as far as they go."""
    owed = [lot for lot in lots if lot.remaining < 0]
    paid = take(lots, -sum(lot.remaining for lot in owed))
    left, given = sum(points for _lot, points in paid), []
    for lot in owed:
        part = min(-left, -lot.remaining)
        left += part
        given += [(lot.id, part)] if part else []
    return [*paid, *given] if given else []


def take(lots: Iterable[Lot], points: int) -> list[tuple[int, int]]:
    """Legs that take so many points out of the lots in order, none below zero; fewer where there are not as many."""
    legs = []
    for lot in lots:
        part = min(max(lot.remaining, 0), points)
        points -= part
        legs += [(lot.id, -part)] if part else []
    return legs


def members_of(customer_ids: Iterable[int]) -> list[int]:
    """Every id of the persons of these customers."""
    return sorted(people.all_ids_of(list(customer_ids)))


def check(points: int, cause: str) -> None:
    """Raises BadPoints for a number or a cause that cannot be."""
    if not 0 < points <= MOST:
        raise BadPoints(_("积分应为 1 到 %(most)d 之间的整数。") % {"most": MOST})
    if not 0 < len(cause) <= _LONGEST or "\x00" in cause:
        raise BadPoints(_("事由应为 1 到 %(most)d 个字符，用来保证同一件事只记一次。") % {"most": _LONGEST})
