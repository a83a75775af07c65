"""What staff send: mass sends that they confirm or make themselves, Moments that they publish."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from homeground.sandbox.errors import CannotBeSeen, NobodyChosen, NothingWritten
from homeground.sandbox.models import (
    Contact,
    Friendship,
    MassMessage,
    Member,
    Moment,
    MomentReaction,
    MomentTask,
    MomentViewer,
)
from homeground.sandbox.services.wecom import clock, mass, moments


def send_own(
    member: Member, text: str, contacts: Sequence[Contact] | None = None, at: datetime | None = None
) -> MassMessage:
    """A member makes a mass send in the client: it goes out at once, under the same rule.

    contacts: None for all of the member's customers. Raises NothingWritten, NobodyChosen.
    """
    friendships = Friendship.objects.filter(member=member, ended_at=None)
    if contacts is not None:
        friendships = friendships.filter(contact__in=contacts)
    chosen = list(friendships.order_by("pk").values_list("contact_id", flat=True))
    if not chosen:
        raise NobodyChosen
    return mass.send_personally(member, _content(text), contacts=chosen, at=at)


def post_own(member: Member, text: str, at: datetime | None = None) -> Moment:
    """A member posts a Moment of their own, for all their customers. Raises NothingWritten."""
    return moments.publish_personally(member, _content(text), at)


@transaction.atomic
def like(post: MomentTask, contact: Contact | None, at: datetime | None = None) -> bool:
    """Like what a member published, or take the like back. Returns whether it is liked now. Raises CannotBeSeen.

    contact: None for the member.
    """
    _may_see(post, contact)
    given = {"moment": post.moment, "member": post.member, "contact": contact, "kind": MomentReaction.Kind.LIKE}
    if MomentReaction.objects.filter(**given).delete()[0]:
        return False
    MomentReaction.objects.create(**given, created_at=at or clock.now())
    return True


@transaction.atomic
def comment(post: MomentTask, contact: Contact | None, text: str, at: datetime | None = None) -> MomentReaction:
    """Write under what a member published. contact: None for the member. Raises CannotBeSeen, NothingWritten."""
    _may_see(post, contact)
    words = text.replace("\x00", "").strip()
    if not words:
        raise NothingWritten
    return MomentReaction.objects.create(
        moment=post.moment,
        member=post.member,
        contact=contact,
        kind=MomentReaction.Kind.COMMENT,
        text=words[:500],
        created_at=at or clock.now(),
    )


def _may_see(post: MomentTask, contact: Contact | None) -> None:
    if post.published_at is None or post.deleted_at is not None:
        raise CannotBeSeen
    if contact and not MomentViewer.objects.filter(moment=post.moment, member=post.member, contact=contact).exists():
        raise CannotBeSeen


def _content(text: str) -> dict[str, Any]:
    words = text.replace("\x00", "").strip()
    if not words:
        raise NothingWritten
    return {"text": {"content": words}, "attachments": []}
