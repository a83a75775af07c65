"""Handing posts over to the platform when their time has come, and following them until they end."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from homeground.content.errors import BadPlan
from homeground.content.models import MomentPlan
from homeground.content.services.attachments import MOMENTS, platform_attachments
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.people.models import Tag
from homeground.wecom.client.failures import WeComError
from homeground.wecom.models import CorpTag, Moment
from homeground.wecom.services import moments
from homeground.wecom.services import tags as corp_tags

TAG_GROUP = "客户标签"  # Of the corp's tags that stand beside ours without a group.
_log = logging.getLogger(__name__)
_State = MomentPlan.State
_BATCH = 20
_ABANDONED_AFTER = timedelta(minutes=10)  # A job that died is followed by another; the key makes the post once.
_RETRY_AFTER = timedelta(minutes=10)
_TOO_LATE = timedelta(hours=6)  # An evening's post does not appear the next morning.
_AHEAD = timedelta(days=1)
_FOLLOWED = timedelta(days=7)


def hand_over_due(at: datetime | None = None) -> int:
    """Place every planned post whose time has come. Any number of workers may call it: each post is placed once.

    What cannot be placed now is tried again for six hours; then it has failed and says why. Returns how many it tried.
    """
    at = at or time.now()
    _give_up_late(at)
    plans = _claim(at)
    for plan in plans:
        _hand_over(plan, at)
    return len(plans)


def ready_tags(at: datetime | None = None) -> int:
    """Make the corp's tags for posts that come within a day, so that customers carry them in time.

    Returns how many were made. Calls the platform: no transaction may be open. Raises NotConnected or a Failure.
    """
    soon = MomentPlan.objects.filter(state=_State.PLANNED, planned_at__lt=(at or time.now()) + _AHEAD)
    paired = CorpTag.objects.filter(is_deleted=False, people_tag__isnull=False).values("people_tag")
    missing = list(Tag.objects.filter(pk__in=soon.values("tags")).exclude(pk__in=paired).order_by("pk"))
    for tag in missing:
        corp_tags.ensure(tag.name, tag.group or TAG_GROUP)
    return len(missing)


def stop_plan(plan_id: int) -> None:
    """Let nobody who has not yet done so publish it. What is published stays. Raises BadPlan or a Failure."""
    plan = MomentPlan.objects.filter(pk=plan_id, state=_State.HANDED, moment__isnull=False).first()
    if plan is None or plan.moment_id is None:
        raise BadPlan(_("只有正在由员工发表的朋友圈可以停止。"))
    moments.cancel(plan.moment_id)
    close_ended()


def close_ended(at: datetime | None = None) -> int:
    """Close posts that ended at the platform, or a week after they were handed over. Returns how many."""
    at = at or time.now()
    handed = MomentPlan.objects.filter(state=_State.HANDED)
    failed = handed.filter(moment__state=Moment.State.FAILED)
    for plan in failed.select_related("moment"):
        MomentPlan.objects.filter(pk=plan.pk, state=_State.HANDED).update(
            state=_State.FAILED, error=plan.moment.error[:300] if plan.moment else ""
        )
    over = Q(moment__state__in=[Moment.State.DONE, Moment.State.CANCELLED]) | Q(planned_at__lt=at - _FOLLOWED)
    return handed.filter(over).update(state=_State.CLOSED)


def _give_up_late(at: datetime) -> None:
    late = MomentPlan.objects.filter(state=_State.PLANNED, planned_at__lt=at - _TOO_LATE)
    reason = _("到点后 6 小时内没能下发，请改时间后重新排期。")
    late.filter(error="").update(state=_State.FAILED, error=reason)
    late.update(state=_State.FAILED)


@transaction.atomic
def _claim(at: datetime) -> list[MomentPlan]:
    due = Q(state=_State.PLANNED, planned_at__lte=at) & (Q(retry_at=None) | Q(retry_at__lte=at))
    abandoned = Q(state=_State.HANDING, claimed_at__lt=at - _ABANDONED_AFTER)
    ready = MomentPlan.objects.filter(due | abandoned).order_by("planned_at", "pk")
    plans = list(ready.select_for_update(skip_locked=True)[:_BATCH])
    MomentPlan.objects.filter(pk__in=[plan.pk for plan in plans]).update(state=_State.HANDING, claimed_at=at)
    return plans


def _hand_over(plan: MomentPlan, at: datetime) -> None:
    try:
        _place(plan, at)
    except WeComError as refusal:
        _settle(plan, str(refusal), at, may_retry=refusal.may_retry)
    except BusinessError as failure:
        _settle(plan, str(failure), at)
    except Exception:
        _log.exception("Handing over the post %s failed", plan.pk)
        _settle(plan, _("下发时出错，已记入日志，稍后重试。"), at)
    else:
        _settle(plan, "", at)


def _place(plan: MomentPlan, at: datetime) -> Moment:
    tag_ids, userids = _tag_ids(plan), _userids(plan)
    attachments = platform_attachments(plan.attachments, MOMENTS)
    return moments.place(
        key=_key(plan),
        text=plan.text,
        attachments=attachments,
        userids=userids,
        tag_ids=tag_ids,
        at=at,
    )


def _userids(plan: MomentPlan) -> list[str]:
    if plan.is_by_all:
        return []
    found = list(plan.senders.filter(is_active=True).order_by("pk").values_list("userid", flat=True))
    if not found:
        raise BadPlan(_("选中的员工都已离职，请改由别人发表。"))
    return found


def _tag_ids(plan: MomentPlan) -> list[str]:
    """The corp's tags beside ours, made where missing, and put on those customers who do not carry them yet."""
    if plan.audience == MomentPlan.Audience.EVERYONE:
        return []
    tags = list(plan.tags.order_by("pk"))
    if not tags:  # Without a tag everybody would see the post.
        raise BadPlan(_("选中的客户标签都已删除，请重新选择谁能看。"))
    found = [corp_tags.ensure(tag.name, tag.group or TAG_GROUP).tag_id for tag in tags]
    corp_tags.push([tag.pk for tag in tags])
    return found


def _settle(plan: MomentPlan, error: str, at: datetime, *, may_retry: bool = True) -> None:
    """Write what came of it. The corp's own row says whether the platform may have the post."""
    mine = MomentPlan.objects.filter(pk=plan.pk, state=_State.HANDING)
    moment = Moment.objects.filter(key=_key(plan)).exclude(state=Moment.State.FAILED).first()
    if moment is not None:
        mine.update(state=_State.HANDED, moment=moment, error="")
    elif may_retry:
        mine.update(state=_State.PLANNED, retry_at=at + _RETRY_AFTER, error=error[:300])
    else:
        mine.update(state=_State.FAILED, error=error[:300])


def _key(plan: MomentPlan) -> str:
    return f"plan:{plan.pk}"
