"""Why a touch did not go out, or not yet, as a sentence for a person."""

from typing import Any

from django.utils.translation import gettext as _

from homeground.channels.messages import reason_text as channel_words
from homeground.journeys.models import QUIET_HOURS, Suppression, TouchState


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
