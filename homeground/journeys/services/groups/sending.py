"""The sending to groups: one mass send for each owner, its key stored before the platform is asked.

Whoever dies in between leaves rows whose send is not there, or in the middle: the next one places the same key, which
the corp's side asks for once. What nobody can tell is settled there, and never asked for again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Min, QuerySet

from homeground.channels import queries as channels
from homeground.channels.services import shared_text
from homeground.content.models import Wording
from homeground.content.services import platform_attachments, render_shared
from homeground.core.errors import BusinessError
from homeground.journeys.models import QUIET_HOURS, Campaign, GroupReason, GroupState, GroupTouch, State
from homeground.journeys.services.groups.guarding import SQL, Verdict, judge, quiet_end
from homeground.wecom.client import WeComError
from homeground.wecom.models import MassSend
from homeground.wecom.services import mass_sends

_CLAIMS = 0x67726F75  # "grou": claims go one at a time, so that no two campaigns take the last place of a group.
_OF_ONE_SEND = 2000  # Groups, by the platform's rule.
_TRY_AGAIN = timedelta(minutes=10)
_LOST = (SQL / "lost.sql").read_text()
_LATE = (SQL / "late.sql").read_text()
_Told = Callable[[int], None]
_WAITING = (GroupState.QUEUED, GroupState.DEFERRED)


def send_due(campaign_id: int, at: datetime, after_batch: _Told | None = None) -> int:
    """Place what is due of a campaign to groups, a send for each owner. Returns how many groups were handed over.

    A repeat places nothing twice. Call it with no transaction open, and one process at a time for a campaign.
    """
    if Campaign.objects.filter(pk=campaign_id, state=State.CANCELLED).exists():
        GroupTouch.objects.filter(key__in=_lost(campaign_id)).update(
            state=GroupState.SUPPRESSED, reason=GroupReason.CANCELLED, key=""
        )
        return 0
    keys = _lost(campaign_id) + _claim(campaign_id, at)
    return sum(_placed(campaign_id, key, at, after_batch) for key in keys)


def next_due_at(campaign_id: int) -> datetime | None:
    """When the next group that still has to go out is due; None: there is none."""
    first: datetime | None = _waiting(campaign_id).aggregate(first=Min("due_at"))["first"]
    return first


def is_done(campaign_id: int) -> bool:
    """Whether nothing waits: neither here nor for an owner, and the fate of all sends is known."""
    rows = GroupTouch.objects.filter(campaign=campaign_id)
    if rows.filter(state__in=_WAITING).exists() or _lost(campaign_id):
        return False
    open_states = (MassSend.State.ASKING, MassSend.State.UNKNOWN, MassSend.State.PLACED)
    return not MassSend.objects.filter(campaign_id=campaign_id, state__in=open_states).exists()


def cancel_waiting(campaign_id: int) -> None:
    """Leave out what has not been placed. What owners have not confirmed, the corp's side withdraws."""
    _waiting(campaign_id).update(state=GroupState.SUPPRESSED, reason=GroupReason.CANCELLED, detail=None)


def is_placed(campaign_id: int) -> bool:
    """Whether owners may confirm something of it now."""
    return MassSend.objects.filter(campaign_id=campaign_id, is_group=True, state=MassSend.State.PLACED).exists()


def under_way_though_cancelled() -> list[int]:
    """Cancelled campaigns of which something was under way at that moment: not asked for yet, or placed after all."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE)
        return [campaign for (campaign,) in cursor.fetchall()]


def _waiting(campaign_id: int) -> QuerySet[GroupTouch]:
    return GroupTouch.objects.filter(campaign=campaign_id, state__in=_WAITING)


def _lost(campaign_id: int) -> list[str]:
    """Keys under which nothing is known to have been asked: who had stored them died before."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST, {"campaign_id": campaign_id})
        return [key for (key,) in cursor.fetchall()]


@transaction.atomic
def _claim(campaign_id: int, at: datetime) -> list[str]:
    """Judge what is due and give what may go out the key of its owner's send. Returns the keys."""
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMS])
    due = list(_waiting(campaign_id).filter(due_at__lte=at).select_related("chat").order_by("chat_id"))
    if campaign.state != State.SENDING or not due:
        return []
    if _is_over(campaign, at):
        _waiting(campaign_id).update(state=GroupState.SUPPRESSED, reason=GroupReason.EXPIRED, detail=None)
        return []
    verdicts = judge([touch.chat_id for touch in due], is_promotion=bool(campaign.is_promotion), at=at)
    _mark(due, {one.chat_id: one for one in verdicts}, quiet_end(campaign.channel, at))
    GroupTouch.objects.bulk_update(due, ["state", "reason", "detail", "due_at", "key"], batch_size=500)
    return sorted({touch.key for touch in due if touch.key})


def _mark(due: Sequence[GroupTouch], verdicts: Mapping[int, Verdict], quiet: datetime | None) -> None:
    keys: dict[tuple[int | None, int], str] = {}
    so_far: dict[int | None, int] = {}
    for touch in due:
        verdict, owner = verdicts[touch.chat_id], touch.chat.owner_id
        touch.reason, touch.detail = verdict.reason, verdict.detail
        if verdict.reason:
            touch.state = GroupState.SUPPRESSED
        elif quiet:
            touch.state, touch.reason, touch.due_at = GroupState.DEFERRED, QUIET_HOURS, quiet
        else:
            part = so_far.get(owner, 0) // _OF_ONE_SEND
            so_far[owner] = so_far.get(owner, 0) + 1
            touch.state, touch.key = GroupState.PLACED, keys.setdefault((owner, part), f"groups:{uuid4()}")


def _placed(campaign_id: int, key: str, at: datetime, after_batch: _Told | None) -> int:
    campaign = Campaign.objects.select_related("message").get(pk=campaign_id)
    touches = list(GroupTouch.objects.filter(key=key).select_related("chat__owner").order_by("chat_id"))
    try:
        _place(campaign, key, touches, at)
    except BusinessError as trouble:
        if not _is_refused(key, trouble):
            _put_off(key, trouble, at)
        return 0
    if after_batch:
        after_batch(len(touches))
    return len(touches)


def _place(campaign: Campaign, key: str, touches: Sequence[GroupTouch], at: datetime) -> None:
    owner = touches[0].chat.owner  # Whose group it is now: the platform refuses what is not theirs any more.
    assert owner
    mass_sends.place(
        key,
        campaign.pk,
        _text(campaign),
        platform_attachments(campaign.attachments, "mass"),
        [(touch.chat.chat_id, None) for touch in touches],
        at,
        channel=campaign.channel,
        expires_at=_ends_at(campaign),
        owner=owner,
    )


def _is_refused(key: str, trouble: BusinessError) -> bool:
    """Whether the platform said no to the send itself: the same again would not do."""
    is_final = isinstance(trouble, WeComError) and not trouble.may_retry
    return is_final and MassSend.objects.filter(key=key).exists()


def _put_off(key: str, trouble: BusinessError, at: datetime) -> None:
    """Surely not taken - a file not uploaded, no corp, no way there -: ask later, under another key."""
    GroupTouch.objects.filter(key=key).update(
        state=GroupState.QUEUED, key="", due_at=at + _TRY_AGAIN, detail={"words": str(trouble)[:200]}
    )


def _text(campaign: Campaign) -> str:
    """What everybody reads: links and the way to opt out are the campaign's, and nobody's."""
    body = render_shared(Wording(campaign.message.channel_kind, campaign.subject, campaign.body)).body
    return shared_text(
        channels.channel(campaign.channel), body, campaign_id=campaign.pk, is_promotion=bool(campaign.is_promotion)
    )


def _ends_at(campaign: Campaign) -> datetime:
    assert campaign.frozen_at
    return campaign.frozen_at + timedelta(days=campaign.window_days)


def _is_over(campaign: Campaign, at: datetime) -> bool:
    return _ends_at(campaign) <= at
