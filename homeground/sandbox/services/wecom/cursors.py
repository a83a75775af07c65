"""Cursors: opaque, signed, and good for one API with one filter only."""

import base64
import binascii
import json
from collections.abc import Sequence
from hashlib import blake2s
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from homeground.sandbox.services.wecom.refusals import Refused

_DIGEST = 8


def make(api: str, about: Any, last: Sequence[int]) -> str:
    """A cursor behind `last`, for this API and what it was asked about. At most 64 bytes for up to two numbers."""
    body = _digest(about) + ",".join(str(number) for number in last)
    return base64.urlsafe_b64encode(f"{_seal(api, body)}{body}".encode()).decode().rstrip("=")


def read(api: str, about: Any, cursor: str) -> list[int]:
    """Where the page begins; empty at the start. Raises Refused: 50100 unknown, 60268 when the filter changed."""
    if not cursor:
        return []
    body = _opened(api, cursor)
    if body[:_DIGEST] != _digest(about):
        raise Refused(60268, "invalid cursor: the filter has changed")
    return [int(number) for number in body[_DIGEST:].split(",")]


def _opened(api: str, cursor: str) -> str:
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        plain = ""
    seal, body = plain[:_DIGEST], plain[_DIGEST:]
    if not body or not constant_time_compare(seal, _seal(api, body)):
        raise Refused(50100, "invalid cursor")
    return body


def _seal(api: str, body: str) -> str:
    return salted_hmac(f"homeground.sandbox.cursor.{api}", body).hexdigest()[:_DIGEST]


def _digest(about: Any) -> str:
    return blake2s(json.dumps(about, sort_keys=True).encode(), digest_size=_DIGEST // 2).hexdigest()
