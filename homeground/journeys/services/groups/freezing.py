"""The freeze of a campaign to groups: which are in, which are held out whole, what the guard says of the rest."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from django.utils.translation import gettext as _

from homeground.channels.kinds.wecom import WECOM_MASS
from homeground.journeys.errors import CannotFreeze
from homeground.journeys.holdout import buckets
from homeground.journeys.models import QUIET_HOURS, Campaign, GroupState, GroupTouch
from homeground.journeys.services.groups.choosing import choose
from homeground.journeys.services.groups.guarding import judge, quiet_end


def enter(campaign: Campaign, members: Sequence[int], due_at: datetime) -> None:
    """Give every group its row: held out, left out with its reason, or waiting. In the transaction of the freeze.

    Raises CannotFreeze for a channel that cannot send to groups, and when no group fits.
    """
    if campaign.message.channel_kind != WECOM_MASS.slug:
        raise CannotFreeze(_("只有企业微信群发能发到客户群，请把渠道换成企业微信群发。"))
    assert campaign.groups is not None
    found = choose(campaign.groups, members)
    if not found:
        raise CannotFreeze(_("没有符合条件的客户群：放宽群主、群名或人数的条件，或先到企业微信页同步客户群。"))
    GroupTouch.objects.bulk_create(_rows(campaign, found, due_at), batch_size=1000)
    campaign.audience_size = len({customer for customers in found.values() for customer in customers})
    campaign.global_bp = 0  # Of a group, nobody can be held out.


def _rows(campaign: Campaign, found: Mapping[int, list[int]], due_at: datetime) -> Iterator[GroupTouch]:
    held = _held_out(campaign, list(found))
    yield from (
        GroupTouch(campaign=campaign, chat_id=chat, customer_ids=found[chat], state=GroupState.HELD_OUT, due_at=due_at)
        for chat in held
    )
    treated = [chat for chat in found if chat not in held]
    quiet = quiet_end(campaign.channel, due_at)
    for verdict in judge(treated, is_promotion=bool(campaign.is_promotion), at=due_at):
        row = GroupTouch(campaign=campaign, chat_id=verdict.chat_id, customer_ids=found[verdict.chat_id])
        row.state = GroupState.SUPPRESSED if verdict.reason else GroupState.DEFERRED if quiet else GroupState.QUEUED
        row.reason, row.detail = verdict.reason or (QUIET_HOURS if quiet else ""), verdict.detail
        row.due_at = quiet or due_at
        yield row


def _held_out(campaign: Campaign, chat_ids: list[int]) -> set[int]:
    places = buckets(f"campaign:{campaign.pk}", np.array(chat_ids, np.int64))
    return {chat for chat, place in zip(chat_ids, places.tolist(), strict=True) if place < campaign.holdout_bp}
