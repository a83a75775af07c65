"""Keeping the platform in step with the doors: what it should have, and the calls that bring it there.

A door's row says what was asked before the call goes out; the call is made with no transaction open; then the row says
what came of it. A call of unknown fate is looked up at the platform before anything is made again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.growth import platform
from homeground.growth.models import Door, WelcomePicture
from homeground.growth.queries import duty
from homeground.growth.services.pictures import code_picture
from homeground.wecom.client import Api, connect
from homeground.wecom.client.failures import QuotaFull, WeComError

_LOST = timedelta(minutes=10)  # An ask older than this was broken off: nobody knows its fate.
_PATIENCE = timedelta(seconds=20)  # For the rate budget of one call: far below the time after which it counts as lost.
_LONGEST_WAIT = timedelta(hours=1)
Sync = Door.Sync
Spec = dict[str, Any]


def mind_doors(at: datetime | None = None) -> int:
    """Place every door where the platform should have something else than it has. Returns how many were tried."""
    now = at or time.now()
    due = doors_due(now)
    for door_id in due:
        place_door(door_id, now)
    return len(due)


def doors_due(at: datetime) -> list[int]:
    """Doors to place now: the platform has something else, or nobody knows; and it is time to try."""
    doors = list(Door.objects.exclude(retired_at__isnull=False, config_id="", unknown_at=None).defer("picture"))
    wanted = wanted_of(doors, at)
    return [door.pk for door in doors if _is_due(door, wanted[door.pk], at)]


def wanted_of(doors: Iterable[Door], at: datetime) -> dict[int, Spec]:
    """What the platform should have of each door at this moment; {}: nothing."""
    of = {door.pk: door for door in doors}
    on_duty, lines = duty.duty(of, at), duty.lines(of)
    return {pk: _wanted(door, on_duty.get(pk), lines.get(pk)) for pk, door in of.items()}


def place_door(door_id: int, at: datetime | None = None) -> Door:
    """Bring the platform in step with one door, now. What failed stands on the door; nothing is raised.

    A door that another process is placing is left to it.
    """
    now = at or time.now()
    door = _ask(door_id, now)
    if door is None:
        return Door.objects.get(pk=door_id)
    try:
        placed = _call(connect(patience=_PATIENCE), door)
    except BusinessError as failure:
        return _note_failure(door, failure, now)
    return _note_placed(door, placed)


def forget_failure(door_id: int) -> Door:
    """Let a door be placed again at once, whatever the platform said last. The next call still looks first."""
    Door.objects.filter(pk=door_id, sync=Sync.FAILED).update(sync=Sync.WAITING, retry_at=None, tries=0)
    return Door.objects.get(pk=door_id)


def place_all_again() -> None:
    """After a corp was connected, perhaps another one: no door of ours is surely there, nor any picture."""
    Door.objects.filter(retired_at=None).update(placed={}, sync=Sync.WAITING, retry_at=None, tries=0)
    WelcomePicture.objects.update(url="", media_id="", media_at=None)
    queue_place(Door.objects.filter(retired_at=None).values_list("pk", flat=True))


def queue_place(door_ids: Iterable[int]) -> None:
    """Ask the worker to place doors at once; asked twice, it is done once."""
    for door_id in sorted(set(door_ids)):
        job = jobs.configure_task("growth.place", queueing_lock=f"door:{door_id}")
        try:
            with transaction.atomic():
                job.defer(door_id=door_id)
        except AlreadyEnqueued:
            continue


def _wanted(door: Door, on_duty: duty.Duty | None, line: duty.Line | None) -> Spec:
    if door.retired_at:
        return {}
    said = {"name": door.name, "state": door.token}
    if door.kind == Door.Kind.GROUP_CODE:
        groups = line.groups if line else ()
        chats = [group.chat_id for group in (line.open if line else ())] or [group.chat_id for group in groups[-1:]]
        return said | {
            "chats": chats[: platform.JOINED_AT_MOST],
            "opens_groups": door.opens_groups,
            "first_number": len(groups) + 1,
        }
    return said | {"users": list(on_duty.userids) if on_duty else [], "skip_verify": door.skip_verify}


def _is_due(door: Door, wanted: Spec, at: datetime) -> bool:
    if door.sync == Sync.ASKING:
        return _is_lost(door, at)
    if _is_in_step(door, wanted):
        return False
    if door.retry_at is None:  # Refused for good: only something else may be tried.
        return door.sync != Sync.FAILED or wanted != door.tried
    return door.retry_at <= at or wanted != door.tried


def _is_in_step(door: Door, wanted: Spec) -> bool:
    return door.sync == Sync.PLACED and wanted == door.placed and bool(door.url or not wanted)


@transaction.atomic
def _ask(door_id: int, at: datetime) -> Door | None:
    """Mark the door as being placed, unless it is or needs nothing. A broken off one has an unknown fate."""
    door = Door.objects.select_for_update(of=("self",)).get(pk=door_id)
    wanted = wanted_of([door], at)[door_id]
    if door.sync == Sync.ASKING:
        if not _is_lost(door, at):
            return None
        door.unknown_at = door.unknown_at or door.asked_at
    if _is_in_step(door, wanted):
        return None
    door.sync, door.tried, door.asked_at = Sync.ASKING, wanted, at
    door.save(update_fields=["sync", "tried", "asked_at", "unknown_at"])
    return door


def _is_lost(door: Door, at: datetime) -> bool:
    return door.asked_at is None or door.asked_at <= at - _LOST


def _call(api: Api, door: Door) -> platform.Placed:
    """Make, change or take away; raises what went wrong. Changing is safe to repeat, making is not: look first."""
    side, wanted = platform.SIDES[door.kind], door.tried
    if not wanted:
        return _delete(api, side, door)
    if not (wanted.get("users") or wanted.get("chats")):
        raise _Nobody(_("没有在职的接待员工，平台上的码没有更新。请调整班次或后备员工。"))
    if door.config_id and (changed := _changed(api, side, platform.Placed(door.config_id, door.url), wanted)):
        return changed
    if door.unknown_at and (found := side.find(api, door.token, door.unknown_at)):
        return side.update(api, found, wanted)
    return side.create(api, wanted)


def _changed(api: Api, side: platform.Side, known: platform.Placed, wanted: Spec) -> platform.Placed | None:
    """None: somebody took it away there. Our own printed code will lead to a new one."""
    try:
        return side.update(api, known, wanted)
    except WeComError as failure:
        if platform.is_gone(failure):
            return None
        raise


def _delete(api: Api, side: platform.Side, door: Door) -> platform.Placed:
    known = door.config_id
    if not known and door.unknown_at and (found := side.find(api, door.token, door.unknown_at)):
        known = found.config_id
    try:
        if known:
            side.delete(api, known)
    except WeComError as failure:
        if not platform.is_gone(failure):
            raise
    return platform.Placed("", "")


def _note_placed(door: Door, placed: platform.Placed) -> Door:
    fields: dict[str, Any] = {
        "config_id": placed.config_id, "url": placed.url, "placed": door.tried, "sync": Sync.PLACED,
        "error": "", "tries": 0, "retry_at": None, "unknown_at": None,
    }  # fmt: skip
    if placed.url != door.url or (door.picture is None and placed.url):
        fields["picture"] = code_picture(placed.url) if door.kind != Door.Kind.LINK else None
    return _note(door, fields)


def _note_failure(door: Door, failure: BusinessError, at: datetime) -> Door:
    is_refused = isinstance(failure, WeComError) and not failure.may_retry
    wait = min(timedelta(minutes=2**door.tries), _LONGEST_WAIT)
    unknown_at = door.unknown_at or (at if platform.may_have_made(failure) else None)
    known = Sync.FAILED if is_refused or isinstance(failure, _Nobody) else Sync.WAITING
    soon = failure.until if isinstance(failure, QuotaFull) else at + wait
    fields = {
        "sync": Sync.UNKNOWN if unknown_at else known,
        "unknown_at": unknown_at,
        "error": str(failure)[:300],
        "tries": min(door.tries + 1, 10),
        "retry_at": None if is_refused and not unknown_at else soon,
    }
    return _note(door, fields)


def _note(door: Door, fields: Mapping[str, Any]) -> Door:
    Door.objects.filter(pk=door.pk).update(**fields)
    return Door.objects.get(pk=door.pk)


class _Nobody(BusinessError):
    """Nobody can stand behind the door."""
