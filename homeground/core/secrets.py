"""The deployment's own key, and what is sealed with it: tokens of channels, passwords of mail servers."""

import base64
import hashlib
import os
import secrets
from contextlib import suppress

from cryptography.fernet import Fernet

from homeground.core.env import env, made_folder


def secret_key() -> str:
    """The key of this deployment: from the environment, or made once and kept in the data folder (mode 600)."""
    if env.secret_key:
        return env.secret_key.get_secret_value()
    path = made_folder() / "secret_key"
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def seal(text: str) -> str:
    """Encrypt a secret for a table. Every call gives another text."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that seal() hid. Raises cryptography.fernet.InvalidToken when the key is another one."""
    return _fernet().decrypt(sealed.encode()).decode()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret_key().encode()).digest()))
