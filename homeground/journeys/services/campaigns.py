"""A campaign's life: draft, freeze (freezing.py), start, pause, resume, cancel, close."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from homeground.core import time
from homeground.journeys.errors import CannotClose, WrongState
from homeground.journeys.models import Campaign, Closing, State, Suppression, TouchState
from homeground.journeys.services import groups

_PLAN = (
    "link",
    "segment_id",
    "need_id",
    "offer",
    "place",
    "channel",
    "weak_channel",
    "groups",
    "message_id",
    "hypothesis",
    "primary_outcome",
    "base_bp",
    "expected_lift_bp",
    "window_days",
    "holdout_bp",
    "urgency",
    "value_minor",
)


def save_draft(campaign: Campaign) -> Campaign:
    """Write a draft, new or changed. Raises WrongState for a campaign that is frozen already."""
    with transaction.atomic():
        if campaign.pk:
            _locked(campaign.pk, State.DRAFT)
        campaign.save()
    return campaign


def delete_draft(campaign_id: int) -> None:
    """Throw a draft away. Raises WrongState for a campaign that is frozen already."""
    with transaction.atomic():
        _locked(campaign_id, State.DRAFT).delete()


def copy_campaign(campaign_id: int, *, by: str) -> Campaign:
    """A new draft that asks, says and expects the same. Dates and people are not copied."""
    old = Campaign.objects.get(pk=campaign_id)
    kept = {field: getattr(old, field) for field in _PLAN}
    name = _("%s 副本") % old.name[:70]
    return save_draft(Campaign(**kept, name=name, created_by=by))


def start_campaign(campaign_id: int, at: datetime | None = None) -> Campaign:
    """Let a frozen campaign's touches go out, from its schedule on. A repeat changes nothing."""
    return _move(campaign_id, State.SENDING, {State.FROZEN}, started_at=at or time.now())


def pause_campaign(campaign_id: int) -> Campaign:
    """Hold what has not gone out. The batch under way still goes. A repeat changes nothing."""
    return _move(campaign_id, State.PAUSED, {State.SENDING})


def resume_campaign(campaign_id: int) -> Campaign:
    """Go on where a pause stopped; the guard looks again at everyone. A repeat changes nothing."""
    return _move(campaign_id, State.SENDING, {State.PAUSED})


@transaction.atomic
def cancel_campaign(campaign_id: int, at: datetime | None = None) -> Campaign:
    """End a campaign: whatever waits is suppressed as cancelled. A repeat changes nothing.

    What staff have not confirmed yet is stopped on the platform by a job, which tells of each touch afterwards.
    """
    campaign = _move(
        campaign_id,
        State.CANCELLED,
        {State.DRAFT, State.FROZEN, State.SENDING, State.PAUSED},
        finished_at=at or time.now(),
    )
    waiting = campaign.touches.filter(state__in=(TouchState.QUEUED, TouchState.DEFERRED))
    waiting.update(state=TouchState.SUPPRESSED, reason=Suppression.CANCELLED, detail=None, sent_at=None)
    groups.cancel_waiting(campaign_id)
    if campaign.touches.filter(state=TouchState.ASSIGNED).exists() or groups.is_placed(campaign_id):
        queue_withdrawal(campaign_id)
    return campaign


@transaction.atomic
def close_campaign(
    campaign_id: int, *, explanation: str, next_action: str, closed_by: str, at: datetime | None = None
) -> Closing:
    """Close a campaign with what was learnt (M4). A repeat with the same words returns the first closing.

    Raises CannotClose when an explanation or a next action is missing, WrongState before everything was sent.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    words = {"explanation": explanation.strip(), "next_action": next_action.strip()}
    if earlier := Closing.objects.filter(campaign=campaign, **words).first():
        return earlier
    if not all(words.values()):
        raise CannotClose(_("结案要写明原因分析和下一步：好结果总有原因，坏结果也是。"))
    if campaign.frozen_at is None or campaign.state not in (State.SENT, State.CANCELLED):
        raise WrongState(_("发送结束后才能结案；这个活动的状态是“%s”。") % State(campaign.state).label)
    Campaign.objects.filter(pk=campaign_id).update(state=State.CLOSED)
    return Closing.objects.create(campaign=campaign, closed_by=closed_by, closed_at=at or time.now(), **words)


def queue_dispatch(campaign_id: int) -> None:
    """Ask the worker to send what is due; asked twice, it is done once."""
    _queue("journeys.dispatch", f"campaign:{campaign_id}", campaign_id)


def queue_withdrawal(campaign_id: int) -> None:
    """Ask the worker to stop what staff have not confirmed; asked twice, it is done once."""
    _queue("wecom.withdraw_campaign", f"withdraw:{campaign_id}", campaign_id)


def _queue(task: str, lock: str, campaign_id: int) -> None:
    try:
        with transaction.atomic():
            jobs.configure_task(task, queueing_lock=lock).defer(campaign_id=campaign_id)
    except AlreadyEnqueued:
        pass


@transaction.atomic
def _move(campaign_id: int, to: State, allowed: set[State], **fields: Any) -> Campaign:
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    if campaign.state == to:
        return campaign
    if campaign.state not in allowed:
        raise WrongState(
            _("活动现在是“%(now)s”，不能改为“%(to)s”。") % {"now": State(campaign.state).label, "to": to.label}
        )
    for name, value in {"state": to, **fields}.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=["state", *fields])
    if to == State.SENDING:
        queue_dispatch(campaign_id)
    return campaign


def _locked(campaign_id: int, state: State) -> Campaign:
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    if campaign.state != state:
        raise WrongState(_("这个活动已经锁定受众，不能再修改；可以复制一份。"))
    return campaign
