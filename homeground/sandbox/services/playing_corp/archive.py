"""会话存档: the sandbox's own archive reader posts what was said to the product's API, again until it is taken."""

import json
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from homeground.core import outside, secrets, time
from homeground.core.env import env
from homeground.sandbox.models import ChatMessage, Corp

JOB = "sandbox.push_archive"
PATH = "/api/v1/chat-messages"
_BATCH = 500
_SECONDS = 10
_log = logging.getLogger(__name__)


@transaction.atomic
def switch(*, is_on: bool, token: str = "") -> None:
    """Push what is said from now on, or no more. token: of the product's API; empty: the one that is kept.

    What was said while the archive was off is never pushed, as the platform does not archive it either.
    """
    changes: dict[str, Any] = {"is_archiving": is_on}
    if token:
        changes["sealed_archive_token"] = secrets.seal(token)
    if is_on and Corp.objects.filter(pk=1, is_archiving=False).exists():
        ChatMessage.objects.filter(archived_at=None).update(archived_at=F("sent_at"))
    Corp.objects.filter(pk=1).update(**changes)


def wake() -> None:
    """Have the job push after the commit, where the archive is on."""
    if Corp.objects.filter(pk=1, is_archiving=True).exclude(sealed_archive_token="").exists():
        transaction.on_commit(_defer)


def push_due() -> int:
    """Push everything that waits, oldest first, in batches; returns how many were taken. A refused batch stays."""
    corp, taken = Corp.objects.filter(pk=1, is_archiving=True).exclude(sealed_archive_token="").first(), 0
    while corp and (batch := _batch()):
        if not _is_taken(corp, batch):
            break
        taken += ChatMessage.objects.filter(pk__in=[message.pk for message in batch]).update(archived_at=time.now())
    return taken


def _batch() -> list[ChatMessage]:
    waiting = ChatMessage.objects.filter(archived_at=None).select_related("member", "contact", "chat")
    return list(waiting.order_by("pk")[:_BATCH])


def _is_taken(corp: Corp, batch: list[ChatMessage]) -> bool:
    body = json.dumps({"messages": [_document(message) for message in batch]}, ensure_ascii=False).encode()
    token = secrets.unseal(corp.sealed_archive_token)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    url = corp.archive_url or f"{env.base_url}{PATH}"
    try:
        answer = outside.post(url, body, headers, seconds=_SECONDS, allowed_hosts=[urlsplit(env.base_url).netloc])
    except (outside.AddressRefused, outside.NotConnected, outside.NoAnswer) as trouble:
        _log.warning("chat messages were not taken: %s", trouble)
        return False
    if answer.status not in (200, 201, 202):
        _log.warning("chat messages were not taken: status %s", answer.status)
    return answer.status in (200, 201, 202)


def _document(message: ChatMessage) -> dict[str, Any]:
    return {
        "msgid": message.msgid,
        "userid": message.member.userid if message.member else "",
        "external_userid": message.contact.external_userid if message.contact else "",
        "chat_id": message.chat.chat_id if message.chat else "",
        "is_from_customer": message.is_from_customer,
        "text": message.text,
        "mentions": message.mentions,
        "at": min(message.sent_at, time.now()).isoformat(),  # A corp whose clock runs ahead speaks now.
        "source": "archive",
    }


def _defer() -> None:
    with suppress(AlreadyEnqueued):  # One that waits will find these too.
        jobs.configure_task(JOB, queueing_lock=JOB).defer()
