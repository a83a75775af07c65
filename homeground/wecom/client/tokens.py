"""Access tokens: one a secret, shared between processes through the app's row, renewed early by one of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from cryptography.fernet import InvalidToken
from django.db import connection

from homeground.core import time
from homeground.core.secrets import seal, unseal
from homeground.wecom.client import transport
from homeground.wecom.client.transport import Request
from homeground.wecom.errors import NotConnected
from homeground.wecom.models import App

_EARLY = timedelta(minutes=5)
_LOCK = 812_604  # A number of our own among the advisory locks; the second half is the app's row.


@dataclass(frozen=True)
class Keys:
    """What fetches a token: the app's row and its secret, still sealed."""

    app_id: int
    corpid: str
    sealed_secret: str


@dataclass(frozen=True)
class _Held:
    text: str
    renew_at: datetime


_held: dict[Keys, _Held] = {}


def current(http: httpx.Client, keys: Keys) -> str:
    """A token that is good for some minutes yet."""
    held = _held.get(keys)
    return held.text if held and held.renew_at > time.now() else renewed(http, keys, stale="")


def renewed(http: httpx.Client, keys: Keys, *, stale: str) -> str:
    """Another token than `stale`, which the platform refused; of any number of callers at once, one fetches it.

    Raises what the call of gettoken raises.
    """
    with _one_at_a_time(keys.app_id):
        shared = _shared(keys)
        if shared is None or shared.text == stale:
            shared = _fetched(http, keys)
        _held[keys] = shared
    return shared.text


def fetch(http: httpx.Client, corpid: str, secret: str) -> tuple[str, int]:
    """Ask the platform: the token and the seconds that it is good for."""
    answer = transport.exchange(
        http, Request("gettoken", {"corpid": corpid, "corpsecret": secret}, may_repeat=True), token=None
    )
    return str(answer.get("access_token", "")), int(answer.get("expires_in", 0))


def _fetched(http: httpx.Client, keys: Keys) -> _Held:
    text, seconds = fetch(http, keys.corpid, _secret(keys))
    at, lifetime = time.now(), timedelta(seconds=seconds)
    App.objects.filter(pk=keys.app_id, sealed_secret=keys.sealed_secret).update(
        sealed_access_token=seal(text), expires_at=at + lifetime
    )
    # Asked before its end, the platform gives the same token again: then not ask at every call.
    return _Held(text, at + max(lifetime - _EARLY, lifetime * 0.8))


def _secret(keys: Keys) -> str:
    try:
        return unseal(keys.sealed_secret)
    except InvalidToken as error:  # The deployment's own key is another one now.
        raise NotConnected from error


def _shared(keys: Keys) -> _Held | None:
    """The token in the row, unless it is old, or of another secret."""
    row = App.objects.filter(pk=keys.app_id, sealed_secret=keys.sealed_secret).first()
    if row is None or not row.sealed_access_token or row.expires_at is None:
        return None
    renew_at = row.expires_at - _EARLY
    if renew_at <= time.now():
        return None
    try:
        return _Held(unseal(row.sealed_access_token), renew_at)
    except InvalidToken:
        return None


@contextmanager
def _one_at_a_time(app_id: int) -> Iterator[None]:
    # A session's lock, not a transaction's: the call below is to the outside.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, app_id])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, app_id])
