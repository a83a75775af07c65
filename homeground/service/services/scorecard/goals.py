"""Goals of the four metrics (M56–M60): dated rows; a change is a new row."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeground.core import time
from homeground.service.errors import BadRule
from homeground.service.models import ScoreGoal

_FORM_FILLING = timedelta(minutes=15)  # "From now on", read off a page that was opened a while ago.
_ALWAYS: dict[str, Any] = {"valid_from": datetime(1970, 1, 1, tzinfo=UTC), "set_by": "homeground"}
_USUAL = {
    ScoreGoal.Metric.ACCEPTED: (10_000, "M57：白天 30 分钟内通过好友申请"),
    ScoreGoal.Metric.ANSWERED: (10_000, "M58：朋友圈互动、单聊、@ 都在 10 分钟内回复，不遗漏"),
    ScoreGoal.Metric.CARED: (10_000, "M59：一个月内每位好友都有一次点赞和一次评论"),
    ScoreGoal.Metric.CONVERTED: (200, "M24：1000 人进来不到 20 人下单，是不精准的信号"),
}


def set_goal(goal: ScoreGoal, at: datetime | None = None) -> ScoreGoal:
    """Add a goal. It counts from its day on, until a newer one of the same metric does. Raises BadRule."""
    if not goal.source.strip():
        raise BadRule(_("请写明依据：平台规则、制度或团队的决定。"))
    if not 1 <= goal.share_bp <= 10_000:
        raise BadRule(_("目标要在万分之一到百分之百之间。"))
    if goal.valid_from < (at or time.now()) - _FORM_FILLING:
        raise BadRule(_("生效时间不能在过去：已经看过的记分卡不会改变。"))
    goal.save(force_insert=True)
    return goal


def install_goals() -> None:
    """The goals of a new deployment, with where each comes from; 入口加好友率 has none until somebody sets one."""
    if not ScoreGoal.objects.exists():
        ScoreGoal.objects.bulk_create(
            ScoreGoal(metric=metric, share_bp=share, source=source, **_ALWAYS)
            for metric, (share, source) in _USUAL.items()
        )
