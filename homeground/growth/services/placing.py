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
from homeground.growth.models import Door
from homeground.growth.queries import duty
from homeground.growth.services.pictures import code_picture
from homeground.wecom.client import Api, connect
from homeground.wecom.client.failures import FateUnknown, QuotaFull, WeComError

_LOST = timedelta(minutes=2)  # An ask older than this was broken off: nobody knows its fate.
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
    doors = list(Door.objects.exclude(retired_at__isnull=False, config_id=""))
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
    asked = _ask(door_id, now)
    if asked is None:
        return Door.objects.get(pk=door_id)
    door, was_unknown = asked
    try:
        placed = _call(connect(), door, was_unknown)
    except BusinessError as failure:
        return _note_failure(door, failure, now)
    return _note_placed(door, placed)


def forget_failure(door_id: int) -> Door:
    """Let a door be placed again at once, whatever the platform said last. The next call still looks first."""
    Door.objects.filter(pk=door_id, sync=Sync.FAILED).update(sync=Sync.WAITING, retry_at=None, tries=0)
    return Door.objects.get(pk=door_id)


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
        return door.asked_at is None or door.asked_at <= at - _LOST
    if _is_in_step(door, wanted):
        return False
    if door.retry_at is None:  # Refused for good: only something else may be tried.
        return door.sync != Sync.FAILED or wanted != door.tried
    return door.retry_at <= at or wanted != door.tried


def _is_in_step(door: Door, wanted: Spec) -> bool:
    return door.sync == Sync.PLACED and wanted == door.placed and bool(door.url or not wanted)


@transaction.atomic
def _ask(door_id: int, at: datetime) -> tuple[Door, bool] | None:
    """Mark the door as being placed, unless it is or needs nothing. Gives it and whether an earlier fate is unknown."""
    door = Door.objects.select_for_update(of=("self",)).get(pk=door_id)
    wanted = wanted_of([door], at)[door_id]
    is_lost = door.sync == Sync.ASKING and (door.asked_at is None or door.asked_at <= at - _LOST)
    if door.sync == Sync.ASKING and not is_lost:
        return None
    if _is_in_step(door, wanted):
        return None
    was_unknown = is_lost or door.sync == Sync.UNKNOWN
    before = door.asked_at or at
    door.sync, door.tried, door.asked_at = Sync.ASKING, wanted, at
    door.save(update_fields=["sync", "tried", "asked_at"])
    door.asked_at = before if was_unknown else at  # Where the lookup begins.
    return door, was_unknown


def _call(api: Api, door: Door, was_unknown: bool) -> platform.Placed:
    """Make, change or take away; raises what went wrong. Changing is safe to repeat, making is not: look first."""
    side, wanted = platform.SIDES[door.kind], door.tried
    if not wanted:
        return _delete(api, side, door)
    if not (wanted.get("users") or wanted.get("chats")):
        raise _Nobody(_("没有在职的接待员工，平台上的码没有更新。请调整班次或后备员工。"))
    known = platform.Placed(door.config_id, door.url) if door.config_id else None
    if known is None and was_unknown:
        known = side.find(api, wanted, door.asked_at or time.now())
    if known is None:
        return side.create(api, wanted)
    return _update(api, side, known, wanted)


def _update(api: Api, side: platform.Side, known: platform.Placed, wanted: Spec) -> platform.Placed:
    try:
        return side.update(api, known, wanted)
    except WeComError as failure:
        if platform.is_gone(failure):  # Somebody took it away there: our own printed code leads to the new one.
            return side.create(api, wanted)
        raise


def _delete(api: Api, side: platform.Side, door: Door) -> platform.Placed:
    try:
        side.delete(api, door.config_id)
    except WeComError as failure:
        if not platform.is_gone(failure):
            raise
    return platform.Placed("", "")


def _note_placed(door: Door, placed: platform.Placed) -> Door:
    fields: dict[str, Any] = {
        "config_id": placed.config_id, "url": placed.url, "placed": door.tried, "sync": Sync.PLACED,
        "error": "", "tries": 0, "retry_at": None,
    }  # fmt: skip
    if placed.url != door.url or (door.picture is None and placed.url):
        fields["picture"] = code_picture(placed.url) if door.kind != Door.Kind.LINK else None
    return _note(door, fields)


def _note_failure(door: Door, failure: BusinessError, at: datetime) -> Door:
    wait = min(timedelta(minutes=2**door.tries), _LONGEST_WAIT)
    is_unknown = isinstance(failure, FateUnknown) and not door.config_id
    is_final = isinstance(failure, WeComError) and not failure.may_retry
    fields = {
        "sync": Sync.UNKNOWN
        if is_unknown
        else Sync.FAILED
        if is_final or isinstance(failure, _Nobody)
        else Sync.WAITING,
        "error": str(failure)[:300],
        "tries": min(door.tries + 1, 10),
        "retry_at": None if is_final else failure.until if isinstance(failure, QuotaFull) else at + wait,
    }
    return _note(door, fields)


def _note(door: Door, fields: Mapping[str, Any]) -> Door:
    Door.objects.filter(pk=door.pk).update(**fields)
    return Door.objects.get(pk=door.pk)


class _Nobody(BusinessError):
    """Nobody can stand behind the door."""
