"""How the platform hides and signs what it sends to a callback address. Shares no code with the product's receiver.

AES-256-CBC, the key's first half as the vector, padding to 32 bytes; SHA-1 over four sorted strings.
"""

import base64
import secrets
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # Bytes; a message that ends on the border gets a whole block of padding.


def encrypted(message: str, aes_key: str, receive_id: str, prefix: bytes | None = None) -> str:
    """The message as the platform sends it.

    aes_key: the 43 characters of the console. receive_id: the corpid.
    prefix: 16 bytes in front, random unless given.
    """
    body = message.encode()
    plain = (prefix or secrets.token_bytes(16)) + len(body).to_bytes(4, "big") + body + receive_id.encode()
    missing = _BLOCK - len(plain) % _BLOCK
    encryptor = _cipher(aes_key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()).decode()


def decrypted(text: str, aes_key: str) -> tuple[str, str]:
    """What `encrypted` hid: the message and the receive id."""
    decryptor = _cipher(aes_key).decryptor()
    plain = decryptor.update(base64.b64decode(text)) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    end = 20 + int.from_bytes(plain[16:20], "big")
    return plain[20:end].decode(), plain[end:].decode()


def signature(token: str, timestamp: str, nonce: str, text: str) -> str:
    """What goes along as msg_signature."""
    return sha1("".join(sorted([token, timestamp, nonce, text])).encode(), usedforsecurity=False).hexdigest()


def _cipher(aes_key: str) -> "Cipher[modes.CBC]":
    key = base64.b64decode(aes_key + "=")  # Spare bits of the 43rd character are let through, as by the platform.
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
