"""What the administrator does in the platform's own console: tags; and a customer's no to a transfer."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Func, Value

from homeground.sandbox.errors import TagNameTaken, TransferIsDecided
from homeground.sandbox.models import Friendship, Tag, TagGroup, Transfer
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.wecom import clock, ids


@transaction.atomic
def add_tag(group_name: str, name: str, at: datetime | None = None) -> Tag:
    """A tag of the corp, in a group that is made if need be. Raises TagNameTaken."""
    moment = at or clock.now()
    group, is_new = TagGroup.objects.get_or_create(
        name=group_name,
        strategy_id=0,
        is_deleted=False,
        defaults={"group_id": ids.new("et"), "created_at": moment},
    )
    if Tag.objects.filter(group=group, name=name, is_deleted=False).exists():
        raise TagNameTaken
    tag = Tag.objects.create(group=group, name=name, tag_id=ids.new("et"), created_at=moment)
    made = [events.tag(group.group_id, "create", "tag_group")] if is_new else []
    tell(*made, events.tag(tag.tag_id, "create"), at=moment)
    return tag


@transaction.atomic
def rename_tag(tag: Tag, name: str, at: datetime | None = None) -> None:
    """Another name. Raises TagNameTaken."""
    try:
        with transaction.atomic():
            Tag.objects.filter(pk=tag.pk).update(name=name)
    except IntegrityError as error:
        raise TagNameTaken from error
    tell(events.tag(tag.tag_id, "update"), at=at)


@transaction.atomic
def delete_tag(tag: Tag, at: datetime | None = None) -> None:
    """Gone, from every customer too; a group goes with its last tag. A repeat tells nothing."""
    if not Tag.objects.filter(pk=tag.pk, is_deleted=False).update(is_deleted=True):
        return
    marked = Friendship.objects.filter(tag_ids__contains=[tag.tag_id])
    marked.update(tag_ids=Func(F("tag_ids"), Value(tag.tag_id), function="array_remove"))
    tell(events.tag(tag.tag_id, "delete"), at=at)
    if not Tag.objects.filter(group=tag.group, is_deleted=False).exists():
        TagGroup.objects.filter(pk=tag.group_id).update(is_deleted=True)
        tell(events.tag(tag.group.group_id, "delete", "tag_group"), at=at)


@transaction.atomic
def refuse_transfer(transfer: Transfer, at: datetime | None = None) -> None:
    """The customer does not want the new member. Raises TransferIsDecided."""
    moment = at or clock.now()
    waiting = Transfer.objects.filter(pk=transfer.pk, status=Transfer.Status.WAITING)
    if not waiting.update(status=Transfer.Status.REFUSED, decided_at=moment):
        raise TransferIsDecided
    told = events.contact(
        "transfer_fail", transfer.takeover.userid, transfer.contact.external_userid, why="customer_refused"
    )
    tell(told, at=moment)
