"""How the platform signs and encrypts its callbacks: SHA-1 over sorted parts, AES-256-CBC with 32-byte padding."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # Their padding fills blocks of 32 bytes, not the cipher's 16.
_HEAD = 20  # 16 random bytes, then the message's length in 4.


class WrongSignature(Exception):
    """The parts were not signed with our token."""


class WrongReceiver(Exception):
    """Rightly encrypted, but for another corp."""


class Unreadable(Exception):
    """Not encrypted with our key, cut off, or no ciphertext at all."""


@dataclass(frozen=True)
class CallbackKeys:
    """What one app's callback is opened with. receiver: the corpid."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    receiver: str


def opened(keys: CallbackKeys, signature: str, timestamp: str, nonce: str, encrypted: str) -> bytes:
    """The message inside. Raises WrongSignature, Unreadable or WrongReceiver."""
    if not hmac.compare_digest(signature.encode(), signed(keys.token, timestamp, nonce, encrypted).encode()):
        raise WrongSignature
    message, receiver = _decrypted(keys.aes_key, encrypted)
    if not hmac.compare_digest(receiver, keys.receiver.encode()):
        raise WrongReceiver
    return message


def signed(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """The signature of these parts: SHA-1 in lower hex over them in byte order."""
    parts = sorted(part.encode() for part in (token, timestamp, nonce, encrypted))
    return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()


def key_bytes(aes_key: str) -> bytes:
    """The 32 bytes that the 43 characters of an EncodingAESKey stand for. Raises Unreadable.

    The last character may carry bits that belong to nothing: they are dropped.
    """
    try:
        key = base64.b64decode(aes_key + "=")
    except (binascii.Error, ValueError) as error:
        raise Unreadable from error
    if len(key) != 32:
        raise Unreadable
    return key


def _decrypted(aes_key: str, encrypted: str) -> tuple[bytes, bytes]:
    key = key_bytes(aes_key)
    try:
        ciphertext = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable from error
    if not ciphertext or len(ciphertext) % 16:
        raise Unreadable
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    return _unpacked(_unpadded(decryptor.update(ciphertext) + decryptor.finalize()))


def _unpadded(plain: bytes) -> bytes:
    size = plain[-1]
    if not 1 <= size <= _BLOCK or plain[-size:] != bytes([size]) * size:
        raise Unreadable
    return plain[:-size]


def _unpacked(plain: bytes) -> tuple[bytes, bytes]:
    """The message and the receiver."""
    end = _HEAD + int.from_bytes(plain[16:_HEAD], "big")
    if len(plain) < _HEAD or end > len(plain):
        raise Unreadable
    return plain[_HEAD:end], plain[end:]
