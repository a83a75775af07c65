"""Reading the contacts of many members at once: some threads read ahead, the caller takes the pages."""

import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from homeground.core import time
from homeground.wecom.client import Api, Page, WeComError, contacts
from homeground.wecom.client.contacts import ContactOfStaff
from homeground.wecom.services.welcome import give_way

READERS = 4  # The platform takes 0.1 to 0.3 s a page: more only wait for each other, and for its own concurrency limit.
_AHEAD = 24  # Pages that wait to be written.
_NOBODY = (84061, 84074, 60111, 60021, 50002, 60011, 701008)  # No contacts, no feature, not there or not to be seen.
_BAD_CURSOR = (50100, 60268)


@dataclass(frozen=True)
class PageRead:
    """One page of one member's contacts. next_cursor: empty on the last."""

    userid: str
    items: tuple[ContactOfStaff, ...]
    next_cursor: str
    read_at: datetime


class _Reader:
    def __init__(self, api: Api, starts: Mapping[str, str]) -> None:
        self.api, self.starts = api, list(starts.items())
        self.found: queue.Queue[PageRead | Exception | None] = queue.Queue(_AHEAD)
        self.stop = threading.Event()
        self._turn = threading.Lock()

    def run(self) -> None:
        """One thread: member after member, until none is left or somebody stops."""
        try:
            while (start := self._next()) and not self.stop.is_set():
                self._read(*start)
            self._give(None)
        except Exception as error:
            self._give(error)
        finally:
            connection.close()

    def _next(self) -> tuple[str, str] | None:
        with self._turn:
            return self.starts.pop() if self.starts else None

    def _read(self, userid: str, cursor: str) -> None:
        while not self.stop.is_set():
            give_way()
            at = time.now()
            page = _page(self.api, userid, cursor)
            self._give(PageRead(userid, page.items, page.next_cursor, at))
            if not (cursor := page.next_cursor):
                return

    def _give(self, item: PageRead | Exception | None) -> None:
        while not self.stop.is_set():
            with suppress(queue.Full):
                self.found.put(item, timeout=0.5)
                return


def read_pages(api: Api, starts: Mapping[str, str], most: int = 10) -> Iterator[list[PageRead]]:
    """The pages of these members' contacts, from each one's cursor on, some at a time as they come.

    starts: userid → cursor, empty for the beginning. Pages of one member come in order. Raises what a call raised.
    """
    reader = _Reader(api, starts)
    threads = [threading.Thread(target=reader.run, name=f"wecom-sync-{number}") for number in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield from _taken(reader, most)
    finally:
        reader.stop.set()
        for thread in threads:
            thread.join()


def _taken(reader: _Reader, most: int) -> Iterator[list[PageRead]]:
    running = READERS
    while running:
        pages: list[PageRead] = []
        failure: Exception | None = None
        for item in _some(reader.found, most):
            if item is None:
                running -= 1
            elif isinstance(item, PageRead):
                pages.append(item)
            else:
                failure = item
        if pages:
            yield pages
        if failure:
            raise failure


def _some(found: "queue.Queue[PageRead | Exception | None]", most: int) -> Iterator[PageRead | Exception | None]:
    """What waits, at least one."""
    yield found.get()
    with suppress(queue.Empty):
        for _number in range(most - 1):
            yield found.get_nowait()


def _page(api: Api, userid: str, cursor: str) -> Page[ContactOfStaff]:
    try:
        return contacts.by_staff(api, [userid], cursor)
    except WeComError as refusal:
        if refusal.code in _NOBODY:
            return Page(())
        if refusal.code in _BAD_CURSOR and cursor:  # Cursors do not live for ever.
            return contacts.by_staff(api, [userid])
        raise
