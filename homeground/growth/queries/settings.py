"""A door's settings as one value."""

from homeground.growth.given import DoorGiven, GroupGiven, ShiftGiven, WelcomeGiven
from homeground.growth.models import Door, Welcome


def settings_of(door: Door) -> DoorGiven:
    """What an operator said of the door."""
    members = list(door.members.order_by("staff_id").values_list("staff_id", "is_backup"))
    return DoorGiven(
        kind=door.kind,
        name=door.name,
        source_id=door.source_id,
        tags=tuple(door.tags),
        staff_ids=tuple(staff for staff, is_backup in members if not is_backup),
        backup_ids=tuple(staff for staff, is_backup in members if is_backup),
        shifts=tuple(_shifts(door)),
        daily_limit=door.daily_limit,
        groups=tuple(GroupGiven(chat, limit) for chat, limit in door.groups.values_list("chat_id", "limit")),
        opens_groups=door.opens_groups,
        welcomes=tuple(map(welcome_of, door.welcomes.all())),
        consent_notice=door.consent_notice,
        skip_verify=door.skip_verify,
        skip_reason=door.skip_reason,
        skip_by=door.skip_by,
        order_days=door.order_days,
        order_alarm_bp=door.order_alarm_bp,
    )


def default_welcomes() -> tuple[WelcomeGiven, ...]:
    """What friends are told who came through no door."""
    return tuple(map(welcome_of, Welcome.objects.filter(door=None)))


def welcome_of(row: Welcome) -> WelcomeGiven:
    """One welcome as a value."""
    return WelcomeGiven(
        row.text, tuple(row.weekdays), row.start_minute, row.end_minute, row.relation, row.attachment, row.title,
        row.url, row.appid, row.picture_id,
    )  # fmt: skip


def _shifts(door: Door) -> list[ShiftGiven]:
    return [
        ShiftGiven(
            tuple(shift.weekdays),
            shift.start_minute,
            shift.end_minute,
            tuple(sorted(staff.pk for staff in shift.staff.all())),
        )
        for shift in door.shifts.prefetch_related("staff")
    ]
