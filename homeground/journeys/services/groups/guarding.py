"""The guard of groups: what a message may do with each of them at a moment."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.channels.kinds.wecom import WECOM_MASS
from homeground.journeys.queries.policy import Policy, period_of, policy_at, quiet_until
from homeground.people.queries import brand

SQL = Path(__file__).parent.parent.parent / "sql" / "groups"
_GUARD = (SQL / "guard.sql").read_text()


@dataclass(frozen=True)
class Verdict:
    """What the guard says of one group. reason empty: it may go out."""

    chat_id: int  # Of wecom.GroupChat.
    reason: str
    detail: dict[str, Any] | None


def judge(chat_ids: Sequence[int], *, is_promotion: bool, at: datetime) -> list[Verdict]:
    """What a message may do with each of these groups, by the policy that counts at a moment."""
    policy = policy_at(at)
    params: dict[str, Any] = {"chats": list(chat_ids), "moment": at, "is_promotion": is_promotion}
    with connection.cursor() as cursor:
        cursor.execute(_GUARD, params | _limits(policy) | _quota(policy, at))
        return [Verdict(chat, reason, json.loads(detail or "null")) for chat, reason, detail in cursor.fetchall()]


def quiet_end(channel: str, at: datetime) -> datetime | None:
    """When the quiet hours end in which this channel is now; None: it is not quiet. A group has the brand's zone."""
    zone = brand().time_zone
    return quiet_until(at, zone, zone, policy_at(at).quiet_hours(channel))


def _limits(policy: Policy) -> dict[str, int | None]:
    limit = policy.groups
    return {
        "cap_days": limit.window_days if limit else None,
        "cap_most": limit.max_promotions if limit else None,
        "share_bp": limit.max_share_bp if limit else None,
        "share_from": limit.min_sends if limit else None,
    }


def _quota(policy: Policy, at: datetime) -> dict[str, Any]:
    """The platform counts for each group as it does for each customer: one rule, one row."""
    quota = policy.quotas.get(WECOM_MASS.slug)
    if quota is None:
        return {"quota_most": None, "quota_from": None, "quota_until": None}
    period = period_of(quota.mode, at)
    return {"quota_most": period.most, "quota_from": period.starts, "quota_until": period.ends}
