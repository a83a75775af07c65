"""Signatures that let a page in the WeCom client call its functions (the sidebar)."""

import hashlib
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeground.core import time
from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import number, text

_EARLY = timedelta(minutes=5)


@dataclass(frozen=True)
class Signature:
    """What wx.config and agentConfig take. appid is the corpid."""

    appid: str
    agentid: str
    timestamp: int
    nonce: str
    signature: str


@dataclass(frozen=True)
class _Ticket:
    text: str
    renew_at: datetime


_tickets: dict[tuple[str, str, int, str], _Ticket] = {}
_lock = threading.Lock()


def corp_signature(api: Api, url: str) -> Signature:
    """For wx.config, of the page's own URL."""
    return _signed(api, url, _ticket(api, "get_jsapi_ticket", {}))


def agent_signature(api: Api, url: str) -> Signature:
    """For agentConfig, of the page's own URL; the api must be that of the staff's app."""
    return _signed(api, url, _ticket(api, "ticket/get", {"type": "agent_config"}))


def sign(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """The signature: SHA-1 of exactly this text, values as they are, the URL without its fragment."""
    plain = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()


def _signed(api: Api, url: str, ticket: str) -> Signature:
    nonce, at = secrets.token_hex(8), int(time.now().timestamp())
    return Signature(api.corpid, api.agentid, at, nonce, sign(ticket, nonce, at, url))


def _ticket(api: Api, path: str, params: dict[str, str]) -> str:
    # Kept by this process: a few processes stay far below 100 tickets an hour.
    key = (api.base_url, api.corpid, api.keys.app_id, path)
    with _lock:
        held = _tickets.get(key)
        if held is None or held.renew_at <= time.now():
            answer = api.call(path, params=params)
            lifetime = timedelta(seconds=number(answer, "expires_in"))
            held = _tickets[key] = _Ticket(text(answer, "ticket"), time.now() + max(lifetime - _EARLY, lifetime / 2))
    return held.text
