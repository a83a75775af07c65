"""Placing: write the post, mark whom it is for, commit, ask the platform, write down what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.wecom.client import Api, Failure, FateUnknown, connect, moments
from homeground.wecom.models import Moment, MomentRecipient
from homeground.wecom.services.moments import marking

SQL = Path(__file__).parents[2] / "sql"
_RECIPIENTS = (SQL / "moment_recipients.sql").read_text()
_FATES = (SQL / "moment_fates.sql").read_text()
STAYS = timedelta(days=14)  # Of a post that no campaign gives an end.
State = Moment.State


def place(
    key: str,
    text: str,
    attachments: Sequence[Mapping[str, Any]],
    userids: Sequence[str],
    tag_ids: Sequence[str],
    campaign_id: int | None = None,
    at: datetime | None = None,
    *,
    channel: str = "",
    expires_at: datetime | None = None,
) -> Moment:
    """Ask the platform once to let members publish a post. Call it with no transaction open.

    key: the same key is placed once; a repeat returns what is there, and tries again only what surely failed.
    userids: who publishes (none: everybody); tag_ids: who may see it (none: everybody).
    Returns the post: placed, or unknown when the platform did not answer. Raises NotConnected with nothing written;
    WeComError or Unreachable when the platform surely did not take it: the post is then kept as failed.
    """
    api, moment = connect(), at or time.now()
    content = {"text": text, "attachments": list(attachments), "senders": list(userids), "tags": list(tag_ids)}
    fields = {"campaign_id": campaign_id, "channel": channel, "content": content, "asked_at": moment}
    post, is_ours = _written(key, fields | {"expires_at": expires_at or moment + STAYS}, State.ASKING)
    return _asked(api, post) if is_ours else post


def place_for(
    key: str,
    text: str,
    attachments: Sequence[Mapping[str, Any]],
    recipients: Sequence[tuple[str, int | None]],
    at: datetime | None = None,
    *,
    campaign_id: int | None = None,
    channel: str = "",
    expires_at: datetime | None = None,
) -> Moment:
    """The same for a post that these contacts alone may see: (external_userid, touch) of each.

    Each is marked with the post's own tag by the member who serves them; those members publish. Whom the platform
    would not mark is left out (see `marked`). Raises as `place` does; a repeat goes on with
    a marking that was broken off.
    """
    api, moment = connect(), at or time.now()
    content = {"text": text, "attachments": list(attachments), "senders": [], "tags": []}
    fields = {"campaign_id": campaign_id, "channel": channel, "content": content, "asked_at": moment}
    post, is_ours = _written(key, fields | {"expires_at": expires_at or moment + STAYS}, State.MARKING, recipients)
    if not is_ours:
        return post
    try:
        marking.mark(api, post, moment)
    except Failure as trouble:
        _failed(post, trouble)
        raise
    return _asked(api, _addressed(post))


def marked(post: Moment) -> set[int]:
    """The touches of a post whose contacts carry its tag."""
    rows = post.recipients.exclude(marked_at=None).values_list("touch_id", flat=True)
    return {touch for touch in rows if touch is not None}


def fates(touch_ids: Sequence[int]) -> dict[int, bool]:
    """For touches that were handed to us: whether they were placed. One that is missing: nobody can tell yet.

    Ask only for touches that no process is placing any more: a post that was left while marking is given up, one that
    was left while asking counts as unknown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FATES, {"touch_ids": list(touch_ids)})
        rows = {touch: (state, is_marked) for touch, state, is_marked in cursor.fetchall()}
    _give_up([touch for touch, (state, _marked) in rows.items() if state in (State.MARKING, State.ASKING)])
    told = {touch: rows.get(touch, (State.FAILED, False)) for touch in touch_ids}
    open_ones = (State.ASKING, State.UNKNOWN)
    return {
        touch: is_marked and state not in (State.FAILED, State.MARKING)
        for touch, (state, is_marked) in told.items()
        if state not in open_ones
    }


def _give_up(touch_ids: Sequence[int]) -> None:
    left = Moment.objects.filter(pk__in=MomentRecipient.objects.filter(touch_id__in=touch_ids).values("moment_id"))
    left.filter(state=State.MARKING).update(state=State.FAILED)
    left.filter(state=State.ASKING).update(state=State.UNKNOWN)


@transaction.atomic
def _written(
    key: str, fields: Mapping[str, Any], state: State, recipients: Sequence[tuple[str, int | None]] = ()
) -> tuple[Moment, bool]:
    """The post with its recipients, and whether it is for us to ask."""
    post, is_new = Moment.objects.select_for_update().get_or_create(key=key, defaults={**fields, "state": state})
    if not is_new:
        if post.state not in (State.FAILED, State.MARKING):
            return post, False
        Moment.objects.filter(pk=post.pk).update(state=state, error="", **fields)
        post.refresh_from_db()
    with connection.cursor() as cursor:
        externals, touches = [row[0] for row in recipients], [row[1] for row in recipients]
        cursor.execute(_RECIPIENTS, {"moment_id": post.pk, "externals": externals, "touches": touches})
    return post, True


def _addressed(post: Moment) -> Moment:
    """Say who publishes it and to whom, before the platform is asked."""
    marked = post.recipients.exclude(marked_at=None)
    senders = marked.order_by("staff__userid").values_list("staff__userid", flat=True).distinct()
    content = post.content | {"senders": list(senders), "tags": [post.tag_id]}
    return _noted(post, content=content, state=State.ASKING)


def _asked(api: Api, post: Moment) -> Moment:
    said = post.content
    spec = moments.MomentSpec(said["text"], said["attachments"], said["senders"], said["tags"])
    try:
        jobid = moments.create(api, spec)
    except FateUnknown as trouble:
        return _noted(post, state=State.UNKNOWN, error=str(trouble)[:200])
    except Failure as refusal:
        _failed(post, refusal)
        raise
    return _noted(post, state=State.PLACED, jobid=jobid)


def _failed(post: Moment, why: Failure) -> None:
    _noted(post, state=State.FAILED, error=str(why)[:200], ended_at=post.asked_at)


def _noted(post: Moment, **fields: Any) -> Moment:
    Moment.objects.filter(pk=post.pk).update(**fields)
    post.refresh_from_db()
    return post
