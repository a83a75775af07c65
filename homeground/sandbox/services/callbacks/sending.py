"""One callback over the wire: hidden, signed, five seconds; and the check of a callback address."""

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

import httpx

from homeground.core import outside, time
from homeground.core.env import env
from homeground.sandbox.errors import CallbackAddressFailed
from homeground.sandbox.models import Corp
from homeground.sandbox.services.callbacks import crypto

SECONDS = 5  # So long the platform waits for an answer.
_AT_ONCE, _FEW = 4, 8
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ANSWER_BYTES = 4096


@dataclass(frozen=True)
class Outcome:
    """What one try came to: taken or not, and the status or the trouble in a few words."""

    is_taken: bool
    answer: str
    milliseconds: int


class Sender:
    """Sends to the corp's address as it stands now; a context manager. Its address is looked up once."""

    def __init__(self, corp: Corp) -> None:
        self.corp = corp
        self.client = httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False)
        self.pool = ThreadPoolExecutor(_AT_ONCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.pool.shutdown()
        self.client.close()

    def send(self, bodies: Sequence[str]) -> list[Outcome]:
        """Post each once; what became of each. A few go one by one, many at a time: the order is not promised."""
        run = map if len(bodies) <= _FEW else self.pool.map
        return list(run(self._send, bodies))

    def _send(self, body: str) -> Outcome:
        hidden = crypto.encrypted(body, self.corp.aes_key, self.corp.corpid)
        envelope = (
            f"<xml><ToUserName><![CDATA[{self.corp.corpid}]]></ToUserName><Encrypt><![CDATA[{hidden}]]></Encrypt>"
            "<AgentID><![CDATA[]]></AgentID></xml>"
        )
        start = monotonic()
        try:
            status, _answer = _exchange(self.client, "POST", _signed(self.corp, hidden), envelope)
            answer = f"HTTP {status}"
        except (outside.AddressRefused, outside.NotConnected, httpx.HTTPError) as trouble:
            status, answer = 0, f"{type(trouble).__name__} {trouble}".strip()
        return Outcome(status == 200, answer, round((monotonic() - start) * 1000))


def check_address(corp: Corp, url: str) -> None:
    """Ask the address to open a sealed number, as the platform does at first. Raises CallbackAddressFailed."""
    number = str(secrets.randbelow(10**19))
    hidden = crypto.encrypted(number, corp.aes_key, corp.corpid)
    asked = _signed(Corp(token=corp.token, callback_url=url), hidden, echostr=hidden)
    try:
        with httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client:
            status, answer = _exchange(client, "GET", asked)
    except (outside.AddressRefused, outside.NotConnected, httpx.HTTPError) as trouble:
        raise CallbackAddressFailed(str(trouble) or type(trouble).__name__) from trouble
    if status != 200 or answer != number.encode():
        raise CallbackAddressFailed(f"HTTP {status}" if status != 200 else "")


def change_address(corp: Corp, url: str, *, is_checked: bool = True) -> None:
    """Tell events to this address from now on; empty: to nobody. Raises CallbackAddressFailed, with nothing changed.

    is_checked: ask it first. False only for the command line, which may set one before anything listens.
    """
    if url and is_checked:
        if not _is_own(url) and urlsplit(url).hostname in _LOOPBACK:
            raise CallbackAddressFailed("127.0.0.1")
        check_address(corp, url)
    Corp.objects.filter(pk=corp.pk).update(callback_url=url)


def address_of(corp: Corp) -> str:
    """Where events go; a stored path is this deployment's own, wherever it listens."""
    return f"{env.base_url.rstrip('/')}{corp.callback_url}" if corp.callback_url.startswith("/") else corp.callback_url


def _signed(corp: Corp, hidden: str, **more: str) -> str:
    timestamp, nonce = str(int(time.now().timestamp())), str(secrets.randbelow(10**10))
    query = {
        "msg_signature": crypto.signature(corp.token, timestamp, nonce, hidden),
        "timestamp": timestamp,
        "nonce": nonce,
        **more,
    }
    url = address_of(corp)
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def _exchange(client: httpx.Client, method: str, url: str, body: str = "") -> tuple[int, bytes]:
    """One request to the address that was looked up. Loopback is let through: only the command line can set it."""
    parts, address = outside.resolve(url, [urlsplit(env.base_url).netloc, *_LOOPBACK])
    host = f"[{address}]" if ":" in address else address
    target = parts._replace(netloc=f"{host}:{parts.port or (443 if parts.scheme == 'https' else 80)}", fragment="")
    extensions = {"sni_hostname": parts.hostname} if parts.scheme == "https" else {}
    headers = {"Host": parts.netloc, "Content-Type": "text/xml"}
    with client.stream(
        method, target.geturl(), content=body.encode(), headers=headers, extensions=extensions
    ) as response:
        answer = b""
        for piece in response.iter_bytes():
            answer += piece
            if len(answer) > _ANSWER_BYTES:
                break
        return response.status_code, answer


def _is_own(url: str) -> bool:
    return urlsplit(url).netloc == urlsplit(env.base_url).netloc
