"""Friendships that end. The row stays as history (M37); what ended it is told once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.events import services as events
from homeground.events.catalog.wecom import FriendRemovedByCustomer, FriendRemovedByStaff, FriendTransferred
from homeground.events.facts import Fact
from homeground.wecom.models import Follow

_SQL = Path(__file__).parents[2] / "sql" / "friends"
_END, _END_UNSEEN = (_SQL / "end.sql").read_text(), (_SQL / "end_unseen.sql").read_text()
_FACTS: dict[str, type[FriendRemovedByStaff | FriendRemovedByCustomer | FriendTransferred]] = {
    Follow.Ending.BY_STAFF: FriendRemovedByStaff,
    Follow.Ending.BY_CUSTOMER: FriendRemovedByCustomer,
    Follow.Ending.TRANSFERRED: FriendTransferred,
}


@dataclass(frozen=True)
class Ending:
    """One friendship's end. how: a Follow.Ending."""

    userid: str
    external_userid: str
    at: datetime
    how: str


@transaction.atomic
def end_follows(endings: Sequence[Ending]) -> int:
    """End the friendships that had begun by then, and tell it. A repeat, or an end after the end, changes nothing.

    One that a sync had found missing learns here what had happened. Returns how many ended.
    """
    if not endings:
        return 0
    columns = [(end.userid, end.external_userid, end.at, end.how) for end in endings]
    with connection.cursor() as cursor:
        cursor.execute(_END, [list(column) for column in zip(*columns, strict=True)])
        ended = cursor.fetchall()
    events.record(*_facts(ended))
    return len(ended)


def end_unseen(userids: Sequence[str], before: datetime, at: datetime) -> int:
    """End what the platform has not shown since a moment, of members whose contacts were all read. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_END_UNSEEN, {"userids": list(userids), "before": before, "at": at})
        return int(cursor.rowcount)


def _facts(ended: Sequence[tuple[Any, ...]]) -> Iterator[Fact]:
    for customer, userid, external, began_at, ended_at, how in ended:
        if how == Follow.Ending.NOT_THERE:
            continue
        cause = f"{userid}:{external}:{int(began_at.timestamp())}"
        yield _FACTS[how](customer_id=customer, userid=userid, happened_at=ended_at, cause=cause)
