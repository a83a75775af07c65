"""The guard: one set-based gate for every touch, at queueing and again at dispatch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.channels.kinds import SHARED
from homeground.channels.kinds.wecom import WECOM_MASS
from homeground.channels.models import Channel
from homeground.journeys.models import Campaign
from homeground.journeys.queries.policy import Policy, period_of, policy_at, quiet_until
from homeground.people import queries as people

SQL = Path(__file__).parent.parent / "sql"
_GUARD = (SQL / "guard.sql").read_text()
_TABLE = """
CREATE TEMPORARY TABLE IF NOT EXISTS guard_candidate (
    customer_id bigint, root_id bigint, channel text, relation text, time_zone text, has_need boolean
) ON COMMIT DELETE ROWS;
DELETE FROM guard_candidate  -- Of an earlier use in the same transaction.
"""
_INSERT = (
    "INSERT INTO journeys_touch"
    " (campaign_id, customer_id, channel, is_promotion, state, reason, detail, due_at, attempts)"
    f" SELECT %(campaign_id)s, customer_id, channel, %(is_promotion)s, state, reason, detail, due_at, 0 FROM ({_GUARD})"
    " AS guarded"
)
# What may go out is claimed in the same breath: its key is stored before anybody calls the channel.
_CLAIM = (
    "UPDATE journeys_touch AS t SET"
    " state = CASE g.state WHEN 'queued' THEN 'sending' ELSE g.state END, reason = g.reason, detail = g.detail,"
    " due_at = CASE g.state WHEN 'deferred' THEN g.due_at ELSE t.due_at END,"
    " key = CASE g.state WHEN 'queued' THEN coalesce(t.key, gen_random_uuid()) ELSE t.key END,"
    " sent_at = CASE g.state WHEN 'queued' THEN %(moment)s::timestamptz ELSE t.sent_at END,"
    " attempts = t.attempts + (g.state = 'queued')::int"
    f" FROM ({_GUARD}) AS g WHERE t.campaign_id = %(campaign_id)s AND t.customer_id = g.customer_id"
    " RETURNING t.id, t.customer_id, t.channel, t.state, t.key"
)


def open_candidates() -> None:
    """Make this connection's table of candidates, or empty it."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)


def queue_candidates(campaign: Campaign, moment: datetime) -> int:
    """Give every candidate its one touch: queued, deferred or suppressed with its reason. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, _params(campaign, moment, since=None))
        return int(cursor.rowcount)


def claim_candidates(campaign: Campaign, moment: datetime) -> list[tuple[Any, ...]]:
    """Judge the candidates again, and claim those that may go out: (touch, customer, channel, state, key) of each."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, _params(campaign, moment, since=campaign.frozen_at))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _params(campaign: Campaign, moment: datetime, since: datetime | None) -> dict[str, Any]:
    policy = policy_at(moment)
    return {
        "campaign_id": campaign.pk,
        "moment": moment,
        "since": since,
        "is_promotion": campaign.is_promotion,
        "purpose": "promotion" if campaign.is_promotion else "service",
        "longest_days": policy.longest_days,
        **_addresses(campaign),
        **_caps(policy),
        **_share(policy),
        **_quiet(campaign, policy, moment),
        **_wecom(campaign, policy, moment),
    }


def channels_of(campaign: Campaign) -> list[str]:
    """The slugs of the channels that it goes through."""
    return [slug for slug in (campaign.channel, campaign.weak_channel) if slug]


def _addresses(campaign: Campaign) -> Mapping[str, list[str]]:
    channels = Channel.objects.filter(slug__in=channels_of(campaign)).exclude(kind__in=SHARED)
    pairs = [(channel.slug, kind) for channel in channels for kind in channel.address_kinds]
    return _columns(pairs, "address_channels", "address_kinds")


def _caps(policy: Policy) -> Mapping[str, list[Any]]:
    rows = [(cap.relation, cap.channel, cap.window_days, cap.max_touches) for cap in policy.caps]
    return _columns(rows, "cap_relations", "cap_channels", "cap_days", "cap_most")


def _share(policy: Policy) -> Mapping[str, int]:
    share = policy.share
    if share is None:
        return {"share_bp": 10_000, "share_days": 0, "share_from": 0}
    return {"share_bp": share.max_share_bp, "share_days": share.window_days, "share_from": share.min_touches}


def _quiet(campaign: Campaign, policy: Policy, moment: datetime) -> Mapping[str, list[Any]]:
    # A few hundred zones at most, whatever the number of customers: each is judged once, with its own clock changes.
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT time_zone FROM guard_candidate")
        zones = [zone for (zone,) in cursor.fetchall()]
    home = people.brand().time_zone
    rows = [
        (zone, channel, until)
        for channel in channels_of(campaign)
        for zone in zones
        if (until := quiet_until(moment, zone, home, policy.quiet_hours(channel)))
    ]
    return _columns(rows, "quiet_zones", "quiet_channels", "quiet_until")


def _wecom(campaign: Campaign, policy: Policy, moment: datetime) -> dict[str, list[Any]]:
    """What is peculiar to channels that staff confirm: friends, the platform's quota, and one consent for both."""
    channels = list(Channel.objects.filter(kind__in=SHARED))
    ours = [channel for channel in channels if channel.slug in channels_of(campaign)]
    quotas = [(channel.slug, quota) for channel in ours if (quota := policy.quotas.get(channel.kind))]
    periods = [(slug, quota.mode, period_of(quota.mode, moment)) for slug, quota in quotas]
    rows = [(slug, period.most, period.starts, period.ends, mode) for slug, mode, period in periods]
    # Who agreed to messages on WeCom sees our Moments there, and who wants none sees none of both.
    also = [(one.slug, mass.slug) for one in ours for mass in channels if mass.kind == WECOM_MASS.slug != one.kind]
    return {
        "friend_channels": [channel.slug for channel in ours],
        **_columns(rows, "quota_channels", "quota_most", "quota_from", "quota_until", "quota_modes"),
        **_columns(also, "consent_channels", "consent_slugs"),
    }


def _columns(rows: Sequence[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}
