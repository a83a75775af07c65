"""Reconciling: posts of which nobody knows whether the platform took them, looked up in its own record."""

from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction

from homeground.core import time
from homeground.events.catalog.channels import MessageAssigned
from homeground.events.services import record
from homeground.wecom.client import Api, Failure, connect, moments
from homeground.wecom.client.moments import MomentInfo
from homeground.wecom.models import Moment
from homeground.wecom.services.moments.reading import SQL
from homeground.wecom.services.moments.withdrawing import fail
from homeground.wecom.services.paging import every

LEFT = timedelta(minutes=10)  # Nobody asks that long: who was asking is gone.
GIVEN_UP = timedelta(hours=24)  # A job lives so long; what the record does not show by then was never made.
_BEFORE, _AFTER = timedelta(minutes=5), timedelta(hours=24)
_TOUCHES = (SQL / "moment_touches.sql").read_text()
_CORP = 0


def reconcile(at: datetime | None = None) -> int:
    """Settle posts whose fate is unknown, or whose process was lost while asking. Returns how many were settled.

    Found in the platform's record, by text, time and members: placed, its touches assigned. Not found within a day:
    failed, its touches too. Nothing is ever placed again. Raises NotConnected.
    """
    api, moment = connect(), at or time.now()
    asking = Moment.objects.filter(state=Moment.State.ASKING, asked_at__lte=moment - LEFT)
    asking.update(state=Moment.State.UNKNOWN)
    lost = Moment.objects.filter(state=Moment.State.UNKNOWN).order_by("asked_at", "pk")
    return sum(_is_settled(api, post, moment) for post in lost)


def _is_settled(api: Api, post: Moment, at: datetime) -> bool:
    try:
        found = _find(api, post, at)
    except Failure as trouble:
        Moment.objects.filter(pk=post.pk).update(error=str(trouble)[:200], polled_at=at)
        return False
    if found:
        _adopt(post, found.moment_id)
    elif post.asked_at + GIVEN_UP <= at:
        fail(post, at, "no_answer")
    else:
        return False
    return True


def _find(api: Api, post: Moment, at: datetime) -> MomentInfo | None:
    """The record's post with our text whose members are ours."""
    ours = set(post.content["senders"])
    for told in _candidates(api, post, at):
        members = {task.userid for task in every(partial(moments.tasks_page, api, told.moment_id))}
        if members and (not ours or members <= ours):
            return told
    return None


def _candidates(api: Api, post: Moment, at: datetime) -> list[MomentInfo]:
    start, end = post.asked_at - _BEFORE, min(post.asked_at + _AFTER, max(at, post.asked_at) + _BEFORE)
    told = list(every(lambda cursor: moments.list_page(api, start, end, filter_type=_CORP, cursor=cursor)))
    known = set(
        Moment.objects.filter(moment_id__in=[one.moment_id for one in told]).values_list("moment_id", flat=True)
    )
    is_public = not post.content["tags"]
    return [
        one
        for one in told
        if one.moment_id not in known and one.text == post.content["text"] and one.is_public == is_public
    ]


@transaction.atomic
def _adopt(post: Moment, moment_id: str) -> None:
    Moment.objects.filter(pk=post.pk).update(state=Moment.State.PLACED, moment_id=moment_id, error="")
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHES, {"moment_id": post.pk})
        record(*(_assigned(post, touch, customer) for touch, customer in cursor.fetchall()))


def _assigned(post: Moment, touch: int, customer: int) -> MessageAssigned:
    # The same name, cause and day as the placing would have told it with: told twice it is one event.
    return MessageAssigned(
        customer_id=customer,
        touch_id=touch,
        channel=post.channel,
        campaign_id=post.campaign_id,
        happened_at=post.asked_at,
        cause=f"{touch}:assigned",
    )
