"""Polling: which post came of a job, who has published it, who can see it, and what came back."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from homeground.core import time
from homeground.wecom.client import Api, Failure, WeComError, connect, moments
from homeground.wecom.models import Moment, MomentPost
from homeground.wecom.services.mass_sends.reading import know_members
from homeground.wecom.services.moments import reading
from homeground.wecom.services.moments.withdrawing import expire, fail
from homeground.wecom.services.notifying import notify_posts
from homeground.wecom.services.paging import every

# How long after its making a post is asked about how often.
_PACE = ((timedelta(hours=2), timedelta(minutes=2)), (timedelta(days=2), timedelta(minutes=15)))
_SLOWEST = timedelta(hours=2)
_SLACK = timedelta(seconds=30)
_SETTLES = timedelta(hours=1)  # For so long after the publishing the list of those who can see it may grow.
_JOB_LIVES = timedelta(hours=24)
_NOT_READY = (41063, 41079)
_NOT_PUBLISHED = 41062


def poll(at: datetime | None = None, *, is_hurried: bool = False) -> int:
    """Ask about every placed post whose turn has come, tell what became of its touches, and end what is over.

    is_hurried: every placed one, whoever's turn. Returns how many were asked about. A repeat tells nothing twice. One
    that fails keeps its place and does not stop the others. Raises NotConnected.
    """
    api, moment = connect(), at or time.now()
    placed = Moment.objects.filter(state=Moment.State.PLACED).order_by("asked_at", "pk")
    due = [post for post in placed if is_hurried or _has_turn(post, moment)]
    for post in due:
        try:
            poll_one(api, post, moment)
        except Failure as trouble:
            Moment.objects.filter(pk=post.pk).update(error=str(trouble)[:200], polled_at=moment)
    return len(due)


def poll_one(api: Api, post: Moment, at: datetime) -> None:
    """Ask about one post; end it when its time is over. Raises the client's Failure."""
    if not (post.moment_id or _has_come(api, post, at)):
        return
    read(api, post, at)
    if post.is_ours:
        notify_posts(post, at)
    Moment.objects.filter(pk=post.pk).update(polled_at=at, error="")
    if post.expires_at <= at:
        expire(api, post, at)


def read(api: Api, post: Moment, at: datetime) -> None:
    """Who has published it, who can see it, and what came back. Raises the client's Failure."""
    if not post.is_personal:
        _read_tasks(api, post, at)
    for part in _published(post, at):
        _read_viewers(api, part, at)
    for part in post.posts.exclude(published_at=None).select_related("moment", "staff"):
        _read_reactions(api, part)


def _has_come(api: Api, post: Moment, at: datetime) -> bool:
    """Whether the job has made the post. One that it could not make has failed; a job that is gone is looked up."""
    if post.asked_at + _JOB_LIVES <= at:
        Moment.objects.filter(pk=post.pk).update(state=Moment.State.UNKNOWN, polled_at=at)
        return False
    told = moments.result(api, post.jobid)
    if told.is_done and told.errcode:
        fail(post, at, f"refused: {told.errcode} {told.errmsg.partition(', hint:')[0]}")
        return False
    if told.is_done:
        post.moment_id = told.moment_id
    Moment.objects.filter(pk=post.pk).update(moment_id=post.moment_id, polled_at=at)
    return told.is_done


def _read_tasks(api: Api, post: Moment, at: datetime) -> None:
    try:
        tasks = list(every(partial(moments.tasks_page, api, str(post.moment_id))))
    except WeComError as refusal:
        if refusal.code in _NOT_READY:
            return
        raise
    know_members([task.userid for task in tasks])
    reading.write_tasks(post, tasks, at)


def _published(post: Moment, at: datetime) -> list[MomentPost]:
    """The parts whose viewers are not read yet, or may still grow."""
    parts = post.posts.filter(published_at__isnull=False).select_related("moment", "staff")
    return list(parts.filter(Q(seen_at=None) | Q(published_at__gt=at - _SETTLES)))


def _read_viewers(api: Api, part: MomentPost, at: datetime) -> None:
    try:
        viewers = list(every(partial(moments.viewers_page, api, str(part.moment.moment_id), part.staff.userid)))
    except WeComError as refusal:
        if refusal.code in (*_NOT_READY, _NOT_PUBLISHED):
            return
        raise
    reading.write_viewers(part, viewers, at)


def _read_reactions(api: Api, part: MomentPost) -> None:
    try:
        told = moments.reactions(api, str(part.moment.moment_id), part.staff.userid)
    except WeComError as refusal:
        if refusal.code in (*_NOT_READY, _NOT_PUBLISHED):
            return
        raise
    reading.write_reactions(part, told)


def _has_turn(post: Moment, at: datetime) -> bool:
    if post.polled_at is None or post.expires_at <= at:
        return True
    age = at - post.asked_at
    pace = next((pace for until, pace in _PACE if age < until), _SLOWEST)
    return post.polled_at + pace <= at + _SLACK
