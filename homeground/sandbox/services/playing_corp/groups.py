"""Group chats: making one, coming and going, its name, notice and owner. Every change of members is a new version."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from homeground.sandbox.errors import GroupIsFull, GroupIsGone, NotInGroup
from homeground.sandbox.models import GROUP_MOST, Contact, GroupChat, GroupMember, Member
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.wecom import clock, ids

INVITED, BY_LINK, BY_CODE = 1, 2, 3  # join_scene of a record.
_LEFT, _REMOVED = 0, 1  # QuitScene of an event.


@transaction.atomic
def create(
    owner: Member,
    name: str,
    contacts: Sequence[Contact] = (),
    members: Sequence[Member] = (),
    at: datetime | None = None,
) -> GroupChat:
    """A member starts a group with customers and colleagues."""
    moment = at or clock.now()
    chat = GroupChat.objects.create(
        chat_id=ids.new("wr"),
        name=name,
        owner=owner,
        member_version=_version(),
        opengid=ids.new("oG"),
        created_at=moment,
    )
    people = [(member, None) for member in dict.fromkeys([owner, *members])] + [(None, one) for one in contacts]
    GroupMember.objects.bulk_create(
        GroupMember(chat=chat, member=member, contact=contact, invited_by=owner.userid, joined_at=moment)
        for member, contact in people
    )
    tell(events.group(chat.chat_id, "create"), at=moment)
    return chat


@transaction.atomic
def join(
    chat: GroupChat,
    contact: Contact,
    *,
    state: str = "",
    invited_by: Member | None = None,
    at: datetime | None = None,
) -> GroupMember:
    """A customer comes in, by code or asked by somebody. Whoever is in stays. Raises GroupIsGone, GroupIsFull."""
    moment, held = at or clock.now(), _held(chat)
    inside = GroupMember.objects.filter(chat=chat, left_at=None)
    there = inside.filter(contact=contact).first()
    if there:
        return there
    if inside.count() >= GROUP_MOST:
        raise GroupIsFull
    made = GroupMember.objects.create(
        chat=chat,
        contact=contact,
        join_scene=INVITED if invited_by else BY_CODE,
        invited_by=invited_by.userid if invited_by else "",
        state=state,
        joined_at=moment,
    )
    scene = 0 if invited_by else BY_CODE
    _tell_change(held, contact.external_userid, scene, left=False, at=moment)
    return made


@transaction.atomic
def leave(chat: GroupChat, contact: Contact, *, removed: bool = False, at: datetime | None = None) -> None:
    """A customer goes, or is removed by staff. Raises NotInGroup."""
    moment, held = at or clock.now(), _held(chat)
    if not GroupMember.objects.filter(chat=chat, contact=contact, left_at=None).update(left_at=moment):
        raise NotInGroup
    scene = _REMOVED if removed else _LEFT
    _tell_change(held, contact.external_userid, scene, left=True, at=moment)


@transaction.atomic
def rename(chat: GroupChat, name: str, at: datetime | None = None) -> None:
    """Staff gives the group another name."""
    _change(chat, "change_name", at, name=name)


@transaction.atomic
def announce(chat: GroupChat, notice: str, at: datetime | None = None) -> None:
    """Staff writes another notice."""
    _change(chat, "change_notice", at, notice=notice)


@transaction.atomic
def hand_over(chat: GroupChat, owner: Member, at: datetime | None = None) -> None:
    """The owner passes the group to a colleague, who comes in if need be."""
    moment = at or clock.now()
    GroupMember.objects.get_or_create(chat=chat, member=owner, left_at=None, defaults={"joined_at": moment})
    _change(chat, "change_owner", moment, owner=owner)


@transaction.atomic
def dismiss(chat: GroupChat, at: datetime | None = None) -> None:
    """The owner ends the group. A repeat tells nothing."""
    moment = at or clock.now()
    if GroupChat.objects.filter(pk=chat.pk, dismissed_at=None).update(dismissed_at=moment):
        tell(events.group(chat.chat_id, "dismiss"), at=moment)


def _held(chat: GroupChat) -> GroupChat:
    """The group, locked: one change of its members at a time. Raises GroupIsGone."""
    held = GroupChat.objects.select_for_update().get(pk=chat.pk)
    if held.dismissed_at:
        raise GroupIsGone
    return held


def _tell_change(chat: GroupChat, who: str, scene: int, *, left: bool, at: datetime) -> None:
    version = _version()
    GroupChat.objects.filter(pk=chat.pk).update(member_version=version)
    versions = (chat.member_version, version)
    tell(events.group_members(chat.chat_id, [who], versions, scene=scene, left=left), at=at)


def _change(chat: GroupChat, detail: str, at: datetime | None, **changes: object) -> None:
    if not GroupChat.objects.filter(pk=chat.pk, dismissed_at=None).update(**changes):
        raise GroupIsGone
    tell(events.group(chat.chat_id, "update", detail), at=at)


def _version() -> str:
    return secrets.token_hex(16)
