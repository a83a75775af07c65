"""Receipts on their way back to the sender: written with what they tell, called out by a job, again when it failed."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from homeground.core import outside, time, webhooks
from homeground.core.env import env
from homeground.sandbox.models import ATTEMPTS, Gateway, Receipt

SQL = Path(__file__).parent.parent / "sql"
JOB = "sandbox.call_back"
_BATCH = 500
_SECONDS = 10
_log = logging.getLogger(__name__)


def secret() -> str:
    """What both sides sign with: made from this deployment's key, so that each has it from the start."""
    return salted_hmac("homeground.sandbox", "phone", algorithm="sha256").hexdigest()


def tell_all(messages: Iterable[tuple[int, datetime]], event: str, text: str = "") -> None:
    """Write a receipt for each (message id, moment), and have the job call them out after the commit."""
    gateway = Gateway.objects.filter(pk=1).first() or Gateway()
    delay = timedelta(seconds=gateway.receipt_delay_seconds)
    due_at = time.now() + delay
    rows = [
        Receipt(message_id=pk, event=event, text=text, happened_at=happened_at, due_at=due_at)
        for pk, happened_at in messages
    ]
    if rows:
        Receipt.objects.bulk_create(rows)
        transaction.on_commit(lambda: _defer(delay))


def call_back(at: datetime | None = None) -> int:
    """Call out every receipt that is due; returns how many were taken. Those that failed come again later."""
    taken = 0
    while claimed := _claim(at or time.now()):
        by_url: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for receipt in claimed:
            by_url[receipt.pop("receipts_url")].append(receipt)
        taken += sum(_post(url, receipts) for url, receipts in by_url.items())
    return taken


def _defer(delay: timedelta) -> None:
    if delay:
        jobs.configure_task(JOB, schedule_in={"seconds": int(delay.total_seconds())}).defer()
        return
    with suppress(AlreadyEnqueued):  # One that waits will find these too.
        jobs.configure_task(JOB, queueing_lock=JOB).defer()


def _claim(now: datetime) -> list[dict[str, Any]]:
    """Take due receipts for one try: until it is told otherwise, they are due again after a wait that doubles."""
    with connection.cursor() as cursor:
        cursor.execute((SQL / "claim.sql").read_text(), {"now": now, "attempts": ATTEMPTS, "batch": _BATCH})
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _post(url: str, receipts: Sequence[dict[str, Any]]) -> int:
    body = json.dumps({"receipts": [_document(receipt) for receipt in receipts]}, ensure_ascii=False).encode()
    gateway = Gateway.objects.filter(pk=1).first()
    for _time in range(2 if gateway and gateway.is_repeating else 1):
        if not _is_taken(url, body):
            return 0
    return int(Receipt.objects.filter(pk__in=[receipt["id"] for receipt in receipts]).delete()[0])


def _is_taken(url: str, body: bytes) -> bool:
    headers = webhooks.sign(secret(), f"msg_{uuid4().hex}", time.now(), body) | {"content-type": "application/json"}
    try:
        answer = outside.post(url, body, headers, seconds=_SECONDS, allowed_hosts=[urlsplit(env.base_url).netloc])
    except (outside.AddressRefused, outside.NotConnected, outside.NoAnswer) as trouble:
        _log.warning("receipts were not taken: %s", trouble)
        return False
    if answer.status != 200:
        _log.warning("receipts were not taken: status %s", answer.status)
    return answer.status == 200


def _document(receipt: dict[str, Any]) -> dict[str, str]:
    document = {
        "id": str(receipt["id"]),
        "reference": receipt["reference"],
        "event": receipt["event"],
        "happened_at": receipt["happened_at"].isoformat(),
    }
    if receipt["event"] == "answered":
        document["text"] = receipt["text"]
    elif receipt["text"]:
        document["reason"] = receipt["text"]
    return document
