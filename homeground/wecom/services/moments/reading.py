"""Reading what the platform tells of a post: tasks, viewers and reactions, written once however often they are told."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.events.catalog.channels import MessageAnswered, MessageDelivered, MessageSent
from homeground.events.catalog.wecom import MomentCommented, MomentLiked
from homeground.events.facts import Fact
from homeground.events.services import record
from homeground.wecom.client.moments import MomentTask, Reactions
from homeground.wecom.models import Moment, MomentPost, MomentReaction

SQL = Path(__file__).parents[2] / "sql"
_TASKS = (SQL / "moment_tasks.sql").read_text()
_VIEWERS = (SQL / "moment_viewers.sql").read_text()
_REACTIONS = (SQL / "moment_reactions.sql").read_text()


def write_tasks(post: Moment, tasks: Sequence[MomentTask], at: datetime) -> None:
    """Write who has to publish a post and who has: at the moment when we first see it."""
    published = [at if task.is_published else None for task in tasks]
    params: dict[str, Any] = {"moment_id": post.pk, "userids": [task.userid for task in tasks], "published": published}
    with connection.cursor() as cursor:
        cursor.execute(_TASKS, params)


@transaction.atomic
def write_viewers(part: MomentPost, externals: Sequence[str], at: datetime) -> None:
    """Write who can see one member's post, and tell it of the touches, in one."""
    with connection.cursor() as cursor:
        cursor.execute(_VIEWERS, {"post_id": part.pk, "externals": list(externals)})
        seen = cursor.fetchall()
    record(*(fact for touch, customer in seen for fact in _delivered(part, touch, customer)))
    MomentPost.objects.filter(pk=part.pk).update(seen_at=at)


@transaction.atomic
def write_reactions(part: MomentPost, told: Reactions) -> None:
    """Write likes and comments, and tell each of a customer's once."""
    kinds = [MomentReaction.Kind.LIKE] * len(told.likes) + [MomentReaction.Kind.COMMENT] * len(told.comments)
    rows = [(str(kind), one) for kind, one in zip(kinds, [*told.likes, *told.comments], strict=True) if one.at]
    params: dict[str, Any] = {
        "post_id": part.pk,
        "kinds": [kind for kind, _one in rows],
        "externals": [one.external_userid for _kind, one in rows],
        "userids": [one.userid for _kind, one in rows],
        "moments": [one.at for _kind, one in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_REACTIONS, params)
        new = cursor.fetchall()
    record(*(fact for row in new for fact in _reacted(part, *row)))


def _delivered(part: MomentPost, touch: int, customer: int) -> Iterator[Fact]:
    common = _common(part, touch, customer) | {"happened_at": part.published_at}
    yield MessageSent(**common, cause=str(touch))
    yield MessageDelivered(**common, cause=f"{touch}:delivered")


def _reacted(
    part: MomentPost, reaction: int, kind: str, happened_at: datetime, customer: int, touch: int | None
) -> Iterator[Fact]:
    told = MomentLiked if kind == MomentReaction.Kind.LIKE else MomentCommented
    yield told(
        customer_id=customer,
        userid=part.staff.userid,
        moment_id=str(part.moment.moment_id),
        happened_at=happened_at,
        cause=f"moment_reaction:{reaction}",
    )
    if touch:
        common = _common(part, touch, customer) | {"happened_at": happened_at}
        yield MessageAnswered(**common, text="", cause=f"{touch}:{kind}:{reaction}")


def _common(part: MomentPost, touch: int, customer: int) -> dict[str, Any]:
    post = part.moment
    return {"customer_id": customer, "touch_id": touch, "channel": post.channel, "campaign_id": post.campaign_id}
