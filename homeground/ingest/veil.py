"""Text that may hold personal data, as it may be shown."""

import re

from homeground.ui.masking import mask

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_DIGITS = re.compile(r"(?<![\w.-])\+?1?\d{7,15}(?![\w.-])")


def veil(text: str) -> str:
    """Hide the middle of every e-mail address and of every number as long as a phone's."""
    hidden = _EMAIL.sub(lambda found: mask(found[0], "email"), text)
    return _DIGITS.sub(lambda found: mask(found[0], "phone"), hidden)
