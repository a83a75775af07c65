"""The group chats of a run: the list page by page, then each group once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, transaction

from homeground.core import time
from homeground.wecom.client import Api, WeComError, groups
from homeground.wecom.client.groups import GroupRef
from homeground.wecom.models import GroupChat, Staff, SyncPart, SyncRun
from homeground.wecom.services.groups import GroupRead, dismiss_unseen, keep_groups
from homeground.wecom.services.sync.counting import count

SUBJECT = "groups"
_TOO_MANY, _GONE = 81017, (86001, 86003, 49008, 90501)
_OWNERS_A_CALL = 100
_AT_ONCE, _A_WRITE = 4, 50
_FRESH = timedelta(hours=20)  # Changes come by callback: a group read since is not read again but by a full run.


def read_chats(api: Api, run: SyncRun, told: Callable[[], None]) -> None:
    """Read the groups that this run has not read yet. Raises what a call raised; what was read by then is kept."""
    part, _made = SyncPart.objects.get_or_create(run=run, subject=SUBJECT)
    if part.is_done:
        return
    refs = [ref.chat_id for page in list_all(api) for ref in page]
    wanted = _wanted(refs, run)
    for start in range(0, len(wanted), _A_WRITE):
        _write(run, _read(api, wanted[start : start + _A_WRITE]))
        told()
    _finish(run, part, refs)


def list_all(api: Api) -> Iterator[tuple[GroupRef, ...]]:
    """The pages of the list; by owners where the platform does not give it otherwise."""
    try:
        yield from _pages(api, ())
    except WeComError as refusal:
        if refusal.code != _TOO_MANY:
            raise
        owners = list(Staff.objects.filter(is_active=True).order_by("userid").values_list("userid", flat=True))
        for start in range(0, len(owners), _OWNERS_A_CALL):
            yield from _pages(api, owners[start : start + _OWNERS_A_CALL])


def read_group(api: Api, chat_id: str) -> GroupRead | None:
    """One group; None where it is gone."""
    at = time.now()
    try:
        return GroupRead(groups.get(api, chat_id), at)
    except WeComError as refusal:
        if refusal.code in _GONE:
            return None
        raise
    finally:
        connection.close()


def _pages(api: Api, owners: Sequence[str]) -> Iterator[tuple[GroupRef, ...]]:
    page = groups.list_page(api, owners=owners)
    yield page.items
    while page.next_cursor:
        page = groups.list_page(api, page.next_cursor, owners=owners)
        yield page.items


def _wanted(refs: Sequence[str], run: SyncRun) -> list[str]:
    since = run.started_at if run.is_full else run.started_at - _FRESH
    known = GroupChat.objects.filter(chat_id__in=refs, dismissed_at=None, seen_at__gte=since)
    fresh = set(known.values_list("chat_id", flat=True))
    return [chat_id for chat_id in dict.fromkeys(refs) if chat_id not in fresh]


def _read(api: Api, chat_ids: Sequence[str]) -> list[GroupRead]:
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="wecom-groups") as pool:
        return [read for read in pool.map(lambda chat_id: read_group(api, chat_id), chat_ids) if read]


def _write(run: SyncRun, reads: Sequence[GroupRead]) -> None:
    with transaction.atomic():
        members = keep_groups(reads)
        count(run, groups=len(reads), members=members)


@transaction.atomic
def _finish(run: SyncRun, part: SyncPart, refs: Sequence[str]) -> None:
    GroupChat.objects.filter(chat_id__in=refs, seen_at__lt=run.started_at).update(seen_at=time.now())
    count(run, dismissed=dismiss_unseen(run.started_at, time.now()))
    part.is_done, part.seen = True, len(refs)
    part.save(update_fields=["is_done", "seen"])
