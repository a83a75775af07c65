"""What an identity looks like once it is normalised, and which ones say the most."""

import re
import unicodedata
from functools import lru_cache

from homeground.people.models import Identity

Kind = Identity.Kind
# Strongest first: an event that carries several goes to the customer of the first of these.
STRENGTH = {
    kind.value: rank
    for rank, kind in enumerate(
        [
            Kind.PHONE,
            Kind.MEMBER_NO,
            Kind.USER_ID,
            Kind.UNIONID,
            Kind.EMAIL,
            Kind.WECOM_EXTERNAL,
            Kind.OPENID,
            Kind.DOUYIN,
            Kind.DEVICE,
            Kind.ANONYMOUS,
        ]
    )
}
STRONG = {kind.value for kind in Identity.STRONG}
# What programs send in place of an identity they do not have: thousands of people would become one.
_JUNK = {
    "", "0", "-1", "null", "undefined", "none", "nil", "nan", "n/a", "anonymous", "guest", "unknown", "true", "false",
    "[object object]", "00000000-0000-0000-0000-000000000000",
}  # fmt: skip
_SEPARATORS = re.compile(r"[\s\-().·]+")
_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_NUMBER = re.compile(r"\+?\d{7,15}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@lru_cache(maxsize=65536)
def normalise(kind: str, value: str) -> str | None:
    """The one way to write this identity, or None where it is not one: junk, too long, no such phone or e-mail.

    Phones: mainland mobiles as 11 digits, others with a country code as +digits (E.164), the rest as their digits.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if kind not in STRENGTH or text.casefold() in _JUNK or len(text) > 255 or "\x00" in text:
        return None
    if kind == Kind.PHONE:
        return _phone(text)
    if kind == Kind.EMAIL:
        return text.lower() if _EMAIL.fullmatch(text) else None
    return text


def _phone(text: str) -> str | None:
    compact = _SEPARATORS.sub("", text)
    number = "+" + compact[2:] if compact.startswith("00") else compact
    if mainland := _MAINLAND.fullmatch(number):
        return mainland[1]
    if not _NUMBER.fullmatch(number) or len(set(number.lstrip("+"))) == 1:  # 00000000 is nobody's.
        return None
    return number
