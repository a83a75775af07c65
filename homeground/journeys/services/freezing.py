"""The freeze: who is in, in which arm, and what the guard says of each, all at one moment and in one transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from homeground.channels.models import Channel
from homeground.content.services import refuse_blanks, refuse_personal
from homeground.core import time
from homeground.journeys.errors import CannotFreeze, WrongState
from homeground.journeys.holdout import buckets
from homeground.journeys.models import Arm, Campaign, GlobalHoldout, State
from homeground.journeys.queries import policy_at
from homeground.journeys.services import groups, guard
from homeground.segments import services as segments

_AUDIENCE = (guard.SQL / "audience.sql").read_text()
_TREATED = (guard.SQL / "treated.sql").read_text()
_TABLES = """
CREATE TEMPORARY TABLE IF NOT EXISTS audience_member (customer_id bigint, has_need boolean) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS audience_person (customer_id bigint, arm text, has_need boolean)
    ON COMMIT DELETE ROWS;
DELETE FROM audience_member;
DELETE FROM audience_person
"""
_TREATED_CODE, _HOLDOUT_CODE, _GLOBAL_CODE = range(3)
_ARMS = np.array([Arm.TREATED, Arm.HOLDOUT, Arm.GLOBAL_HOLDOUT])


def freeze_campaign(campaign_id: int, at: datetime | None = None) -> Campaign:
    """Fix the audience - or the groups -, the arms, the wording and every touch. Returns the frozen campaign.

    at: the moment of the freeze; outcomes count from it. The segment is computed as of it first.
    A repeat raises WrongState. Raises CannotFreeze for an empty audience or a channel that does not fit; nothing is
    left then.
    """
    at = at or time.now()
    draft = Campaign.objects.select_related("segment", "need", "message").get(pk=campaign_id)
    _refuse_unless_ready(draft)
    members, needing = _members(draft, at)
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        _refuse_unless_draft(campaign)
        _make_room()
        _keep_wording(campaign, draft, at)
        due_at = max(at, campaign.scheduled_at or at)
        if campaign.groups is not None:
            groups.enter(campaign, members, due_at)
        else:
            _enter(campaign, members, needing, policy_at(at).holdout)
            _queue(campaign, due_at)
        campaign.save()
    return campaign


def arms(campaign: Campaign, ids: NDArray[np.int64], everywhere: GlobalHoldout | None) -> NDArray[np.int64]:
    """The arm code of each id: the global holdout first (promotions only), then the campaign's own."""
    codes = np.where(buckets(f"campaign:{campaign.pk}", ids) < campaign.holdout_bp, _HOLDOUT_CODE, _TREATED_CODE)
    if campaign.is_promotion and everywhere and everywhere.share_bp:
        codes = np.where(buckets(everywhere.salt, ids) < everywhere.share_bp, _GLOBAL_CODE, codes)
    return codes


def _refuse_unless_ready(draft: Campaign) -> None:
    _refuse_unless_draft(draft)
    kinds = dict(Channel.objects.filter(is_enabled=True).values_list("slug", "kind"))
    for slug in guard.channels_of(draft):
        if slug not in kinds:
            raise CannotFreeze(_("渠道“%s”未启用，请先到“渠道”页启用它。") % slug)
        if kinds[slug] != draft.message.channel_kind:
            raise CannotFreeze(_("消息模板是为另一类渠道写的，请换一个与渠道“%s”同类型的模板。") % slug)
    refuse_personal(draft.message.wording)
    refuse_blanks(draft.message.wording)


def _refuse_unless_draft(campaign: Campaign) -> None:
    if campaign.state != State.DRAFT:
        raise WrongState(_("只有草稿可以锁定受众；这个活动的状态是“%s”。") % State(campaign.state).label)


def _members(draft: Campaign, at: datetime) -> tuple[list[int], set[int] | None]:
    # Outside the transaction: ClickHouse works here, and nothing of ours is locked meanwhile.
    assert draft.segment
    for segment in filter(None, (draft.segment, draft.need)):
        if segment.is_dynamic:
            segments.refresh(segment, at)
            segment.refresh_from_db()
    needing = set(segments.members(draft.need)) if draft.need else None
    return segments.members(draft.segment), needing


def _make_room() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")  # Hash joins of the whole audience stay in memory.
        cursor.execute(_TABLES)
    guard.open_candidates()


def _keep_wording(campaign: Campaign, draft: Campaign, at: datetime) -> None:
    assert draft.segment
    message, channel = draft.message, Channel.objects.get(slug=draft.channel)
    campaign.subject, campaign.body, campaign.is_promotion = message.subject, message.body, message.is_promotion
    campaign.attachments = message.attachments
    campaign.touch_cost_minor = channel.unit_cost_minor
    campaign.frozen_at, campaign.state = at, State.FROZEN
    campaign.segment_as_of = draft.segment.as_of


def _enter(campaign: Campaign, members: list[int], needing: set[int] | None, everywhere: GlobalHoldout | None) -> None:
    persons, needs = _persons(members, needing)
    assert campaign.segment
    if not len(persons):
        raise CannotFreeze(_("人群“%s”里现在没有人，请换一个人群或放宽条件。") % campaign.segment.name)
    codes = arms(campaign, persons, everywhere)
    rows = zip(persons.tolist(), _ARMS[codes].tolist(), needs, strict=True)
    _copy("audience_person (customer_id, arm, has_need)", rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journeys_participant (campaign_id, customer_id, arm)"
            " SELECT %s, customer_id, arm FROM audience_person",
            [campaign.pk],
        )
    campaign.audience_size = len(persons)
    campaign.global_bp = everywhere.share_bp if everywhere and campaign.is_promotion else 0


def _persons(members: list[int], needing: set[int] | None) -> tuple[NDArray[np.int64], list[bool]]:
    _copy("audience_member (customer_id, has_need)", ((one, needing is None or one in needing) for one in members))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audience_member")
        cursor.execute(_AUDIENCE)
        rows = cursor.fetchall()
    return np.array([row[0] for row in rows], np.int64), [row[1] for row in rows]


def _queue(campaign: Campaign, moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TREATED, _params(campaign))
        cursor.execute("ANALYZE guard_candidate")
    guard.queue_candidates(moment)


def _params(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign_id": campaign.pk,
        "is_promotion": campaign.is_promotion,
        "channel": campaign.channel,
        "weak_channel": campaign.weak_channel,
    }


def _copy(place: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {place} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
