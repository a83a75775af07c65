"""Members who leave, and groups that end. Rows stay as history; each leaving is told once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.wecom import GroupLeft
from homeground.wecom.models import GroupChat, GroupMember

_LEAVE = (Path(__file__).parents[2] / "sql" / "groups" / "leave.sql").read_text()


@dataclass(frozen=True)
class Leaving:
    """One member who left, or was removed from, a group."""

    chat_id: str
    member_id: str
    at: datetime
    was_removed: bool = False


@transaction.atomic
def leave(leavings: Sequence[Leaving]) -> int:
    """Note who left. A repeat changes nothing. Returns how many had been in."""
    if not leavings:
        return 0
    rows = [(each.chat_id, each.member_id, each.at, each.was_removed) for each in leavings]
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, [list(column) for column in zip(*rows, strict=True)])
        gone = cursor.fetchall()
    events.record(*left_facts(gone))
    return len(gone)


@transaction.atomic
def dismiss(chat_id: str, at: datetime) -> None:
    """A group was dismissed: nobody is in it any more. A repeat changes nothing."""
    GroupChat.objects.filter(chat_id=chat_id, dismissed_at=None).update(dismissed_at=at, seen_at=time.now())
    GroupMember.objects.filter(chat__chat_id=chat_id, left_at=None).update(left_at=at)


@transaction.atomic
def dismiss_unseen(before: datetime, at: datetime) -> int:
    """The same for groups that a whole reading of the list did not show. Returns how many."""
    unseen = GroupChat.objects.filter(dismissed_at=None, seen_at__lt=before)
    GroupMember.objects.filter(chat__in=unseen, left_at=None).update(left_at=at)
    return unseen.update(dismissed_at=at)


def left_facts(gone: Sequence[tuple[Any, ...]]) -> Iterator[GroupLeft]:
    """What to tell of (customer or none, chat_id, member_id, joined_at, left_at, was_removed)."""
    for customer, chat_id, member, joined_at, left_at, was_removed in gone:
        if customer:
            cause = f"{chat_id}:{member}:{int(joined_at.timestamp())}"
            yield GroupLeft(
                customer_id=customer, chat_id=chat_id, was_removed=was_removed, happened_at=left_at, cause=cause
            )
