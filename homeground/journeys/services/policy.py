"""The guard's policy: new rows, never edits, so that what counted on any day can be shown."""

from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import Any

from django.utils.translation import gettext as _

from homeground.core import time
from homeground.journeys.errors import BadPolicy
from homeground.journeys.models import (
    FrequencyCap,
    GlobalHoldout,
    GroupLimit,
    PlatformQuota,
    PromotionShare,
    QuietHours,
    Restoration,
)
from homeground.journeys.models.policy import Dated
from homeground.people.models import Relation

_CAPS = {  # Promotions in 7 and in 30 days: the weaker the tie, the less it bears.
    Relation.NONE: (1, 2),
    Relation.ONE_WAY: (1, 4),
    Relation.TWO_WAY: (2, 6),
    Relation.MANY_WAY: (3, 8),
}
_FORM_FILLING = timedelta(minutes=15)  # "From now on", read off a page that was opened a while ago.


def add_policy(row: Dated, at: datetime | None = None) -> Dated:
    """Add a row of policy. It counts from its day on, until a newer row of the same subject does.

    Raises BadPolicy when it names no source or would change what counted before `at` (None: now).
    """
    if not row.source.strip():
        raise BadPolicy(_("请写明依据：平台规则、法规或团队的决定。"))
    if row.valid_from < (at or time.now()) - _FORM_FILLING:
        raise BadPolicy(_("生效时间不能在过去：已经发生的判断不会改变。"))
    row.pk = None
    row.save(force_insert=True)
    return row


def install_defaults() -> None:
    """The policy of a new deployment, which counts from ever. A subject that has any row is left as it is."""
    always: dict[str, Any] = {"valid_from": datetime(1970, 1, 1, tzinfo=UTC), "set_by": "homeground"}
    _unless_there(
        GlobalHoldout(
            share_bp=500,
            salt="global-1",
            source="出厂默认：5%（GrowthBook 默认 5%，LaunchDarkly 建议 1%–5%）",
            **always,
        )
    )
    _unless_there(QuietHours(starts=clock(21), ends=clock(9), source="出厂默认：客户当地 21:00–09:00 不打扰", **always))
    _unless_there(
        PromotionShare(
            max_share_bp=8000, window_days=30, min_touches=5, source="出厂默认：不把私域做成发广告的渠道", **always
        )
    )
    _unless_there(
        Restoration(
            by_reply=True,
            by_purchase=True,
            fresh_hours=24,
            source="出厂默认：客户回复或下单，说明消息受欢迎；同一天内仍不多发",
            **always,
        )
    )
    _unless_there(
        PlatformQuota(
            channel_kind="wecom_mass",
            mode=PlatformQuota.Mode.PER_MONTH_DAYS,
            source="企业微信开发者文档 92135（2025-11-17 版）：每位客户、每个客户群每月最多收到与当月天数相同的群发，"
            "企业与成员合计",
            **always,
        )
    )
    _unless_there(
        GroupLimit(
            window_days=7,
            max_promotions=3,
            max_share_bp=6000,
            min_sends=3,
            source="出厂默认：群不是货架，一周最多三条营销，别的话至少四成",
            **always,
        )
    )
    source = "出厂默认：关系越弱，能承受的营销越少"
    _unless_there(
        *(
            FrequencyCap(relation=relation, window_days=days, max_touches=most, source=source, **always)
            for relation, figures in _CAPS.items()
            for days, most in zip((7, 30), figures, strict=True)
        )
    )


def _unless_there(*rows: Dated) -> None:
    kind = type(rows[0])
    if not kind._default_manager.exists():
        kind._default_manager.bulk_create(rows)
