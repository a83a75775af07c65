"""Talking: one to one, in groups, with the customer service account, and from staff to the product's own app."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest

from homeground.sandbox.errors import GroupIsGone, NotFriends, NothingWritten, NotInGroup
from homeground.sandbox.models import (
    ChatKey,
    ChatMessage,
    Contact,
    Friendship,
    GroupChat,
    GroupMember,
    KfAccount,
    KfMessage,
    KfToken,
    Member,
)
from homeground.sandbox.services.callbacks import events, tell, tell_raw
from homeground.sandbox.services.playing_corp import archive, friends
from homeground.sandbox.services.wecom import clock, corp, ids

_COUNTED = (3, 5, 10)  # Messages of a customer from a link that the platform tells of.


@transaction.atomic
def say(friendship: Friendship, text: str, *, is_from_customer: bool, at: datetime | None = None) -> ChatMessage:
    """One writes to the other. A member who answers half a friendship makes it whole.

    Raises NothingWritten, NotFriends.
    """
    words, moment = _words(text), at or clock.now()
    if not is_from_customer:
        friends.confirm(friendship, moment)
    if not _note_interaction(friendship, is_from_customer, moment):
        raise NotFriends
    message = ChatMessage.objects.create(
        msgid=_msgid(),
        friendship=friendship,
        member_id=friendship.member_id,
        contact_id=friendship.contact_id,
        is_from_customer=is_from_customer,
        text=words,
        sent_at=moment,
    )
    _tell_of_link(friendship, is_from_customer, moment)
    archive.wake()
    return message


@transaction.atomic
def say_in_group(
    chat: GroupChat,
    text: str,
    *,
    member: Member | None = None,
    contact: Contact | None = None,
    mentions: Sequence[Member] = (),
    at: datetime | None = None,
) -> ChatMessage:
    """Somebody in the group writes, and may mention members. Raises NothingWritten, GroupIsGone, NotInGroup."""
    words = _words(text)
    if GroupChat.objects.filter(pk=chat.pk, dismissed_at__isnull=False).exists():
        raise GroupIsGone
    if not GroupMember.objects.filter(chat=chat, member=member, contact=contact, left_at=None).exists():
        raise NotInGroup
    names = "".join(f"@{one.name} " for one in mentions if f"@{one.name}" not in words)
    message = ChatMessage.objects.create(
        msgid=_msgid(),
        chat=chat,
        member=member,
        contact=contact,
        is_from_customer=contact is not None,
        text=f"{names}{words}",
        mentions=[one.userid for one in mentions],
        sent_at=at or clock.now(),
    )
    archive.wake()
    return message


@transaction.atomic
def write_to_kf(account: KfAccount, contact: Contact, text: str, at: datetime | None = None) -> KfMessage:
    """A customer writes to a service account; the event carries a token to pull with. Raises NothingWritten."""
    moment = at or clock.now()
    message = KfMessage.objects.create(
        account=account,
        contact=contact,
        msgid=_msgid(),
        origin=3,
        msgtype="text",
        content={"content": _words(text)},
        sent_at=moment,
    )
    token = KfToken.objects.create(token=f"ENC{secrets.token_urlsafe(40)}", created_at=moment)
    tell(events.kf(token.token, account.open_kfid), at=moment)
    return message


def write_to_app(member: Member, text: str, at: datetime | None = None) -> None:
    """A member writes to the product's own app. Raises NothingWritten."""
    words, moment, ours = _words(text), at or clock.now(), corp.corp()
    if not ours.callback_url:
        return
    number = secrets.randbelow(2**62)
    tell_raw([("text", events.message_xml(ours.corpid, member.userid, ours.agentid, words, number, moment))], moment)


def _note_interaction(friendship: Friendship, is_from_customer: bool, at: datetime) -> int:
    changes = {
        "chat_started_at": Coalesce(F("chat_started_at"), Value(at)),
        "interacted_at": Greatest(F("interacted_at"), Value(at)),
    }
    if is_from_customer:
        changes["customer_messaged_at"] = Coalesce(F("customer_messaged_at"), Value(at))
    return Friendship.objects.filter(pk=friendship.pk, ended_at=None).update(**changes)


def _tell_of_link(friendship: Friendship, is_from_customer: bool, at: datetime) -> None:
    """Somebody who came by an acquisition link: the first, third, fifth and tenth message are told."""
    if not (is_from_customer and friendship.link):
        return
    link_id = friendship.link.link_id
    count = friendship.messages.filter(is_from_customer=True).count()
    if count == 1:
        told = {"UserID": friendship.member.userid, "ExternalUserID": friendship.contact.external_userid}
        tell(events.acquisition("customer_start_chat", link_id, **told), at=at)
    if count in _COUNTED:
        key = ChatKey.objects.create(key=ids.new("ck"), friendship=friendship, messages=count, created_at=at)
        tell(events.acquisition("message_from_customer", link_id, ChatKey=key.key), at=at)


def _words(text: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise NothingWritten
    return words


def _msgid() -> str:
    return f"{secrets.randbelow(10**19):019d}_{secrets.token_hex(6)}"
