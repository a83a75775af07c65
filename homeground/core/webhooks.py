"""Signed HTTP bodies by the Standard Webhooks scheme: three headers, HMAC-SHA256 (v1)."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

TOLERANCE_SECONDS = 300  # What the scheme's own libraries allow.
PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 32 random bytes, in the form that other implementations read."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers that prove who sent this body, and when."""
    timestamp = str(int(at.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{_digest(secret, message_id, timestamp, body)}",
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
    """Whether the body was signed with this secret within five minutes of `at`. Wrong or missing headers: False."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (message_id and _is_near(timestamp, at)):
        return False
    wanted = _digest(secret, message_id, timestamp, body).encode()
    given = [part.partition(",")[2] for part in headers.get("webhook-signature", "").split() if part.startswith("v1,")]
    return any(hmac.compare_digest(wanted, one.encode()) for one in given)


def _is_near(timestamp: str, at: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(int(timestamp) - at.timestamp()) <= TOLERANCE_SECONDS


def _digest(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(_key(secret), signed, sha256)).decode()


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()  # A gateway's own secret, not in the scheme's form.
