"""Clocks, capacity, minutes, intervals and covers: what the lead sets. Clocks and retention are dated rows."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.people.models import Relation
from homeground.service.errors import BadRule
from homeground.service.models import (
    Capacity,
    ChatRetention,
    Cover,
    FollowUpRule,
    Inbound,
    ReplyClock,
    Work,
    WorkMinutes,
)
from homeground.service.models.dated import Dated
from homeground.service.services.customers import MOST_DAYS
from homeground.wecom.models import Staff

EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
_FORM_FILLING = timedelta(minutes=15)  # "From now on", read off a page that was opened a while ago.
_ALWAYS: dict[str, Any] = {"valid_from": datetime(1970, 1, 1, tzinfo=UTC), "set_by": "homeground"}


def set_clock(row: ReplyClock, at: datetime | None = None) -> ReplyClock:
    """Add a clock. It counts from its day on, until a newer one of the same kind does. Raises BadRule."""
    _refuse_unless_dated(row, at or time.now())
    if not row.weekdays or not set(row.weekdays) <= set(EVERY_DAY):
        raise BadRule(_("请至少选择一个工作日。"))
    if row.starts >= row.ends:
        raise BadRule(_("工作时段的结束要晚于开始。"))
    if not 1 <= row.minutes <= _length(row.starts, row.ends):
        raise BadRule(_("应答时限至少 1 分钟，且不能长过一个工作时段。"))
    row.save(force_insert=True)
    return row


def set_retention(row: ChatRetention, at: datetime | None = None) -> ChatRetention:
    """Keep words for so many days from its day on. Raises BadRule."""
    _refuse_unless_dated(row, at or time.now())
    row.save(force_insert=True)
    return row


@transaction.atomic
def set_capacity(staff: Staff, minutes: int, weekdays: Iterable[int]) -> Capacity:
    """How many minutes of which days a member has for customers. Raises BadRule."""
    days = sorted(set(weekdays))
    if not 0 <= minutes <= 960 or not days or not set(days) <= set(EVERY_DAY):
        raise BadRule(_("每日分钟请填 0–960，并至少选择一个工作日。"))
    return Capacity.objects.update_or_create(staff=staff, defaults={"minutes": minutes, "weekdays": days})[0]


@transaction.atomic
def set_work_minutes(minutes: Mapping[str, Decimal]) -> None:
    """How long one piece of each kind of work takes. Raises BadRule, with nothing written."""
    if not set(minutes) <= set(Work.values) or any(not Decimal("0.1") <= one <= 480 for one in minutes.values()):
        raise BadRule(_("每件分钟请填 0.1–480。"))
    for kind, each in minutes.items():
        WorkMinutes.objects.update_or_create(kind=kind, defaults={"minutes": each})


def add_follow_up_rule(*, basis: str, days: int, key: str = "", value: str = "", rank: int = 100) -> FollowUpRule:
    """In how many days customers of this kind are due again; 0: never. Raises BadRule."""
    if not 0 <= days <= MOST_DAYS:
        raise BadRule(_("跟进间隔请填 0–730 天。"))
    key, value = (key.strip(), value.strip()) if basis != FollowUpRule.Basis.EVERYBODY else ("", "")
    if basis == FollowUpRule.Basis.RELATION:
        value = _relation(value)
    try:
        with transaction.atomic():
            return FollowUpRule.objects.create(rank=rank, basis=basis, key=key, value=value, days=days)
    except IntegrityError:
        raise BadRule(_("请写明是哪些客户；同样的规则只能有一条。")) from None


def _relation(said: str) -> str:
    """A relation stage by its name on screen or its key. Raises BadRule."""
    for stage in Relation:
        if said in (stage.value, str(stage.label)):
            return stage.value
    raise BadRule(_("关系阶段请填：%s。") % "、".join(str(stage.label) for stage in Relation))


def remove_follow_up_rule(rule_id: int) -> None:
    """The rule counts no more. A repeat does no harm."""
    FollowUpRule.objects.filter(pk=rule_id).delete()


def add_cover(*, staff: Staff, by: Staff, starts_on: date, ends_on: date, set_by: str) -> Cover:
    """Let one member answer for another on these days. The same again changes the last day. Raises BadRule."""
    if staff == by or starts_on > ends_on:
        raise BadRule(_("后备要是另一位员工，结束日期不早于开始日期。"))
    return Cover.objects.update_or_create(
        staff=staff, by=by, starts_on=starts_on, defaults={"ends_on": ends_on, "set_by": set_by[:150]}
    )[0]


def end_cover(cover_id: int) -> None:
    """The cover is over. A repeat does no harm."""
    Cover.objects.filter(pk=cover_id).delete()


def install_defaults() -> None:
    """The rules of a new deployment. A subject that has any row is left as it is."""
    if not ReplyClock.objects.exists():
        ReplyClock.objects.bulk_create(_usual_clocks())
    if not ChatRetention.objects.exists():
        ChatRetention.objects.create(days=180, source="出厂默认：保留半年", **_ALWAYS)
    if not WorkMinutes.objects.exists():
        WorkMinutes.objects.bulk_create(
            WorkMinutes(kind=kind, minutes=Decimal(str(each))) for kind, each in WorkMinutes.USUAL.items()
        )
    if not FollowUpRule.objects.exists():
        FollowUpRule.objects.bulk_create(_usual_follow_ups())


def _usual_clocks() -> list[ReplyClock]:
    daytime = {"starts": clock(9), "ends": clock(21), "weekdays": EVERY_DAY}
    replies = [
        ReplyClock(
            kind=kind,
            minutes=10,
            source="出厂默认（M58）：朋友圈互动、单聊、@ 都在 10 分钟内回复",
            **daytime,
            **_ALWAYS,
        )
        for kind in Inbound.values
        if kind != Inbound.REQUEST
    ]
    source = "出厂默认（M57）：白天 30 分钟内通过好友申请"
    return [
        *replies,
        ReplyClock(kind=Inbound.REQUEST, minutes=30, is_in_hours=True, source=source, **daytime, **_ALWAYS),
    ]


def _usual_follow_ups() -> list[FollowUpRule]:
    basis = FollowUpRule.Basis
    return [
        FollowUpRule(rank=10, basis=basis.RELATION, value="many_way", days=14),
        FollowUpRule(rank=20, basis=basis.RELATION, value="two_way", days=30),
        FollowUpRule(rank=30, basis=basis.RELATION, value="one_way", days=60),
    ]


def _refuse_unless_dated(row: Dated, at: datetime) -> None:
    if not row.source.strip():
        raise BadRule(_("请写明依据：平台规则、制度或团队的决定。"))
    if row.valid_from < at - _FORM_FILLING:
        raise BadRule(_("生效时间不能在过去：已经发生的等待不会改变。"))


def _length(starts: clock, ends: clock) -> int:
    return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
