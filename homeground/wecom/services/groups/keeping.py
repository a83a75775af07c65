"""Groups as the platform shows them, written as one set: who is in them, who came and who is not there any more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.events import services as events
from homeground.events.catalog.wecom import GroupJoined
from homeground.people import services as people
from homeground.people.services import Sighting
from homeground.wecom.client.groups import Group, GroupMember
from homeground.wecom.models import Staff
from homeground.wecom.services.groups.leaving import left_facts

_SQL = Path(__file__).parents[2] / "sql" / "groups"
_CHATS, _GIVEN, _CLOSE, _REOPEN, _MEMBERS = (
    (_SQL / f"{name}.sql").read_text() for name in ("chats", "given", "close_missing", "reopen", "members")
)
_COLUMNS = "chat_id, member_id, is_external, customer_id, name, joined_at, join_scene, invited_by, state, read_at"


@dataclass(frozen=True)
class GroupRead:
    """One group as the platform showed it at a moment."""

    group: Group
    read_at: datetime


def keep_groups(reads: Sequence[GroupRead]) -> int:
    """Write groups with everybody in them, and tell who joined and left. Returns how many members there are.

    A repeat changes nothing; what was read before what is known already is left out.
    """
    customers = _customers(reads)
    with transaction.atomic():
        _make_owners(reads)
        with connection.cursor() as cursor:
            cursor.execute(_CHATS, _chat_columns(reads))
            fresh = {chat_id for (chat_id,) in cursor.fetchall()}
            return _keep_members(cursor, [read for read in reads if read.group.chat_id in fresh], customers)


def _keep_members(cursor: Any, reads: Sequence[GroupRead], customers: dict[str, int]) -> int:
    cursor.execute(_GIVEN)
    rows = {
        (read.group.chat_id, member.member_id): _member_row(read, member, customers)
        for read in reads
        for member in read.group.members
    }
    with cursor.copy(f"COPY wecom_given_member ({_COLUMNS}) FROM STDIN") as copy:
        for row in rows.values():
            copy.write_row(row)
    cursor.execute("ANALYZE wecom_given_member")
    cursor.execute(_CLOSE, [[read.group.chat_id for read in reads], [read.read_at for read in reads]])
    gone = cursor.fetchall()
    cursor.execute(_REOPEN)
    cursor.execute(_MEMBERS)
    events.record(*left_facts(gone), *_joined_facts(cursor.fetchall()))
    return len(rows)


def _customers(reads: Sequence[GroupRead]) -> dict[str, int]:
    """The customer of every external member, made where there was none."""
    seen: dict[str, Sighting] = {}
    for read in reads:
        for member in read.group.members:
            if member.is_external:
                seen[member.member_id] = Sighting(_identities(member), member.joined_at or read.read_at, "wecom")
    found = people.find_customers(list(seen.values()))
    return {member: customer for member, customer in zip(seen, found, strict=True) if customer}


def _identities(member: GroupMember) -> list[tuple[str, str]]:
    found = [("wecom_external", member.member_id)]
    return [("unionid", member.unionid), *found] if member.unionid else found


def _make_owners(reads: Sequence[GroupRead]) -> None:
    owners = {read.group.owner for read in reads if read.group.owner}
    Staff.objects.bulk_create((Staff(userid=owner) for owner in sorted(owners)), ignore_conflicts=True)


def _chat_columns(reads: Sequence[GroupRead]) -> list[list[Any]]:
    rows = {
        read.group.chat_id: (
            read.group.chat_id[:64], _clean(read.group.name)[:120], read.group.owner, _clean(read.group.notice),
            read.group.member_version[:64], read.group.created_at, read.read_at,
        )
        for read in reads
    }  # fmt: skip
    return [list(column) for column in zip(*rows.values(), strict=True)] if rows else [[] for _ in range(7)]


def _member_row(read: GroupRead, member: GroupMember, customers: dict[str, int]) -> tuple[Any, ...]:
    return (
        read.group.chat_id[:64], member.member_id[:64], member.is_external, customers.get(member.member_id),
        _clean(member.name)[:200], member.joined_at or read.read_at, member.join_scene, member.invited_by[:64],
        _clean(member.state)[:64], read.read_at,
    )  # fmt: skip


def _clean(text: str) -> str:
    return text.replace("\0", "")


def _joined_facts(joined: Sequence[tuple[Any, ...]]) -> Iterator[GroupJoined]:
    for customer, chat_id, member, joined_at, state, scene in joined:
        yield GroupJoined(
            customer_id=customer, chat_id=chat_id, state=state, join_scene=scene, happened_at=joined_at,
            cause=f"{chat_id}:{member}:{int(joined_at.timestamp())}",
        )  # fmt: skip
