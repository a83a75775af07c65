"""Sorting customers' messages (M61, M62): what each is about, and which of them become tickets.

Rules decide first, then the classifier. A message that it is not sure of opens no ticket: it waits in 待分拣 for a
click. Business questions in a one-to-one chat are the adviser's own; in a group they go to the expert. After-sales
matters and complaints leave the chat for a ticket with a deadline, wherever they were said. Words that mean "no more"
are an opt-out, as they are in an answer to a text message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.db import connection, transaction

from homeground.channels.models import Channel
from homeground.channels.services.receipts import is_refusing
from homeground.core import time
from homeground.people.models import Consent
from homeground.people.services import ConsentDecision, decide_consent
from homeground.service.classifier import Judge, Judgement, Lesson, taught
from homeground.service.models import ChatMessage, MessageLabel, Queue, SortingRule, Topic
from homeground.service.services.tickets import Matter, open_matters

_SQL = Path(__file__).parent.parent / "sql"
_UNLABELLED = (_SQL / "unlabelled.sql").read_text()
BATCH = 2000
MEMORY = timedelta(days=30)  # Older messages are not sorted when sorting is first switched on.
CERTAIN = 10_000
LESSONS = 2000  # Corrections that the classifier learns, the newest.
CHANNEL = "wecom"  # Consent to promotions by staff's mass sends and Moments.
JOB = "homeground.service.sort_messages"


@dataclass(frozen=True)
class Said:
    """One message to sort."""

    id: int
    text: str
    place: str
    chat_id: str
    customer_id: int | None
    at: datetime


def sort_messages(at: datetime | None = None) -> int:
    """Label every message that has no label yet and open the tickets that follow. Returns how many were labelled.

    A repeat does nothing: each message is labelled once, and a ticket follows in the same transaction.
    """
    moment, done = at or time.now(), 0
    while batch := _unlabelled(moment):
        _sort(batch, moment)
        done += len(batch)
    return done


def correct(label_id: int, *, topic: str, is_negative: bool, by: str, at: datetime | None = None) -> MessageLabel:
    """A colleague says what a message is; the classifier learns it. A ticket opens when the new topic asks for one."""
    moment = at or time.now()
    with transaction.atomic():
        label = MessageLabel.objects.select_for_update().select_related("message").get(pk=label_id)
        label.topic, label.is_negative, label.by = Topic(topic), is_negative, MessageLabel.By.PERSON
        label.corrected_by, label.corrected_at = by, moment
        label.save()
        _open([(_said(label.message), label)], moment, by)
    return label


def _unlabelled(at: datetime) -> list[Said]:
    with connection.cursor() as cursor:
        cursor.execute(_UNLABELLED, {"since": at - MEMORY, "size": BATCH})
        return [Said(*row) for row in cursor.fetchall()]


def _sort(batch: Sequence[Said], at: datetime) -> None:
    rules = list(SortingRule.objects.filter(is_enabled=True))
    judged = _judge().judge([one.text for one in batch])
    labels = [_label(one, judgement, rules) for one, judgement in zip(batch, judged, strict=True)]
    with transaction.atomic():
        MessageLabel.objects.bulk_create(labels, ignore_conflicts=True)
        _opt_out(batch)
        _open(zip(batch, labels, strict=True), at, "sorting")


def _opt_out(batch: Sequence[Said]) -> None:
    channel = Channel.objects.filter(slug=CHANNEL).first()
    if channel:
        decide_consent(
            ConsentDecision(
                customer_id=said.customer_id,
                purpose=Consent.Purpose.PROMOTION,
                channel=CHANNEL,
                is_granted=False,
                proof={"said": said.text, "place": said.place, "message": said.id},
                source="chat",
                decided_at=said.at,
            )
            for said in batch
            if said.customer_id and is_refusing(channel, said.text)
        )


def _label(said: Said, judgement: Judgement, rules: Sequence[SortingRule]) -> MessageLabel:
    text = said.text.lower()
    rule = next((rule for rule in rules if any(word.lower() in text for word in rule.words)), None)
    if rule is None:
        bp = round(judgement.confidence * CERTAIN)
        return MessageLabel(
            message_id=said.id,
            topic=judgement.topic,
            is_negative=judgement.is_negative,
            confidence_bp=bp,
            by=MessageLabel.By.MODEL,
        )
    return MessageLabel(
        message_id=said.id,
        topic=rule.topic,
        is_negative=judgement.is_negative or rule.topic == Topic.COMPLAINT,
        confidence_bp=CERTAIN,
        by=MessageLabel.By.RULE,
        rule=rule,
    )


def _open(labelled: Iterable[tuple[Said, MessageLabel]], at: datetime, by: str) -> None:
    matters = [
        Matter(
            message_id=said.id,
            customer_id=said.customer_id,
            queue=queue,
            is_complaint=label.topic == Topic.COMPLAINT,
            text=said.text,
            place=said.place,
            chat_id=said.chat_id,
            at=said.at,
        )
        for said, label in labelled
        if said.customer_id and (queue := queue_of(label, said.place))
    ]
    open_matters(matters, by=by)


def queue_of(label: MessageLabel, place: str) -> str:
    """The queue that a labelled message goes to; empty for none."""
    if label.by == MessageLabel.By.MODEL and label.confidence_bp < CERTAIN // 2:
        return ""
    if label.topic in (Topic.AFTER_SALES, Topic.COMPLAINT):
        return str(Queue.AFTER_SALES)
    return str(Queue.EXPERT) if label.topic == Topic.QUESTION and place != ChatMessage.Place.CHAT else ""


def _said(message: ChatMessage) -> Said:
    customer = message.customer
    root = (customer.merged_into_id or customer.pk) if customer else None
    return Said(message.pk, message.text, message.place, message.chat_id, root, message.at)


def _judge() -> Judge:
    newest = MessageLabel.objects.filter(corrected_at__isnull=False).order_by("-corrected_at", "-pk")
    return _trained(newest.values_list("corrected_at", flat=True).first())


@lru_cache(maxsize=1)
def _trained(as_of: datetime | None) -> Judge:
    """The classifier with the corrections made until then; trained anew after the next one."""
    if as_of is None:
        return taught()
    corrected = MessageLabel.objects.filter(corrected_at__lte=as_of).select_related("message")
    newest = corrected.order_by("-corrected_at")[:LESSONS]
    return taught([Lesson(one.message.text, one.topic, one.is_negative) for one in newest if one.message.text])
