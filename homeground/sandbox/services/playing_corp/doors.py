"""Scanning: a live code or an acquisition link leads to a member, a group live code into a group."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet

from homeground.sandbox.errors import CodeIsOver, GroupIsFull, NobodyToAdd, NoQuotaLeft
from homeground.sandbox.models import (
    GROUP_MOST,
    AcquisitionLink,
    Contact,
    ContactWay,
    FriendRequest,
    Friendship,
    GroupChat,
    GroupMember,
    JoinWay,
    LinkDay,
    Member,
)
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.playing_corp import friends, groups
from homeground.sandbox.services.playing_corp.friends import Source
from homeground.sandbox.services.wecom import clock, corp, staff

SQL = Path(__file__).parents[2] / "sql"
LOW = 20  # Units of quota under which the platform warns.
_BY_CODE, _BY_LINK = 1, 16  # add_way.


@dataclass(frozen=True)
class Met:
    """What a scan came to: friends at once, friends already, or a request that a member must accept."""

    member: Member
    friendship: Friendship | None = None
    request: FriendRequest | None = None
    is_new: bool = True


@transaction.atomic
def scan_way(contact: Contact, way: ContactWay, member: Member | None = None, at: datetime | None = None) -> Met:
    """The customer scans a live code. Raises CodeIsOver, NobodyToAdd.

    member: whom the platform picks; None: anybody of the code who may take one more.
    """
    moment = at or clock.now()
    if way.is_temp and moment > way.created_at + timedelta(seconds=way.expires_in):
        raise CodeIsOver
    met = _meet(contact, _members(way.users, way.parties), Source(_BY_CODE, way.state), way.skip_verify, member, moment)
    if way.is_temp:
        ContactWay.objects.filter(pk=way.pk).update(expires_in=0)  # A temporary code takes one customer.
    return met


@transaction.atomic
def open_link(
    contact: Contact, link: AcquisitionLink, channel: str = "", member: Member | None = None, at: datetime | None = None
) -> Met:
    """The customer opens an acquisition link and adds. channel: its customer_channel.

    Raises CodeIsOver, NoQuotaLeft, NobodyToAdd.
    """
    if link.deleted_at:
        raise CodeIsOver
    moment = at or clock.now()
    _count_click(link, moment)
    source = Source(_BY_LINK, channel, link)
    met = _meet(contact, _members(link.users, link.departments), source, link.skip_verify, member, moment)
    if met.is_new and met.friendship:
        use_quota(moment)
    return met


def use_quota(at: datetime) -> None:
    """One customer came through a link. Tells when little or nothing is left. Raises NoQuotaLeft."""
    with connection.cursor() as cursor:
        cursor.execute((SQL / "use_quota.sql").read_text(), {"now": at})
        found = cursor.fetchone()
    if found is None:
        raise NoQuotaLeft
    if found[0] == LOW - 1:
        tell(events.acquisition("balance_low"), at=at)
    if found[0] == 0:
        tell(events.acquisition("balance_exhausted"), at=at)


@transaction.atomic
def scan_join_way(contact: Contact, way: JoinWay, at: datetime | None = None) -> GroupMember:
    """The customer scans a group live code: the first group of it with a place. Raises CodeIsOver, GroupIsFull.

    Where every group is full and the code may, a new one is made. Who is in one already stays where they are.
    """
    moment = at or clock.now()
    chats = _chats(way)
    if not chats:
        raise CodeIsOver
    there = GroupMember.objects.filter(contact=contact, chat__in=chats, left_at=None).first()
    if there:
        return there
    chat = next((one for one in chats if one.people < GROUP_MOST), None)  # type: ignore[attr-defined]
    return groups.join(chat or _next_chat(way, chats[-1], moment), contact, state=way.state, at=moment)


def _meet(
    contact: Contact,
    members: "QuerySet[Member]",
    source: Source,
    skip_verify: bool,
    member: Member | None,
    at: datetime,
) -> Met:
    known = friends.open_friendship(contact, list(members))
    if known:
        return Met(known.member, friendship=known, is_new=False)
    chosen = member or _any(members)
    if skip_verify:
        return Met(chosen, friendship=friends.add_unverified(contact, chosen, source, at))
    return Met(chosen, request=friends.ask(contact, chosen, source, at=at))


def _members(userids: Sequence[str], departments: Sequence[int]) -> "QuerySet[Member]":
    """Whom a code may lead to: those named, and everybody of those departments."""
    return staff.in_range(userids, departments)


def _any(members: "QuerySet[Member]") -> Member:
    open_ones = Count("friendships", filter=Q(friendships__ended_at=None))
    free = list(members.annotate(customers=open_ones).filter(customers__lt=F("customer_cap")))
    if not free:
        raise NobodyToAdd
    return random.choice(free)


def _count_click(link: AcquisitionLink, at: datetime) -> None:
    day = at.astimezone(ZoneInfo(corp.corp().time_zone)).date()
    LinkDay.objects.get_or_create(link=link, day=day)
    LinkDay.objects.filter(link=link, day=day).update(clicks=F("clicks") + 1)


def _chats(way: JoinWay) -> list[GroupChat]:
    """The way's groups in its order, with `people` in each."""
    inside = Count("members", filter=Q(members__left_at=None))
    found = GroupChat.objects.filter(chat_id__in=way.chat_ids, dismissed_at=None).annotate(people=inside)
    return sorted(found.select_related("owner"), key=lambda chat: way.chat_ids.index(chat.chat_id))


def _next_chat(way: JoinWay, last: GroupChat, at: datetime) -> GroupChat:
    locked = JoinWay.objects.select_for_update().get(pk=way.pk)
    if not locked.auto_create_room:
        raise GroupIsFull
    made = groups.create(last.owner, f"{locked.room_base_name or last.name}{locked.room_base_id}", at=at)
    JoinWay.objects.filter(pk=way.pk).update(
        chat_ids=[*locked.chat_ids, made.chat_id][-5:], room_base_id=F("room_base_id") + 1
    )
    return made
