"""Reading lists of the platform that come in pages."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from homeground.wecom.client import Page

T = TypeVar("T")


def pages(page_of: Callable[[str], Page[T]]) -> Iterator[Page[T]]:
    """Every page, from the first cursor (empty) on."""
    cursor = ""
    while True:
        page = page_of(cursor)
        yield page
        if not page.next_cursor or page.next_cursor == cursor:
            return
        cursor = page.next_cursor


def every(page_of: Callable[[str], Page[T]]) -> Iterator[T]:
    """Every item of every page."""
    return (item for page in pages(page_of) for item in page.items)
