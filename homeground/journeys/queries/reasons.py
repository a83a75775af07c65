"""Why a touch did not go out, or not yet, as a sentence for a person."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.channels.messages import reason_text as channel_words
from homeground.journeys.models import QUIET_HOURS, GroupReason, GroupState, Suppression, TouchState


def reason_text(state: str, reason: str, detail: object = None) -> str:
    """Why, as a sentence for a person: 7 天内已收到 2 条营销信息，上限 2 条."""
    figures = detail if isinstance(detail, dict) else {}
    if reason == Suppression.EXPIRED:
        return _expired(figures)
    if reason == QUIET_HOURS:
        return _("免打扰时段，顺延到时段结束")
    if reason not in Suppression.values:
        words = figures.get("words")
        return channel_words(f"{reason}: {words}" if words else reason) if reason else str(TouchState(state).label)
    why = _with_figures(reason, figures) or str(Suppression(reason).label)
    return _("%s；有余量时再发") % why if state == TouchState.DEFERRED else why


def group_reason(reason: str, detail: object = None) -> str:
    """Why a group did not get it, or not yet, as a sentence for a person: 7 天内已有 3 条营销，上限 3 条."""
    figures = detail if isinstance(detail, dict) else {}
    if reason == QUIET_HOURS:
        return _("免打扰时段，顺延到时段结束")
    if reason in _OF_GROUPS:
        return str(_OF_GROUPS[reason])
    if reason not in GroupReason.values:
        return reason_text(TouchState.FAILED, reason, detail)
    return _of_group(reason, figures) or str(GroupReason(reason).label)


def group_label(state: str, reason: str) -> str:
    """Where a group of a campaign stands, and why, for a person: 已排除 is told by its reason alone."""
    if state == GroupState.SUPPRESSED:
        return group_reason(reason)
    label = str(GroupState(state).label if state in GroupState.values else TouchState(state).label)
    if state == TouchState.ASSIGNED:
        label = _("待群主确认")
    return f"{label} · {group_reason(reason)}" if reason else label


_OF_GROUPS = {
    "not_confirmed": gettext_lazy("群主一直没有确认"),
    "over_quota": gettext_lazy("平台：这个群本期已收满其他群发"),
    "not_sent": gettext_lazy("群主确认了，平台没有发到这个群（群满额或已解散）"),
}


def _of_group(reason: str, figures: dict[str, Any]) -> str:
    if not figures:
        return ""
    if reason == GroupReason.GROUP_CAP:
        return _("%(days)d 天内这个群已有 %(had)d 条营销，上限 %(most)d 条") % figures
    if reason == GroupReason.GROUP_SHARE:
        share = {**figures, "percent": figures["share_bp"] / 100}
        return _("%(days)d 天内发到这个群的 %(sends)d 条里已有 %(promotions)d 条营销，占比上限 %(percent)g%%") % share
    return _("平台本期最多 %(most)d 条群发，这个群已送达和待确认的共 %(had)d 条") % figures


def _expired(figures: dict[str, Any]) -> str:
    waited_for = figures.get("waited_for")
    if waited_for is None:
        return str(Suppression.EXPIRED.label)
    if not waited_for:
        return _("过了有效期；在排队或暂停中没有发出")
    return _("过了有效期；一直在等：%s") % reason_text(TouchState.SUPPRESSED, waited_for, figures)


def _with_figures(reason: str, figures: dict[str, Any]) -> str:
    if not figures:
        return ""
    if reason == Suppression.FREQUENCY_CAP:
        return _("%(days)d 天内已收到 %(had)d 条营销信息，上限 %(most)d 条") % figures
    if reason == Suppression.PROMOTION_SHARE:
        share = {**figures, "percent": figures["share_bp"] / 100}
        return _("%(days)d 天内收到的 %(touches)d 条里已有 %(promotions)d 条营销，占比上限 %(percent)g%%") % share
    if reason == Suppression.PLATFORM_QUOTA:
        return _("平台本期最多 %(most)d 条群发，已送达和待确认的共 %(had)d 条") % figures
    if reason == Suppression.OUTRANKED:
        return _("让位于更重要的“%(name)s”") % figures
    return ""
