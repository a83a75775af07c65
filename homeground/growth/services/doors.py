"""入口: saved, retired, and taken back to what they were; each change is kept with what was before it.

The platform is told afterwards, with no transaction open: placing.place_door().
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.growth.errors import BadDoor, CannotUndo, NeedsOwner
from homeground.growth.given import DoorGiven, ShiftGiven, from_document
from homeground.growth.models import Door, DoorChange, DoorGroup, DoorStaff, Shift, Source
from homeground.growth.models.doors import FULL
from homeground.growth.queries.settings import settings_of
from homeground.growth.services.welcomes import keep_welcomes
from homeground.wecom.models import GroupChat, Staff

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # Read aloud without mistakes.
_MOST = {Door.Kind.LIVE_CODE: 100, Door.Kind.LINK: 500}  # Members, by the platform.
_NAME = 30


@transaction.atomic
def save_door(
    given: DoorGiven, *, by: str, may_skip_verify: bool = False, door_id: int | None = None, at: datetime | None = None
) -> Door:
    """Make a door, or change one (its kind stays). Saving what is already so changes nothing.

    may_skip_verify: the person may switch friend verification off, which wants a reason (M57).
    Raises BadDoor, BadWelcome or NeedsOwner, with nothing written. The platform is not told here.
    """
    door = Door.objects.select_for_update().get(pk=door_id) if door_id else None
    before = settings_of(door) if door else None
    if door and given == before:
        return door
    _check(given, before, may_skip_verify)
    door = _write(door or Door(token=_token()), given, before, by)
    _write_people(door, given)
    keep_welcomes(door, given.welcomes, given.consent_notice)
    _log(door, by, "changed" if before else "created", before, at)
    return door


@transaction.atomic
def retire_door(door_id: int, *, by: str, at: datetime | None = None) -> Door:
    """Close a door: its page says so, and the platform's code is taken away. A repeat changes nothing."""
    door = Door.objects.select_for_update().get(pk=door_id)
    if door.retired_at is None:
        door.retired_at = at or time.now()
        door.save(update_fields=["retired_at"])
        _log(door, by, "retired", settings_of(door), at)
    return door


@transaction.atomic
def restore_door(door_id: int, *, by: str, at: datetime | None = None) -> Door:
    """Open a retired door again, behind the same printed code. A repeat changes nothing."""
    door = Door.objects.select_for_update().get(pk=door_id)
    if door.retired_at is not None:
        door.retired_at = None
        door.save(update_fields=["retired_at"])
        _log(door, by, "restored", settings_of(door), at)
    return door


@transaction.atomic
def undo_change(change_id: int, *, by: str, may_skip_verify: bool = False, at: datetime | None = None) -> Door:
    """Take the newest change of a door back. Raises CannotUndo where it is not the newest, or was taken back."""
    change = DoorChange.objects.select_for_update().get(pk=change_id)
    if change.undone_at or change.what in ("created", "undone"):
        raise CannotUndo(_("这条变更已经撤销过，或无法撤销。"))
    if DoorChange.objects.filter(door=change.door_id, pk__gt=change.pk, undone_at=None).exclude(what="undone").exists():
        raise CannotUndo(_("后面还有新的变更，请先撤销最新的一条。"))
    DoorChange.objects.filter(pk=change_id).update(undone_at=at or time.now())
    if change.what == "changed":
        return _put_back(change, by, may_skip_verify, at)
    undo = restore_door if change.what == "retired" else retire_door
    undo(change.door_id, by=by, at=at)
    _call_undone(change)
    return Door.objects.get(pk=change.door_id)


def _put_back(change: DoorChange, by: str, may_skip_verify: bool, at: datetime | None) -> Door:
    before = from_document(change.before or {})
    door = save_door(before, by=by, may_skip_verify=may_skip_verify, door_id=change.door_id, at=at)
    _call_undone(change)
    return door


def _call_undone(change: DoorChange) -> None:
    DoorChange.objects.filter(door=change.door_id, pk__gt=change.pk, undone_at=None).update(what="undone")


def _check(given: DoorGiven, before: DoorGiven | None, may_skip_verify: bool) -> None:
    if not 0 < len(given.name.strip()) <= _NAME:
        raise BadDoor(_("请填写入口名称，最多 30 个字。"))
    if before and before.kind != given.kind:
        raise BadDoor(_("入口的类型不能改。请新建一个入口。"))
    if given.source_id and not Source.objects.filter(pk=given.source_id).exists():
        raise BadDoor(_("这个来源不存在，请重新选择。"))
    if any(not 0 < len(tag.strip()) <= 60 for tag in given.tags):
        raise BadDoor(_("标签最多 60 个字，不能空着。"))
    _check_verification(given, before, may_skip_verify)
    if given.kind == Door.Kind.GROUP_CODE:
        _check_groups(given)
    else:
        _check_staff(given)


def _check_verification(given: DoorGiven, before: DoorGiven | None, may_skip_verify: bool) -> None:
    if not given.skip_verify:
        return
    if before and before.skip_verify and before.skip_reason == given.skip_reason:
        return
    if not may_skip_verify:
        raise NeedsOwner(_("关闭好友验证只能由负责人决定。请负责人来修改，或保持验证。"))
    if not given.skip_reason.strip():
        raise NeedsOwner(_("关闭好友验证要写明理由，以后查得到。"))


def _check_groups(given: DoorGiven) -> None:
    chats = [group.chat_id for group in given.groups]
    if not chats:
        raise BadDoor(_("群活码至少要选一个群。"))
    if len(set(chats)) < len(chats):
        raise BadDoor(_("同一个群只能排一次。"))
    if any(not 1 <= group.limit <= FULL for group in given.groups):
        raise BadDoor(_("群人数上限要在 1 到 200 之间。"))
    if GroupChat.objects.filter(pk__in=chats, dismissed_at=None).count() < len(chats):
        raise BadDoor(_("有的群已解散或不存在，请重新选择。"))


def _check_staff(given: DoorGiven) -> None:
    for shift in given.shifts:
        _check_shift(shift)
    everybody = {*given.staff_ids, *given.backup_ids, *(staff for shift in given.shifts for staff in shift.staff_ids)}
    if not given.staff_ids and not given.shifts:
        raise BadDoor(_("请选择接待员工：全天接待，或排班次。"))
    if not given.backup_ids and (given.daily_limit or not given.staff_ids):
        raise BadDoor(_("有班次或每天上限时，要有后备员工：没有人在班、或都已加满时，由他们接待。"))
    if len(everybody) > _MOST[Door.Kind(given.kind)]:
        raise BadDoor(_("员工太多：平台最多允许 %d 位。") % _MOST[Door.Kind(given.kind)])
    if Staff.objects.filter(pk__in=everybody).count() < len(everybody):
        raise BadDoor(_("有的员工不存在，请重新选择。"))
    if given.daily_limit is not None and not 1 <= given.daily_limit <= 10_000:
        raise BadDoor(_("每天上限要在 1 到 10000 之间，或留空。"))


def _check_shift(shift: ShiftGiven) -> None:
    if not shift.weekdays or not set(shift.weekdays) <= set(range(7)):
        raise BadDoor(_("每个班次至少要选一天。"))
    if not (0 <= shift.start_minute < 1440 and 0 < shift.end_minute <= 1440) or shift.start_minute == shift.end_minute:
        raise BadDoor(_("班次的开始和结束不能相同。跨夜的班次，结束写第二天的时间。"))
    if not shift.staff_ids:
        raise BadDoor(_("每个班次至少要有一位员工。"))


def _write(door: Door, given: DoorGiven, before: DoorGiven | None, by: str) -> Door:
    kept = before is not None and before.skip_verify and before.skip_reason == given.skip_reason
    door.kind, door.name, door.source_id = given.kind, given.name.strip(), given.source_id
    door.tags = [tag.strip() for tag in given.tags]
    door.daily_limit, door.opens_groups = given.daily_limit, given.opens_groups
    door.consent_notice, door.skip_verify = given.consent_notice.strip(), given.skip_verify
    door.skip_reason = given.skip_reason.strip() if given.skip_verify else ""
    door.skip_by = (door.skip_by if kept else by) if given.skip_verify else ""
    door.order_days, door.order_alarm_bp = given.order_days, given.order_alarm_bp
    door.save()
    return door


def _write_people(door: Door, given: DoorGiven) -> None:
    door.members.all().delete()
    door.shifts.all().delete()
    door.groups.all().delete()
    DoorStaff.objects.bulk_create([*_members(door, given.staff_ids, False), *_members(door, given.backup_ids, True)])
    for one in given.shifts:
        shift = Shift.objects.create(
            door=door, weekdays=sorted(one.weekdays), start_minute=one.start_minute, end_minute=one.end_minute
        )
        shift.staff.set(one.staff_ids)
    DoorGroup.objects.bulk_create(
        DoorGroup(door=door, chat_id=group.chat_id, position=place, limit=group.limit)
        for place, group in enumerate(given.groups)
    )


def _members(door: Door, staff_ids: Iterable[int], is_backup: bool) -> list[DoorStaff]:
    return [DoorStaff(door=door, staff_id=staff, is_backup=is_backup) for staff in sorted(set(staff_ids))]


def _log(door: Door, by: str, what: str, before: DoorGiven | None, at: datetime | None) -> None:
    DoorChange.objects.create(
        door=door, at=at or time.now(), by=by, what=what, before=before.document() if before else None,
        after=settings_of(door).document(),
    )  # fmt: skip


def _token() -> str:
    return "".join(secrets.choice(_LETTERS) for _letter in range(10))
