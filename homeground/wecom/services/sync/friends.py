"""The contacts of the members that a run has to read: each page's rows and its cursor in one transaction."""

from collections.abc import Callable, Sequence

from django.db import connection, transaction

from homeground.core import time
from homeground.wecom.client import Api
from homeground.wecom.models import SyncPart, SyncRun
from homeground.wecom.services.contacts import Friend, end_unseen, identified, keep
from homeground.wecom.services.sync.counting import count
from homeground.wecom.services.sync.pages import PageRead, read_pages
from homeground.wecom.services.welcome import give_way

PREFIX = "contacts:"
_MOVE = """
UPDATE wecom_syncpart AS part SET cursor = said.cursor, seen = part.seen + said.seen, is_done = said.is_done
FROM unnest(%s::text[], %s::text[], %s::int[], %s::boolean[]) AS said(subject, cursor, seen, is_done)
WHERE part.run_id = %s AND part.subject = said.subject
"""


def read_friends(api: Api, run: SyncRun, told: Callable[[], None]) -> None:
    """Go on with the members' contacts where the run stands. Raises what a call raised; what was read is kept."""
    parts = SyncPart.objects.filter(run=run, subject__startswith=PREFIX, is_done=False).order_by("-subject")
    starts = {part.subject.removeprefix(PREFIX): part.cursor for part in parts}
    if not starts:
        return
    for pages in read_pages(api, starts):
        give_way()
        _write(run, pages)
        told()


def end_missing(run: SyncRun) -> int:
    """End the follows that the run did not see, of the members whose contacts it read to the end."""
    done = SyncPart.objects.filter(run=run, subject__startswith=PREFIX, is_done=True).values_list("subject", flat=True)
    return end_unseen([subject.removeprefix(PREFIX) for subject in done], run.started_at, time.now())


def _write(run: SyncRun, pages: Sequence[PageRead]) -> None:
    friends = [Friend(item.contact, item.follow, page.read_at) for page in pages for item in page.items]
    customers = identified(friends)
    with transaction.atomic():
        new = keep(friends, customers)
        _move(run, pages)
        count(run, follows=len(friends), new=new)


def _move(run: SyncRun, pages: Sequence[PageRead]) -> None:
    last = {page.userid: page for page in pages}
    seen = {userid: sum(len(page.items) for page in pages if page.userid == userid) for userid in last}
    rows = [(PREFIX + userid, page.next_cursor, seen[userid], not page.next_cursor) for userid, page in last.items()]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [*(list(column) for column in zip(*rows, strict=True)), run.pk])
