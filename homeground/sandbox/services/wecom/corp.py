"""The one corp of the sandbox and the secrets that open it."""

import secrets
import string
from typing import Any

from homeground.core.env import env
from homeground.sandbox.models import Corp, Department
from homeground.sandbox.services.wecom.ids import new

CALLBACK_PATH = "/callbacks/wecom/contact"  # Of this deployment, wherever it listens.


def corp() -> Corp:
    """The row, made with secrets of its own when it is missing."""
    return Corp.objects.filter(pk=1).first() or _make()


def credentials() -> dict[str, Any]:
    """What a caller needs to connect, as text and numbers."""
    row = corp()
    keys = {name: getattr(row, name) for name in ("corpid", "secret", "contact_secret", "agentid", "token", "aes_key")}
    address = row.callback_url
    return {**keys, "callback_url": env.base_url.rstrip("/") + address if address.startswith("/") else address}


def change(**changes: Any) -> None:
    """Set how the corp and its platform behave."""
    corp()
    Corp.objects.filter(pk=1).update(**changes)


def _make() -> Corp:
    Department.objects.get_or_create(number=1, defaults={"name": "总部"})
    return Corp.objects.get_or_create(pk=1, defaults=_fresh())[0]


def _fresh() -> dict[str, Any]:
    return {
        "corpid": "ww" + secrets.token_hex(8),
        "secret": secrets.token_urlsafe(32),
        "contact_secret": secrets.token_urlsafe(32),
        "token": new("", 24),
        "aes_key": _aes_key(),
        "callback_url": CALLBACK_PATH,
    }


def _aes_key() -> str:
    # The last of 43 characters carries 4 spare bits; "A" leaves them zero, for decoders that insist.
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(42)) + "A"
