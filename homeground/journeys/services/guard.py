"""The guard: one set-based gate for every touch, at queueing and again at dispatch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.channels.kinds import SHARED
from homeground.channels.models import Channel
from homeground.journeys.models import Campaign
from homeground.journeys.queries.policy import Policy, period_of, policy_at, quiet_until
from homeground.journeys.services.reaching import PERSON, REACH, columns, reach_of
from homeground.people import queries as people

SQL = Path(__file__).parent.parent / "sql"
BORNE = f"{PERSON}, {(SQL / 'borne.sql').read_text()}"
_TABLES = (SQL / "guard_tables.sql").read_text()
_WALKERS = (SQL / "walkers.sql").read_text()
_ASKED = (
    "WITH asked AS (SELECT id AS candidate_id, root_id, channel, relation, is_promotion, since FROM guard_candidate), "
)
_GUARD = f"{_ASKED}{BORNE}, {REACH}, {(SQL / 'guard.sql').read_text()}"
_INSERT = (
    "INSERT INTO journeys_touch (campaign_id, customer_id, enrolment_id, step, channel, is_promotion, state, reason,"
    " detail, due_at, first_due_at, expires_at, attempts)"
    " SELECT c.campaign_id, c.customer_id, c.enrolment_id, c.step, c.channel, c.is_promotion, g.state, g.reason,"
    " g.detail, g.due_at, CASE g.state WHEN 'deferred' THEN %(moment)s::timestamptz END, c.expires_at, 0"
    f" FROM ({_GUARD}) AS g JOIN guard_candidate c ON c.id = g.id"
)
_MANY = 2000  # So many candidates are worth statistics: without them the planner thinks of a few.


@dataclass(frozen=True)
class Walker:
    """Who has come to a message step of a journey."""

    enrolment_id: int
    step: int
    customer_id: int


@dataclass(frozen=True)
class Answer:
    """What the guard says of one message to one customer. due_at: when it would go out, or be looked at again."""

    channel: str
    state: str
    reason: str
    detail: dict[str, Any] | None
    due_at: datetime


def open_candidates(few: bool = False) -> None:
    """Make this connection's tables of candidates and verdicts, or empty them.

    few: they are a small part of all customers, for the rest of the transaction: asked by index, not by whole tables.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        if few:  # 5,000 of 250,000: 5,200 → 8,400 a second. The tables that matter are in memory.
            cursor.execute("SET LOCAL random_page_cost = 1.1")


def queue_candidates(moment: datetime, repeat: str = "") -> int:
    """Give every candidate its one touch: queued, deferred or suppressed with its reason. Returns how many.

    repeat: what to do about one that has its touch already, as SQL.
    """
    with connection.cursor() as cursor:
        cursor.execute(_INSERT + repeat, params(moment))
        return int(cursor.rowcount)


@transaction.atomic
def queue_walkers(campaign: Campaign, walkers: Sequence[Walker], at: datetime, expires_at: datetime) -> int:
    """Give each walker who came to a message step a touch: queued, deferred or suppressed with its reason.

    expires_at: until when it may go out. Nothing is sent. Returns how many touches are new: a walk has one a step, and
    a repeat changes nothing.
    """
    if not walkers:
        return 0
    open_candidates(few=True)
    _add_walkers(campaign, walkers, expires_at)
    if len(walkers) > _MANY:
        _analyze()
    return queue_candidates(at, " ON CONFLICT (enrolment_id, step) WHERE enrolment_id IS NOT NULL DO NOTHING")


def _add_walkers(campaign: Campaign, walkers: Sequence[Walker], expires_at: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _WALKERS,
            {
                "enrolment_ids": [walker.enrolment_id for walker in walkers],
                "steps": [walker.step for walker in walkers],
                "customer_ids": [walker.customer_id for walker in walkers],
                "campaign_id": campaign.pk or 0,
                "is_promotion": bool(campaign.is_promotion),
                "channel": campaign.channel,
                "weak_channel": campaign.weak_channel,
                "expires_at": expires_at,
            },
        )


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE guard_candidate")


@transaction.atomic
def answer(
    *, customer_id: int, channel: str, weak_channel: str = "", is_promotion: bool, at: datetime, expires_at: datetime
) -> Answer:
    """What the guard would say of one message of a journey to one customer. Nothing is written."""
    asked = Campaign(channel=channel, weak_channel=weak_channel, is_promotion=is_promotion)
    open_candidates(few=True)
    _add_walkers(asked, [Walker(0, 0, customer_id)], expires_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.channel, g.state, g.reason, g.detail, g.due_at"
            f" FROM ({_GUARD}) AS g JOIN guard_candidate c ON c.id = g.id",
            params(at),
        )
        return Answer(*cursor.fetchone())


def judge_candidates(moment: datetime) -> None:
    """Write what the guard says of every candidate, taken for itself, into the table of verdicts."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE guard_candidate")
        cursor.execute(f"INSERT INTO guard_verdict (id, state, reason, detail, due_at) {_GUARD}", params(moment))
        cursor.execute("ANALYZE guard_verdict")  # Else the touches are joined to it by reading them all.


def params(moment: datetime) -> dict[str, Any]:
    """What the guard's SQL and the arbiter's need to know at a moment, for the candidates that are there."""
    policy = policy_at(moment)
    places, has_since = _places()
    channels = list(Channel.objects.filter(slug__in={channel for _zone, channel in places}))
    return {
        "moment": moment,
        "has_since": has_since,
        "longest_days": policy.longest_days,
        **reach_of(channels),
        **_caps(policy),
        **_share(policy),
        **_restoration(policy),
        **_quiet(places, policy, moment),
        **_quotas(channels, policy, moment),
    }


def channels_of(campaign: Campaign) -> list[str]:
    """The slugs of the channels that it goes through."""
    return [slug for slug in (campaign.channel, campaign.weak_channel) if slug]


def _places() -> tuple[list[tuple[str, str]], bool]:
    """In which zones through which channels candidates would be reached, and whether purchases count for any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT time_zone, channel, bool_or(since IS NOT NULL) FROM guard_candidate GROUP BY 1, 2")
        rows = cursor.fetchall()
    return [(zone, channel) for zone, channel, _since in rows], any(has_since for _zone, _channel, has_since in rows)


def _caps(policy: Policy) -> Mapping[str, list[Any]]:
    rows = [(cap.relation, cap.channel, cap.window_days, cap.max_touches) for cap in policy.caps]
    return columns(rows, "cap_relations", "cap_channels", "cap_days", "cap_most")


def _share(policy: Policy) -> Mapping[str, int]:
    share = policy.share
    if share is None:
        return {"share_bp": 10_000, "share_days": 0, "share_from": 0}
    return {"share_bp": share.max_share_bp, "share_days": share.window_days, "share_from": share.min_touches}


def _restoration(policy: Policy) -> Mapping[str, Any]:
    row = policy.restoration
    if row is None:
        return {"by_reply": False, "by_purchase": False, "fresh_hours": 0}
    return {"by_reply": row.by_reply, "by_purchase": row.by_purchase, "fresh_hours": row.fresh_hours}


def _quiet(places: Sequence[tuple[str, str]], policy: Policy, moment: datetime) -> Mapping[str, list[Any]]:
    # A few hundred zones at most, whatever the number of customers: each is judged once, with its own clock changes.
    home = people.brand().time_zone
    rows = [
        (zone, channel, until)
        for zone, channel in places
        if (until := quiet_until(moment, zone, home, policy.quiet_hours(channel)))
    ]
    return columns(rows, "quiet_zones", "quiet_channels", "quiet_until")


def _quotas(channels: Sequence[Channel], policy: Policy, moment: datetime) -> Mapping[str, list[Any]]:
    """How many mass messages the platform lets through on those that staff confirm."""
    shared = [channel for channel in channels if channel.kind in SHARED]
    quotas = [(channel.slug, quota) for channel in shared if (quota := policy.quotas.get(channel.kind))]
    periods = [(slug, quota.mode, period_of(quota.mode, moment)) for slug, quota in quotas]
    rows = [(slug, period.most, period.starts, period.ends, mode) for slug, mode, period in periods]
    return columns(rows, "quota_channels", "quota_most", "quota_from", "quota_until", "quota_modes")
