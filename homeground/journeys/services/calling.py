"""Calls that walks owe other systems: signed by the Standard Webhooks scheme, tried again until they are taken.

A call's key goes along in every try (webhook-id): the other side knows a repeat by it. A crash between the call and
the note of it is made good by one more try.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import orjson
from django.db import connection, transaction
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from homeground.core import outside, secrets, time, webhooks
from homeground.journeys.models import WebhookCall, WebhookSettings
from homeground.journeys.services.walking.dates import SQL

# Of the scheme's own advice: within seconds, then within hours, about a day in all.
BACKOFF = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18_000, 36_000, 36_000))
_BATCH = 50
_AT_ONCE = 8
_SECONDS = 10.0
_GONE = 410  # The other side wants no more.
_CLAIM = (SQL / "claim_calls.sql").read_text()
_SETTLE = (SQL / "settle_calls.sql").read_text()
State = WebhookCall.State


@dataclass(frozen=True)
class _Call:
    """A claimed call. attempts: this one included."""

    id: int
    key: UUID
    url: str
    body: object
    attempts: int


@dataclass(frozen=True)
class _Fate:
    """What came of a try. error: empty: it was taken."""

    call: _Call
    error: str = ""
    is_final: bool = False


def send_calls(at: datetime | None = None) -> int:
    """Send the calls that are due, until none is. Returns how many were taken. Call it with no transaction open."""
    taken = 0
    while calls := _claim(at or time.now()):
        settings = _settings()
        send = partial(_send, settings.unsealed, settings.hosts, at or time.now())
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            fates = list(pool.map(send, calls))
        _settle(fates, at or time.now())
        taken += sum(not fate.error for fate in fates)
    return taken


def queue_calls() -> None:
    """Ask the worker to send what is due; asked twice, it is done once."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        jobs.configure_task("journeys.send_calls", queueing_lock="journeys.send_calls").defer()


def webhook_secret() -> str:
    """The secret that signs our calls, made at the first asking. Whoever receives calls checks them with it."""
    return _settings().unsealed


def renew_webhook_secret() -> str:
    """A new secret: calls are signed with it from now on."""
    secret = webhooks.new_secret()
    WebhookSettings.objects.filter(pk=_settings().row.pk).update(secret=secrets.seal(secret))
    return secret


def allow_hosts(hosts: Sequence[str]) -> None:
    """The hosts that may be called though they are private, all of them."""
    WebhookSettings.objects.filter(pk=_settings().row.pk).update(allowed_hosts=" ".join(hosts)[:500])


@dataclass(frozen=True)
class _Known:
    row: WebhookSettings

    @property
    def unsealed(self) -> str:
        return secrets.unseal(self.row.secret)

    @property
    def hosts(self) -> list[str]:
        return self.row.allowed_hosts.split()


def _settings() -> _Known:
    if (row := WebhookSettings.objects.filter(pk=1).first()) is None:
        new = WebhookSettings(pk=1, secret=secrets.seal(webhooks.new_secret()))
        WebhookSettings.objects.bulk_create([new], ignore_conflicts=True)
        row = WebhookSettings.objects.get(pk=1)
    return _Known(row)


@transaction.atomic
def _claim(at: datetime) -> list[_Call]:
    with connection.cursor() as cursor:
        # Due again soon, should this process die before it knows what came of the try.
        cursor.execute(_CLAIM, {"at": at, "again_at": at + BACKOFF[1], "size": _BATCH})
        return [_Call(pk, key, url, orjson.loads(body), attempts) for pk, key, url, body, attempts in cursor.fetchall()]


def _send(secret: str, hosts: Sequence[str], at: datetime, call: _Call) -> _Fate:
    body = orjson.dumps(call.body)
    headers = {"Content-Type": "application/json"} | webhooks.sign(secret, str(call.key), at, body)
    try:
        answer = outside.post(call.url, body, headers, seconds=_SECONDS, allowed_hosts=hosts)
    except outside.AddressRefused as refusal:
        return _Fate(call, str(refusal), is_final=True)
    except (outside.NotConnected, outside.NoAnswer) as trouble:
        return _Fate(call, f"{type(trouble).__name__}: {trouble}")
    return _Fate(call, "" if 200 <= answer.status < 300 else f"HTTP {answer.status}", answer.status == _GONE)


def _settle(fates: Sequence[_Fate], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE,
            {
                "ids": [fate.call.id for fate in fates],
                "states": [_state(fate) for fate in fates],
                "errors": [fate.error[:300] for fate in fates],
                "due": [at + BACKOFF[min(fate.call.attempts, len(BACKOFF)) - 1] for fate in fates],
                "at": at,
            },
        )


def _state(fate: _Fate) -> str:
    if not fate.error:
        return State.SENT
    return State.FAILED if fate.is_final or fate.call.attempts > len(BACKOFF) else State.QUEUED
