"""Saying what a post is that nobody planned, and how much of a feed may sell."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from homeground.content.errors import BadLimit, BadPlan
from homeground.content.models import FeedKind, FeedLimit, MomentLabel
from homeground.content.queries import unplanned
from homeground.core import time

_FORM_FILLING = timedelta(minutes=15)  # "From now on", read off a page that was opened a while ago.


def label_moment(moment_id: int, kind: str, *, by: str, at: datetime | None = None) -> None:
    """Say what kind a member's own post, or a campaign's, is; empty takes the word back. Raises BadPlan."""
    if not unplanned().filter(pk=moment_id).exists():
        raise BadPlan(_("只有计划外的朋友圈需要归类。"))
    if not kind:
        MomentLabel.objects.filter(moment=moment_id).delete()
        return
    if kind not in FeedKind.values:
        raise BadPlan(_("没有这种内容类型。"))
    values = {"kind": kind, "set_by": by[:150], "set_at": at or time.now()}
    MomentLabel.objects.update_or_create(moment_id=moment_id, defaults=values)


def add_limit(row: FeedLimit, at: datetime | None = None) -> FeedLimit:
    """Add a limit. It counts from its day on. Raises BadLimit when it names no source or lies in the past."""
    if not row.source.strip():
        raise BadLimit(_("请写明依据：平台规则或团队的决定。"))
    if row.valid_from < (at or time.now()) - _FORM_FILLING:
        raise BadLimit(_("生效时间不能在过去：已经排好的计划不会改变。"))
    row.pk = None
    row.save(force_insert=True)
    return row
