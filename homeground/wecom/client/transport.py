"""One request and its answer: pooled connections, no redirects, bounded in time and size."""

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpx

from homeground.wecom.client.failures import FateUnknown, Unreachable, WeComError

ANSWER_BYTES = 16 * 1024 * 1024  # A member's list of 20,000 contacts has under 1 MB.
_ANSWER_SECONDS = 30.0
_UPLOAD_SECONDS = 120.0
_TIMES = httpx.Timeout(15.0, connect=5.0)
# The platform closes idle connections; one that it closed under a request leaves the request's fate unknown.
_POOL = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=10)

Files = Mapping[str, tuple[str, bytes, str]]

logging.getLogger("httpx").setLevel(logging.WARNING)  # Its INFO line has the URL, and the URL has the token.


@dataclass(frozen=True)
class Request:
    """One call. may_repeat: it changes nothing, so it may be sent again when no answer came."""

    api: str
    params: Mapping[str, Any]
    body: Mapping[str, Any] | None = None
    files: Files | None = None
    may_repeat: bool = False

    @property
    def method(self) -> str:
        return "GET" if self.body is None and self.files is None else "POST"


_pools: dict[str, httpx.Client] = {}
_lock = threading.Lock()


def pooled(base_url: str) -> httpx.Client:
    """The connections to one platform. The address is the corp's row: its owner typed it, private or not."""
    with _lock:
        if base_url not in _pools:
            _pools[base_url] = httpx.Client(
                base_url=base_url, timeout=_TIMES, limits=_POOL, trust_env=False, follow_redirects=False
            )
        return _pools[base_url]


def close() -> None:
    """Close every connection of this process; the next call opens new ones."""
    with _lock:
        while _pools:
            _pools.popitem()[1].close()


def exchange(http: httpx.Client, request: Request, token: str | None) -> dict[str, Any]:
    """Send it once; the answer's fields.

    Raises WeComError (the platform said no), Unreachable (no effect) or FateUnknown.
    """
    try:
        status, content = _sent(http, request, token)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unreachable(request.api, type(error).__name__) from error
    except httpx.HTTPError as error:
        raise FateUnknown(request.api, type(error).__name__) from error
    return _checked(request, status, content)


def _sent(http: httpx.Client, request: Request, token: str | None) -> tuple[int, bytes]:
    params = dict(request.params) | ({"access_token": token} if token else {})
    content = None if request.body is None else json.dumps(request.body, ensure_ascii=False).encode()
    until = monotonic() + (_UPLOAD_SECONDS if request.files else _ANSWER_SECONDS)
    with http.stream(
        request.method, f"cgi-bin/{request.api}", params=params, content=content, files=request.files
    ) as response:
        return response.status_code, _read(response, until)


def _read(response: httpx.Response, until: float) -> bytes:
    pieces, size = [], 0
    for piece in response.iter_bytes():
        pieces.append(piece)
        size += len(piece)
        if monotonic() > until:
            raise httpx.ReadTimeout("the answer drips")
        if size > ANSWER_BYTES:
            raise httpx.ReadError("the answer is too large")
    return b"".join(pieces)


def _checked(request: Request, status: int, content: bytes) -> dict[str, Any]:
    if status >= 500:
        raise FateUnknown(request.api, f"HTTP {status}")
    if status != 200:
        raise Unreachable(request.api, f"HTTP {status}")
    answer = _parsed(content)
    if answer is None:
        raise FateUnknown(request.api, "not JSON")
    if code := _number(answer.get("errcode", 0)):
        raise WeComError(code, request.api, str(answer.get("errmsg", "")))
    return answer


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return -1
