"""Posts that others made - members in the client, the admin's console -: they belong to the feed and its mix."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from homeground.core import time
from homeground.wecom.client import connect, moments
from homeground.wecom.client.moments import MomentInfo
from homeground.wecom.models import Moment, MomentPost, Staff
from homeground.wecom.models.mass_sends import FROM_RECORD
from homeground.wecom.services.mass_sends.reading import know_members
from homeground.wecom.services.paging import pages

_FIRST = timedelta(days=29)  # The list goes back 30 days, its ends left out.
_OVERLAP = timedelta(days=1)
_STAYS = timedelta(days=3)  # How long reactions to somebody else's post are read.


def read_others(at: datetime | None = None) -> int:
    """Read the record of posts since the last reading; what comes back to them is polled as to ours.

    Returns how many were new. A repeat adds nothing. Raises NotConnected or the client's Failure; what was read stays.
    """
    api, moment = connect(), at or time.now()
    since = max((_last() or moment - _FIRST) - _OVERLAP, moment - _FIRST)
    found = 0
    for page in pages(lambda cursor: moments.list_page(api, since, moment + timedelta(seconds=1), cursor=cursor)):
        found += _keep(page.items, moment)
    return found


def _last() -> datetime | None:
    newest: datetime | None = Moment.objects.filter(key__startswith=FROM_RECORD).aggregate(at=Max("asked_at"))["at"]
    return newest


@transaction.atomic
def _keep(told: Sequence[MomentInfo], at: datetime) -> int:
    ids = [one.moment_id for one in told]
    known = set(Moment.objects.filter(moment_id__in=ids).values_list("moment_id", flat=True))
    open_ones = Moment.objects.filter(moment_id=None).exclude(state=Moment.State.FAILED)
    lost = {content["text"] for content in open_ones.values_list("content", flat=True)}
    new = [one for one in told if one.moment_id not in known and (one.is_personal or one.text not in lost)]
    Moment.objects.bulk_create([_row(one, at) for one in new], ignore_conflicts=True)
    _keep_publishers(new, at)
    return len(new)


def _keep_publishers(new: Sequence[MomentInfo], at: datetime) -> None:
    """A member's own post is published by that member."""
    own = {one.moment_id: one for one in new if one.is_personal and one.creator}
    know_members([one.creator for one in own.values()])
    staff = dict(Staff.objects.filter(userid__in={one.creator for one in own.values()}).values_list("userid", "pk"))
    rows = [
        MomentPost(moment=post, staff_id=staff[own[str(post.moment_id)].creator], published_at=post.asked_at)
        for post in Moment.objects.filter(moment_id__in=own)
    ]
    MomentPost.objects.bulk_create(rows, ignore_conflicts=True)


def _row(told: MomentInfo, at: datetime) -> Moment:
    made_at = told.created_at or at
    return Moment(
        key=f"{FROM_RECORD}{told.moment_id}"[:100],
        moment_id=told.moment_id,
        is_personal=told.is_personal,
        content=_content(told),
        state=Moment.State.PLACED,
        asked_at=made_at,
        expires_at=max(made_at, at) + _STAYS,
    )


def _content(told: MomentInfo) -> dict[str, Any]:
    attachments: list[dict[str, Any]] = [{"msgtype": "image", "image": {"media_id": one}} for one in told.images]
    if told.video:
        attachments.append({"msgtype": "video", "video": {"media_id": told.video}})
    if any(told.link):
        attachments.append({"msgtype": "link", "link": {"title": told.link[0], "url": told.link[1]}})
    return {"text": told.text, "attachments": attachments, "senders": [], "tags": []}
