"""A callback comes in: opened, checked, kept with one statement. What does not fit is refused and leaves nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.core import time
from homeground.core.secrets import unseal
from homeground.wecom import crypto, xml
from homeground.wecom.models import Callback
from homeground.wecom.services.callbacks.kinds import event_of, is_known

MOST_BYTES = 128 * 1024  # The platform's largest, with a group's full list of members, stays below 32 KB.
_KEEP = (Path(__file__).parents[2] / "sql" / "keep_callback.sql").read_text()
_KEYS = (
    "SELECT app.sealed_callback_token, app.sealed_aes_key, corp.corpid FROM wecom_app AS app, wecom_corp AS corp"
    " WHERE app.slug = %s"
)
# Apart from what is kept, and not waiting for the disk: commits that notify take turns, so all would wait for each
# other's disk. Should it get lost, the workers look by themselves.
_WAKE = "SET LOCAL synchronous_commit TO off; SELECT pg_notify('wecom_callback', '')"
_WAKE_BOTH = f"{_WAKE}, pg_notify('wecom_welcome', '')"
_LONGEST_SIGNED = 100  # Characters of a timestamp or nonce.


class CallbackRefused(Exception):
    """Not a callback of ours; nothing was kept. status: of HTTP. str() says why, in English."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


@dataclass(frozen=True)
class Received:
    """What became of a callback. repeats: how often it had come before."""

    key: str
    repeats: int


def address_check(app: str, query: Mapping[str, str]) -> bytes:
    """The answer to the platform's check of our address: the bare text inside echostr. Raises CallbackRefused."""
    # Some proxies unquote the plus twice.
    return _opened(_keys(app), query, query.get("echostr", "").replace(" ", "+"))


def receive(app: str, query: Mapping[str, str], body: bytes) -> Received:
    """Keep one callback, durably when it returns, and wake those who handle it.

    The same message again is counted, not kept twice; more than an hour later it is refused as a replay.
    Raises CallbackRefused, with nothing kept.
    """
    if len(body) > MOST_BYTES:
        raise CallbackRefused(413, f"at most {MOST_BYTES} bytes")
    keys = _keys(app)
    message = _opened(keys, query, _fields(body).get("Encrypt", ""))
    said = _fields(message)
    if said.get("ToUserName") not in ("", None, keys.receiver):
        raise CallbackRefused(403, "another corp's message")
    return _kept(app, message, said)


def _kept(app: str, message: bytes, said: Mapping[str, str]) -> Received:
    event, now = event_of(said), time.now()
    known, code = is_known(event), said.get("WelcomeCode", "")[:300]
    row: dict[str, Any] = {
        "app": app,
        "key": hashlib.sha256(message).hexdigest(),
        "event": event,
        "subject": (said.get("ExternalUserID") or said.get("ChatId") or "")[:64],
        "userid": said.get("UserID", "")[:64].lower(),
        "body": message.decode(errors="replace").replace("\0", "\ufffd"),
        "told_at": _moment(said.get("CreateTime", ""), now),
        "now": now,
        "state": Callback.State.WAITING if known else Callback.State.HANDLED,
        "handled_at": None if known else now,
        "is_known": known,
        "welcome_code": code,
        "welcome": Callback.Welcome.WAITING if known and code else Callback.Welcome.NO_CODE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, row)
        kept = cursor.fetchone()
        if kept == (0,) and known:
            cursor.execute(_WAKE_BOTH if code else _WAKE)
    if kept is None:
        raise CallbackRefused(409, "replayed: this message came more than an hour ago")
    return Received(row["key"], kept[0])


def _opened(keys: crypto.CallbackKeys, query: Mapping[str, str], encrypted: str) -> bytes:
    signature, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
    if not encrypted or max(len(timestamp), len(nonce)) > _LONGEST_SIGNED:
        raise CallbackRefused(400, "nothing encrypted here")
    try:
        return crypto.opened(keys, signature, timestamp, nonce, encrypted)
    except crypto.WrongSignature:
        raise CallbackRefused(403, "wrong signature: compare the callback's Token") from None
    except crypto.WrongReceiver:
        raise CallbackRefused(403, "another corp's message: compare the corp's id") from None
    except crypto.Unreadable:
        raise CallbackRefused(400, "cannot be decrypted: compare the EncodingAESKey") from None


def _fields(body: bytes) -> dict[str, str]:
    try:
        return xml.fields(body)
    except xml.NotXml:
        raise CallbackRefused(400, "not the XML of a callback") from None


def _keys(app: str) -> crypto.CallbackKeys:
    with connection.cursor() as cursor:  # Twice as quick as the same by way of models; 200 a second come.
        cursor.execute(_KEYS, [app])
        row = cursor.fetchone()
    if row is None or not all(row):
        raise CallbackRefused(404, "no callback is set up here")
    return _unsealed(*row)


@lru_cache(maxsize=8)
def _unsealed(token: str, aes_key: str, corpid: str) -> crypto.CallbackKeys:
    return crypto.CallbackKeys(unseal(token), unseal(aes_key), corpid)


def _moment(seconds: str, now: datetime) -> datetime:
    """CreateTime; now where it is no moment."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return now
