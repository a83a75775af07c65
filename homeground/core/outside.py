"""Calls to addresses that people typed in: bounded, no redirects, never into the private network by accident."""

import ipaddress
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

ANSWER_BYTES = 1024 * 1024  # More of an answer is not read.
_PRIVATE = (".localhost", ".local", ".internal", ".lan", ".home.arpa")  # Names that lead nowhere outside.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolved = tuple[SplitResult, str]


class AddressRefused(Exception):
    """The address may not be called; nothing was sent. str() says why, in English, for logs and reasons."""


class NotConnected(Exception):
    """Nobody answered at the address; nothing was sent."""


class NoAnswer(Exception):
    """The request went out, wholly or in part, and no answer came: what became of it is not known."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, seconds: float, allowed_hosts: Collection[str] = ()
) -> Answer:
    """POST once. The name is resolved once, and the address that was checked is the one that is called.

    seconds: for connecting, and again for the whole answer.
    allowed_hosts: names ("intranet", "127.0.0.1:8000") that may be private; the owner wrote them down.
    Raises AddressRefused, NotConnected (nothing was sent) or NoAnswer (nobody knows).
    """
    parts, address = resolve(url, allowed_hosts)
    try:
        return _exchange(parts, address, body, headers, seconds)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotConnected(type(error).__name__) from error
    except httpx.HTTPError as error:
        raise NoAnswer(type(error).__name__) from error


def resolve(url: str, allowed_hosts: Collection[str] = ()) -> Resolved:
    """The parts of the URL and the one address to connect to. Raises AddressRefused or NotConnected."""
    parts = _parts(url)
    found = _addresses(parts)
    if not ({parts.hostname, parts.netloc} & set(allowed_hosts)):
        for address in found:
            if not _is_public(address):
                raise AddressRefused(f"{parts.hostname} is a private address")
    return parts, found[0]


def look_at(url: str, allowed_hosts: Collection[str] = ()) -> None:
    """What can be told without asking anybody: refuses what is no URL, carries a user name or names a private place.

    A name that leads to a private address is found when it is called. Raises AddressRefused.
    """
    parts = _parts(url)
    if {parts.hostname, parts.netloc} & set(allowed_hosts):
        return
    host = (parts.hostname or "").rstrip(".").lower()
    literal = _literal(host)
    if not _is_public(literal) if literal else "." not in host or host.endswith(_PRIVATE):
        raise AddressRefused(f"{host} is a private address")


def _literal(host: str) -> str | None:
    """The address that a host writes out, in any of its spellings; None: it is a name."""
    try:
        return str(socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)[0][4][0])
    except (OSError, UnicodeError):
        return None


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  Reading it checks it.
    except ValueError as error:
        raise AddressRefused("not a URL") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressRefused("not an http or https URL")
    if parts.username is not None:
        raise AddressRefused("a URL must not carry a user name")
    return parts


def _addresses(parts: SplitResult) -> list[str]:
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotConnected("the name does not resolve") from error
    return [str(entry[4][0]) for entry in found]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner:
            return _is_public(str(inner))
    return address.is_global and not address.is_multicast


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _exchange(parts: SplitResult, address: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Answer:
    host = f"[{address}]" if ":" in address else address
    url = parts._replace(netloc=f"{host}:{_port(parts)}", fragment="").geturl()
    extensions: dict[str, Any] = {"sni_hostname": parts.hostname} if parts.scheme == "https" else {}
    with (
        httpx.Client(timeout=seconds, trust_env=False, follow_redirects=False) as client,
        client.stream(
            "POST", url, content=body, headers={**headers, "Host": parts.netloc}, extensions=extensions
        ) as response,
    ):
        return Answer(response.status_code, _read(response, monotonic() + seconds), response.headers)


def _read(response: httpx.Response, until: float) -> bytes:
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if monotonic() > until:
            raise httpx.ReadTimeout("the answer drips")
        if len(body) > ANSWER_BYTES:
            break
    return body[:ANSWER_BYTES]
