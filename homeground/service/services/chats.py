"""聊天: what was said, told by an archive reader, 微信客服 or an import. Each message once, however often told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.db import connection, transaction

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.service import MessageReceived
from homeground.events.clean import text as clean_text
from homeground.people.services import Sighting, find_customers
from homeground.service.models import ChatMessage, ChatRetention
from homeground.service.services import jobs, waits
from homeground.wecom.services.contacts import note_talks

_SQL = Path(__file__).parent.parent / "sql"
_RECEIVE, _LAST_TALKS = (_SQL / "receive_messages.sql").read_text(), (_SQL / "last_talks.sql").read_text()
_LONGEST_TEXT = 4000
_ERASED_AT_ONCE = 5000
USUAL_RETENTION_DAYS = 180
Place = ChatMessage.Place


@dataclass(frozen=True, kw_only=True)
class ChatMessageGiven:
    """One message as somebody tells it.

    userid: of a one-to-one or kf message the member's; of a group's message its author's, where that is one of us.
    external_userid: of a one-to-one or kf message the customer's; of a group's message its author's.
    chat_id: of a group the group's, of kf the account's (open_kfid). mentions: userids that a group's message names.
    """

    msgid: str
    is_from_customer: bool
    at: datetime
    source: str
    userid: str = ""
    external_userid: str = ""
    chat_id: str = ""
    text: str = ""
    mentions: Sequence[str] = ()
    is_kf: bool = False

    @property
    def place(self) -> str:
        if self.is_kf:
            return Place.KF
        if not self.chat_id:
            return Place.CHAT
        return Place.MENTION if self.mentions and self.is_from_customer else Place.GROUP


@transaction.atomic
def receive(messages: Sequence[ChatMessageGiven]) -> int:
    """Keep messages, and see who waits and who was answered. Returns how many were new.

    A message is known by its msgid: telling it again adds nothing, and the order of telling does not matter. Writers
    nobody knows yet become customers. Tells service.message_received and service.customer_answered.
    """
    if not messages:
        return 0
    customers = _customers(messages)
    ids = _keep(messages, customers)
    if new := [message for message in messages if message.msgid in ids]:
        events.record(*_facts(new, customers))
        _move_last_talks(new, list(ids.values()))
        waits.take_messages(list(ids.values()))
        transaction.on_commit(jobs.queue_sorting)
    return len(ids)


def retention_days(at: datetime | None = None) -> int:
    """For how many days words are kept."""
    rows = ChatRetention.objects.filter(valid_from__lte=at or time.now()).order_by("-valid_from", "-pk")
    days = rows.values_list("days", flat=True).first()
    return USUAL_RETENTION_DAYS if days is None else days


def erase_old_texts(at: datetime | None = None) -> int:
    """Erase the words of messages older than the retention. Returns how many; that somebody spoke stays."""
    at = at or time.now()
    until, erased = at - timedelta(days=retention_days(at)), 0
    while ids := list(_with_words(until).values_list("pk", flat=True)[:_ERASED_AT_ONCE]):
        erased += ChatMessage.objects.filter(pk__in=ids).update(text="", erased_at=at)
    return erased


def _with_words(until: datetime) -> Any:
    return ChatMessage.objects.filter(erased_at=None, at__lte=until).order_by("at")


def _customers(messages: Sequence[ChatMessageGiven]) -> dict[str, int]:
    """The customer behind each external_userid."""
    first: dict[str, ChatMessageGiven] = {}
    for message in messages:
        if message.external_userid:
            first.setdefault(message.external_userid, message)
    sightings = [Sighting([("wecom_external", key)], message.at, message.source) for key, message in first.items()]
    found = zip(first, find_customers(sightings), strict=True)
    return {key: customer for key, customer in found if customer is not None}


def _keep(messages: Sequence[ChatMessageGiven], customers: dict[str, int]) -> dict[str, int]:
    """The ids of those that were new, by msgid."""
    now = time.now()
    params: dict[str, Any] = {
        "msgid": [message.msgid for message in messages],
        "place": [str(message.place) for message in messages],
        "userid": [message.userid.lower() for message in messages],
        "external_userid": [message.external_userid for message in messages],
        "customer_id": [customers.get(message.external_userid) for message in messages],
        "chat_id": [message.chat_id for message in messages],
        "is_from_customer": [message.is_from_customer for message in messages],
        "mentions": [_as_json(message.mentions) for message in messages],
        "words": [clean_text(message.text)[:_LONGEST_TEXT] for message in messages],
        "at": [message.at for message in messages],
        "source": [message.source for message in messages],
        "keeps_words": retention_days(now) > 0,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVE, params)
        return {msgid: pk for pk, msgid in cursor.fetchall()}


def _as_json(userids: Iterable[str]) -> str:
    return orjson.dumps([userid.lower() for userid in userids]).decode()


def _facts(new: Sequence[ChatMessageGiven], customers: dict[str, int]) -> list[MessageReceived]:
    return [
        MessageReceived(
            customer_id=customers[message.external_userid],
            happened_at=message.at,
            cause=f"message:{message.msgid}",
            userid=message.userid.lower(),
            place=str(message.place),
            chat_id=message.chat_id,
        )
        for message in new
        if message.is_from_customer and message.external_userid in customers
    ]


def _move_last_talks(new: Sequence[ChatMessageGiven], ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_TALKS, {"ids": ids})
    note_talks(
        (message.userid.lower(), message.external_userid, message.at)
        for message in new
        if message.userid and message.external_userid
    )
