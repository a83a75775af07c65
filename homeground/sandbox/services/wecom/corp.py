"""The one corp of the sandbox and the secrets that open it."""

import secrets
import string
from typing import Any

from homeground.core.env import env
from homeground.sandbox.models import Corp
from homeground.sandbox.services.wecom.ids import new

CALLBACK_PATH = "/callbacks/wecom/contact"


def corp() -> Corp:
    """The row, made with secrets of its own when it is missing."""
    return Corp.objects.filter(pk=1).first() or Corp.objects.get_or_create(pk=1, defaults=_fresh())[0]


def credentials() -> dict[str, Any]:
    """What a caller needs to connect, as text and numbers."""
    names = ("corpid", "secret", "contact_secret", "agentid", "token", "aes_key", "callback_url")
    row = corp()
    return {name: getattr(row, name) for name in names}


def change(**changes: Any) -> None:
    """Set how the corp and its platform behave."""
    corp()
    Corp.objects.filter(pk=1).update(**changes)


def _fresh() -> dict[str, Any]:
    return {
        "corpid": "ww" + secrets.token_hex(8),
        "secret": secrets.token_urlsafe(32),
        "contact_secret": secrets.token_urlsafe(32),
        "token": new("", 24),
        "aes_key": _aes_key(),
        "callback_url": env.base_url.rstrip("/") + CALLBACK_PATH,
    }


def _aes_key() -> str:
    # The last of 43 characters carries 4 spare bits; "A" leaves them zero, for decoders that insist.
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(42)) + "A"
