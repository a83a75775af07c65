"""How long a text is, as its channel counts."""

from dataclasses import dataclass

from homeground.content.models import Wording
from homeground.content.places import places_of

_WIDE, _WIDE_PART = 70, 67  # UTF-16 units of an SMS in Chinese: alone, and in a chain (3GPP TS 23.040).
_PLAIN, _PLAIN_PART = 160, 153  # Characters of the GSM 7-bit alphabet, approximated by ASCII.


@dataclass(frozen=True)
class Size:
    """characters, and bytes as UTF-8, with each place counted as its fallback.

    parts: short messages it would take; None: not counted.
    """

    characters: int
    bytes: int
    parts: int | None


def size_of(wording: Wording) -> Size:
    """The size of the body. Raises BadPlaceholder."""
    body, at, text = wording.body, 0, ""
    for place in places_of(body):
        text += body[at : place.start] + place.fallback
        at = place.end
    text += body[at:]
    return Size(len(text), len(text.encode()), _parts(text) if wording.channel_kind == "phone" else None)


def _parts(text: str) -> int:
    units = len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
    alone, chained = (_PLAIN, _PLAIN_PART) if text.isascii() else (_WIDE, _WIDE_PART)
    return 1 if units <= alone else -(-units // chained)
