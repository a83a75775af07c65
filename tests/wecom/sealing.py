"""Callbacks made as the platform makes them, written apart from the code under test."""

import base64
import hashlib
import os
import struct
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TOKEN, AES_KEY, CORPID = "SbxToken2026", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "ww1234567890abcdef"


def encrypted(message: bytes, *, key: str = AES_KEY, receiver: str = CORPID, prefix: bytes | None = None) -> str:
    secret = base64.b64decode(key + "=")
    plain = (prefix or os.urandom(16)) + struct.pack(">I", len(message)) + message + receiver.encode()
    size = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([size]) * size) + encryptor.finalize()).decode()


def signature(encrypt: str, timestamp: str, nonce: str, token: str = TOKEN) -> str:
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, encrypt])).encode()).hexdigest()


def query(encrypt: str, timestamp: str = "1760000001", nonce: str = "nonce0002", token: str = TOKEN) -> dict[str, str]:
    return {"msg_signature": signature(encrypt, timestamp, nonce, token), "timestamp": timestamp, "nonce": nonce}


def envelope(encrypt: str) -> bytes:
    return f"<xml><ToUserName><![CDATA[{CORPID}]]></ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()


def told(event: str, change: str = "", at: int = 1760000000, **fields: Any) -> bytes:
    """The XML of one event."""
    parts = {"ToUserName": CORPID, "FromUserName": "sys", "CreateTime": at, "MsgType": "event", "Event": event}
    parts |= {"ChangeType": change} if change else {}
    return f"<xml>{''.join(_element(name, value) for name, value in (parts | fields).items())}</xml>".encode()


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return f"<{name}>{''.join(_element('Item', one) for one in value)}</{name}>"
    return f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}><![CDATA[{escape(value)}]]></{name}>"


def post(client: Any, message: bytes, app: str = "contact", **how: Any) -> Any:
    """Deliver a message as the platform does: encrypted anew each time."""
    encrypt = encrypted(message, **how)
    return deliver(client, encrypt, app)


def deliver(client: Any, encrypt: str, app: str = "contact", **changes: str) -> Any:
    asked = urlencode(query(encrypt) | changes)
    return client.post(f"/callbacks/wecom/{app}?{asked}", data=envelope(encrypt), content_type="text/xml")
