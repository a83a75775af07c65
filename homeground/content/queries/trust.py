"""What trust is worth: what people could see before they first bought (M63), and what a friend brings (M55)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.content.models import FeedKind
from homeground.core import time
from homeground.people.queries import brand

_SQL = Path(__file__).parent.parent / "sql"
_MOST_BUYERS = 2000
_BEFORE_DAYS = 90


@dataclass(frozen=True)
class Sight:
    """One post before the first order. way: seen (could see it), like, comment. kind '': not classified."""

    customer_id: int
    at: datetime
    way: str
    kind: str
    topic: str

    @property
    def kind_label(self) -> str:
        return str(FeedKind(self.kind).label) if self.kind else ""


@dataclass(frozen=True)
class TrustPath:
    """New buyers on WeCom, and what they could see in the 90 days before. What went before is not what caused it."""

    buyers: int
    with_any: int
    reacted: int
    by_kind: list[tuple[str, int, int]]  # Kind, buyers who could see one, buyers who reacted to one.

    @property
    def by_label(self) -> list[tuple[str, int, int]]:
        return [(str(FeedKind(kind).label), seen, reacted) for kind, seen, reacted in self.by_kind]


@dataclass(frozen=True)
class FriendValue:
    """One member of staff: friends now, those of them who bought in the year, what they all paid (minor units)."""

    staff_id: int
    name: str
    friends: int
    buyers: int
    paid_minor: int

    @property
    def per_friend_minor(self) -> int:
        return round(self.paid_minor / self.friends)


def before_first_order(customer_ids: Sequence[int], days: int = _BEFORE_DAYS) -> list[Sight]:
    """What these survivors could see, liked and commented before their first order; by customer, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute((_SQL / "first_orders.sql").read_text(), {"customer_ids": list(customer_ids), "days": days})
        return [Sight(*row) for row in cursor.fetchall()]


def trust_path(days: int = 90, at: datetime | None = None) -> TrustPath:
    """The newest two thousand at most of those who first bought in these days."""
    at = at or time.now()
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"since": at - timedelta(days=days), "until": at, "most": _MOST_BUYERS}
        cursor.execute((_SQL / "new_buyers.sql").read_text(), params)
        buyers = [row[0] for row in cursor.fetchall()]
    sights = before_first_order(buyers)
    seen = Counter(kind for _who, kind in {(sight.customer_id, sight.kind) for sight in sights})
    answered = {(sight.customer_id, sight.kind) for sight in sights if sight.way != "seen"}
    reacted = Counter(kind for _who, kind in answered)
    return TrustPath(
        len(buyers),
        len({sight.customer_id for sight in sights}),
        len({who for who, _kind in answered}),
        [(kind.value, seen[kind], reacted[kind]) for kind in FeedKind if seen[kind]],
    )


def friend_values(days: int = 365, at: datetime | None = None) -> list[FriendValue]:
    """What the friends of each active member of staff paid in these days, dearest a friend first."""
    at = at or time.now()
    params: dict[str, Any] = {"since": at - timedelta(days=days), "until": at, "currency": brand().currency}
    with connection.cursor() as cursor:
        cursor.execute((_SQL / "friend_values.sql").read_text(), params)
        return [FriendValue(*row) for row in cursor.fetchall()]
