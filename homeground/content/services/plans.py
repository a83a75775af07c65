"""Planning posts: written, planned, taken back, copied from last month."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeground.content import queries
from homeground.content.errors import BadPlan, OneSidedFeed
from homeground.content.models import MomentPlan
from homeground.content.models.feed import MOST_BYTES, MOST_CHARACTERS
from homeground.content.services.attachments import MOMENTS, checked
from homeground.content.services.messages import BLANK
from homeground.core import time
from homeground.people.models import Tag
from homeground.people.queries import brand
from homeground.wecom.models import Staff

State, Audience = MomentPlan.State, MomentPlan.Audience
_OPEN = (State.DRAFT, State.PLANNED, State.FAILED)
_FORM_FILLING = timedelta(minutes=15)  # "Now", read off a page that was opened a while ago.
_COPIED = ("kind", "topic", "text", "attachments", "audience", "is_by_all", "persona_id")


@transaction.atomic
def save_plan(plan: MomentPlan, *, tag_ids: Iterable[int], staff_ids: Iterable[int]) -> MomentPlan:
    """Write a post, new or changed. A changed one is a draft again: it has to be planned anew.

    Raises BadPlan or BadAttachment, with nothing written; BadPlan also when it has been handed over.
    """
    if plan.pk:
        _open(plan.pk)
    plan.attachments = checked(plan.attachments, MOMENTS)
    check_text(plan.text)
    plan.state, plan.error, plan.retry_at = State.DRAFT, "", None
    _unsign(plan)
    plan.save()
    plan.tags.set(Tag.objects.filter(pk__in=tag_ids) if plan.audience == Audience.TAGS else [])
    plan.senders.set([] if plan.is_by_all else Staff.objects.filter(pk__in=staff_ids))
    return plan


def check_text(text: str) -> None:
    """Raises BadPlan when the platform would refuse the text: it counts characters and bytes, each by itself."""
    if "\x00" in text:
        raise BadPlan(_("文案里有看不见的空字符，请删去。"))
    if len(text) > MOST_CHARACTERS or len(text.encode()) > MOST_BYTES:
        raise BadPlan(_("文案太长：平台最多 2000 个字符且 4000 字节（约 1333 个汉字），现在是 %(now)d 字节。") % {
            "now": len(text.encode()),
        })  # fmt: skip


@transaction.atomic
def schedule_plan(
    plan_id: int, *, by: str, override_reason: str = "", may_override: bool = False, at: datetime | None = None
) -> MomentPlan:
    """Let a draft be handed over when its time comes. A repeat changes nothing.

    override_reason: why a feed may be one-sided this once; kept with `by`. may_override: whether `by` may say so.
    Raises BadPlan, or OneSidedFeed which an override answers; nothing is changed then.
    """
    at = at or time.now()
    plan = _open(plan_id)
    if plan.state == State.PLANNED:
        return plan
    _refuse_incomplete(plan, at)
    if refusal := queries.outlook_of(plan, at).refusal:
        _override(plan, refusal, override_reason if may_override else "", by, at)
    plan.state, plan.error, plan.retry_at = State.PLANNED, "", None
    plan.save()
    return plan


@transaction.atomic
def unschedule_plan(plan_id: int) -> MomentPlan:
    """Take a planned post back, so that it stays a draft. Raises BadPlan once it is being handed over."""
    plan = _open(plan_id)
    plan.state = State.DRAFT
    _unsign(plan)
    plan.save()
    return plan


@transaction.atomic
def delete_plan(plan_id: int) -> None:
    """Remove a post that was never handed over. Raises BadPlan."""
    _open(plan_id).delete()


@transaction.atomic
def copy_month(month: date, *, by: str) -> tuple[int, int]:
    """Copy the posts of the month before as drafts to the same weekday and week of this one. A repeat adds nothing.

    Returns how many were copied, and how many fell on a fifth weekday that this month has not.
    """
    zone = brand().time_zone
    before = queries.plans_of_month(_month_before(month)).exclude(state=State.FAILED)
    copied = set(MomentPlan.objects.filter(copied_from__in=before).values_list("copied_from_id", flat=True))
    made = skipped = 0
    for plan in before.exclude(pk__in=copied).prefetch_related("tags", "senders"):
        day = queries.same_place_in(month, time.day_of(plan.planned_at, zone))
        made, skipped = made + bool(day), skipped + (not day)
        if day:
            _copy(plan, time.start_of(day, zone) + _since_midnight(plan.planned_at, zone), by)
    return made, skipped


def _copy(plan: MomentPlan, planned_at: datetime, by: str) -> None:
    values: dict[str, Any] = {name: getattr(plan, name) for name in _COPIED}
    try:
        with transaction.atomic():
            copy = MomentPlan.objects.create(**values, planned_at=planned_at, copied_from=plan, created_by=by[:150])
            copy.tags.set(plan.tags.all())
            copy.senders.set(plan.senders.all())
    except IntegrityError:  # Another click copied it in this moment.
        return


def _since_midnight(moment: datetime, zone: str) -> timedelta:
    return moment - time.start_of(time.day_of(moment, zone), zone)


def _month_before(month: date) -> date:
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def _open(plan_id: int) -> MomentPlan:
    plan = MomentPlan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None or plan.state not in _OPEN:
        raise BadPlan(_("这条朋友圈已经下发给员工，不能再改；需要的话可以停止剩余发表。"))
    return plan


def _unsign(plan: MomentPlan) -> None:
    plan.override_reason = plan.override_by = ""
    plan.override_at = None


def _refuse_incomplete(plan: MomentPlan, at: datetime) -> None:
    if not plan.text.strip() and not plan.attachments:
        raise BadPlan(_("文案和附件至少要有一样。"))
    if BLANK in plan.text:
        raise BadPlan(_("还有没填的 ____，请先换成真实内容。"))
    if plan.audience == Audience.TAGS and not plan.tags.exists():
        raise BadPlan(_("请选择哪些标签的客户能看；确实要给所有人看，就选“全部客户”。"))
    if not plan.is_by_all and not plan.senders.exists():
        raise BadPlan(_("请选择由哪些员工发表。"))
    if plan.planned_at < at - _FORM_FILLING:
        raise BadPlan(_("计划时间已经过去，请改到以后。"))


def _override(plan: MomentPlan, refusal: str, reason: str, by: str, at: datetime) -> None:
    if not reason.strip():
        raise OneSidedFeed(refusal)
    plan.override_reason, plan.override_by, plan.override_at = reason.strip()[:200], by[:150], at
