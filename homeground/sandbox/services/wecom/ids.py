"""Ids in the platform's shapes: a prefix that says what it is, then letters and digits."""

import secrets
import string

_LETTERS = string.ascii_letters + string.digits
PLACES = 30  # After the prefix: "wm" + 30, as the platform's own.


def new(prefix: str, places: int = PLACES) -> str:
    """A fresh id: wm/wo external contact, wr group, et tag, msg, mom, ca link, wk kf account."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(places))
