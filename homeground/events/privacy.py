"""What a page may show of an event: numbers and addresses of people are masked, whoever sent them."""

import json
import re
from typing import Any

from homeground.ui.masking import mask

_KINDS = {
    "phone": ("phone", "mobile", "tel", "手机", "电话"),
    "email": ("email", "mail", "邮箱"),
    "name": (
        "first_name",
        "last_name",
        "firstname",
        "lastname",
        "full_name",
        "fullname",
        "real_name",
        "姓名",
        "收件人",
    ),
    "address": ("address", "street", "地址", "openid", "unionid", "id_card", "身份证"),
}
_LOOKS = {"phone": re.compile(r"\+?\d{2,3}[- ]?\d{8,11}|1[3-9]\d{9}"), "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")}


def shown(value: Any, key: str = "") -> Any:
    """A property as a page may show it; structure and what is no personal data stay."""
    if isinstance(value, dict):
        return {name: shown(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [shown(inner, key) for inner in value]
    kind = _kind(key, value)
    return mask(str(value), kind) if kind else value


def shown_identities(identities: str) -> list[tuple[str, str]]:
    """The identities of an event as (kind, masked value)."""
    return [(kind, mask(value, kind)) for kind, value in json.loads(identities or "[]")]


def _kind(key: str, value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    lowered = key.lower()
    by_key = (kind for kind, words in _KINDS.items() if any(word in lowered for word in words))
    by_look = (kind for kind, look in _LOOKS.items() if isinstance(value, str) and look.fullmatch(value.strip()))
    return next(by_key, "") or next(by_look, "")
