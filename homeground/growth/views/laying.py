"""How a door's numbers are laid out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.growth.forms.fields import WEEKDAYS
from homeground.growth.given import DoorGiven, from_document
from homeground.growth.models import Door, DoorChange, DoorStaff
from homeground.growth.queries.duty import spans_of
from homeground.growth.queries.funnel import Steps
from homeground.ui import charts

Sync = Door.Sync
TONES: Mapping[str, str] = {
    Sync.WAITING: "amber", Sync.ASKING: "blue", Sync.PLACED: "green", Sync.FAILED: "red", Sync.UNKNOWN: "amber",
}  # fmt: skip
PERIODS = [(7, gettext_lazy("近 7 天")), (30, gettext_lazy("近 30 天")), (90, gettext_lazy("近 90 天"))]
_WHAT = {
    "created": gettext_lazy("新建"),
    "changed": gettext_lazy("修改"),
    "retired": gettext_lazy("停用"),
    "restored": gettext_lazy("恢复"),
    "undone": gettext_lazy("撤销"),
}
_FIELDS = {
    "name": gettext_lazy("入口名称"),
    "source_id": gettext_lazy("来源"),
    "tags": gettext_lazy("到达标签"),
    "staff_ids": gettext_lazy("全天接待"),
    "backup_ids": gettext_lazy("后备员工"),
    "shifts": gettext_lazy("班次"),
    "daily_limit": gettext_lazy("每人每天上限"),
    "groups": gettext_lazy("客户群"),
    "opens_groups": gettext_lazy("自动建群"),
    "welcomes": gettext_lazy("欢迎语"),
    "consent_notice": gettext_lazy("同意告知"),
    "skip_verify": gettext_lazy("好友验证"),
    "skip_reason": gettext_lazy("免验证的理由"),
    "order_days": gettext_lazy("下单观察天数"),
    "order_alarm_bp": gettext_lazy("下单率预警线"),
}


@dataclass(frozen=True)
class Step:
    """One step of the way through a door. share: of those who came; None where that says nothing."""

    label: str
    count: int
    share: float | None
    note: str


@dataclass(frozen=True)
class Hour:
    """One hour of the week. people: on shift, without back-ups."""

    hour: int
    people: int

    @property
    def depth(self) -> int:
        """How dark it is drawn: 0 to 4."""
        return min(self.people, 4)


def days_of(text: str) -> int:
    """A period that the page offers; 30 for anything else."""
    return int(text) if text in {str(days) for days, _label in PERIODS} else 30


def funnel_of(door: Door, steps: Steps) -> list[Step]:
    """The steps that this kind of door has, with what each is a share of."""
    came = steps.came

    def share(count: int) -> float | None:
        return count / came if came else None

    if door.kind == Door.Kind.GROUP_CODE:
        middle = [
            Step(_("进群"), came, None, _("经此入口入群的人")),
            Step(_("加为好友"), steps.friends, share(steps.friends), _("通过率：进群的人里，成为员工好友的")),
        ]
    else:
        middle = [
            Step(_("成为好友"), came, None, _("经此入口加上员工的人")),
            Step(_("进群"), steps.grouped, share(steps.grouped), _("加上后又进了客户群的人")),
        ]
    if door.skip_verify:
        middle.insert(0, Step(_("申请"), steps.requested, None, _asked(steps)))
    return [
        Step(_("打开"), steps.opened, None, _("打开入口页的手机，每台每天计一次")),
        *middle,
        Step(_("下单"), steps.ordered, share(steps.ordered), _("进来后 %d 天内付款的人") % door.order_days),
        Step(
            _("又离开"), steps.gone, share(steps.gone), _("好友删除或退群；其中客户主动 %d 人") % steps.gone_by_customer
        ),
    ]


def _asked(steps: Steps) -> str:
    if not steps.requested:
        return _("免验证时平台才告知申请")
    return _("通过率：申请的人里，%(passed)d 人已成为好友（%(share)s）") % {
        "passed": steps.passed, "share": f"{steps.passed / steps.requested:.1%}",
    }  # fmt: skip


def days_chart(days: Mapping[date, Steps], since: date, until: date) -> charts.Chart:
    """By day of first arrival."""
    every = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    found = [days.get(day, Steps()) for day in every]
    series = {
        _("打开"): [steps.opened for steps in found],
        _("进来"): [steps.came for steps in found],
        _("下单"): [steps.ordered for steps in found],
        _("又离开"): [steps.gone for steps in found],
    }
    return charts.lines(_("每天进来的人，以及他们后来怎样"), [f"{day:%m-%d}" for day in every], series)


def week_of(door: Door) -> list[tuple[str, list[Hour]]]:
    """How many are on in each hour of the week; none for a door without shifts."""
    shifts = list(door.shifts.prefetch_related("staff"))
    if not shifts:
        return []
    spans = spans_of(shifts)
    people = [{staff.pk for staff in shift.staff.all()} for shift in shifts]
    always = set(DoorStaff.objects.filter(door=door, is_backup=False).values_list("staff_id", flat=True))

    def on(weekday: int, hour: int) -> int:
        # Whoever is on at some minute of the hour.
        minutes = range(hour * 60, hour * 60 + 60)
        places = [n for n, span in enumerate(spans) if any(span.covers(weekday, minute) for minute in minutes)]
        return len(always.union(*(people[place] for place in places)))

    return [(str(label), [Hour(hour, on(day, hour)) for hour in range(24)]) for day, label in WEEKDAYS]


def changes_of(changes: Iterable[DoorChange]) -> list[dict[str, Any]]:
    """The log, with what each changed, and which one can be taken back."""
    rows = []
    can_undo = True  # The newest that still counts.
    for change in changes:
        is_undoable = can_undo and not change.undone_at and change.what in ("changed", "retired", "restored")
        rows.append(
            {"change": change, "what": _WHAT[change.what], "fields": _changed(change), "is_undoable": is_undoable}
        )
        can_undo = can_undo and (bool(change.undone_at) or change.what == "undone")
    return rows


def _changed(change: DoorChange) -> list[str]:
    if not change.before:
        return []
    before, after = from_document(change.before), from_document(change.after)
    return [str(label) for name, label in _FIELDS.items() if _differs(before, after, name)]


def _differs(before: DoorGiven, after: DoorGiven, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))
