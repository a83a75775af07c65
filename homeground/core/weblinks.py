"""URLs inside running text, Chinese text too: there no space stands before or after them."""

import re
from collections.abc import Iterator

# Up to white space, a bracket or quote, or punctuation of Chinese text; a full stop at the end is the sentence's.
_URL = re.compile(r"https?://[^\s<>\"'，。！？；：、（）「」『』【】《》…]+", re.IGNORECASE)
_NOT_AT_THE_END = ".,!?;:)]}"


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order, cut into (piece, whether it is a URL)."""
    end = 0
    for match in _URL.finditer(text):
        url = match.group().rstrip(_NOT_AT_THE_END)
        yield text[end : match.start()], False
        yield url, True
        end = match.start() + len(url)
    yield text[end:], False
