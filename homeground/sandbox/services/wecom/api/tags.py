"""Corp tags, and those of rule groups: the same four calls with a strategy_id."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from homeground.sandbox.models import Strategy, Tag, TagGroup
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.wecom.fields import Given, number, text, texts, things
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

MOST_TAGS = 10_000  # Corp tags and rule-group tags of a corp together.
_ORDER = number("order", most=2**32 - 1, default=0)
_NEW = (
    text("group_id"),
    text("group_name", chars=30, wrong=40072),
    _ORDER,
    things("tag", text("name", chars=30, needed=40072, wrong=40072), _ORDER, needed=40063, most=1000),
)
_IDS = (texts("tag_id", most=1000, too_many=41111), texts("group_id", most=1000, too_many=41111))
_EDIT = (text("id", needed=40068, wrong=40068), text("name", chars=30, wrong=40072), number("order", most=2**32 - 1))
_FORGET = "UPDATE sandbox_friendship SET tag_ids = ARRAY(SELECT unnest(tag_ids) EXCEPT SELECT unnest(%s::text[]))" \
    " WHERE tag_ids && %s::varchar[]"  # fmt: skip


@post("externalcontact/get_corp_tag_list", *_IDS)
def corp_tags(_caller: Caller, given: Given) -> Answer:
    """Tags by group; everything when nothing is asked. group_id goes before tag_id."""
    return {"tag_group": _listed(TagGroup.objects.filter(strategy_id=0), given)}


@post("externalcontact/add_corp_tag", *_NEW, number("agentid"))
def add(caller: Caller, given: Given) -> Answer:
    """Add tags to a group, which is made when it is missing."""
    return {"tag_group": _added(caller, given, 0)}


@post("externalcontact/edit_corp_tag", *_EDIT, number("agentid"))
def edit(caller: Caller, given: Given) -> Answer:
    """Rename or reorder a tag or a group."""
    return _edited(caller, given, Tag.objects.filter(group__strategy_id=0), TagGroup.objects.filter(strategy_id=0))


@post("externalcontact/del_corp_tag", *_IDS, number("agentid"))
def delete(caller: Caller, given: Given) -> Answer:
    """Delete tags and groups; a group without a tag goes too."""
    return _deleted(caller, given, TagGroup.objects.filter(strategy_id=0))


@post("externalcontact/get_strategy_tag_list", number("strategy_id"), *_IDS)
def strategy_tags(caller: Caller, given: Given) -> Answer:
    """Tags of rule groups that this app made."""
    groups = _strategy_groups(caller)
    if given["strategy_id"]:
        groups = groups.filter(strategy_id=given["strategy_id"])
    return {"tag_group": _listed(groups, given)}


@post("externalcontact/add_strategy_tag", number("strategy_id", least=1, needed=40058), *_NEW)
def add_strategy(caller: Caller, given: Given) -> Answer:
    """Add tags for one rule group; those below another use its tags."""
    if not Strategy.objects.filter(pk=given["strategy_id"], parent=None).exists():
        raise Refused(40058, "invalid strategy_id: only a first-level rule group has tags")
    return {"tag_group": _added(caller, given, given["strategy_id"])}


@post("externalcontact/edit_strategy_tag", *_EDIT)
def edit_strategy(caller: Caller, given: Given) -> Answer:
    """Rename or reorder a rule group's tag or tag group."""
    groups = _strategy_groups(caller)
    return _edited(caller, given, Tag.objects.filter(group__in=groups), groups)


@post("externalcontact/del_strategy_tag", *_IDS)
def delete_strategy(caller: Caller, given: Given) -> Answer:
    """Delete tags and tag groups of rule groups."""
    return _deleted(caller, given, _strategy_groups(caller))


def _strategy_groups(caller: Caller) -> QuerySet[TagGroup]:
    return TagGroup.objects.filter(strategy_id__gt=0, app=caller.app)


def _listed(groups: QuerySet[TagGroup], given: Given) -> list[dict[str, Any]]:
    tags = Tag.objects.filter(group__in=groups).select_related("group")
    if given["group_id"]:
        tags = tags.filter(group__group_id__in=given["group_id"], is_deleted=False)
    elif given["tag_id"]:
        tags = tags.filter(tag_id__in=given["tag_id"])
    else:
        tags = tags.filter(is_deleted=False)
    by_id = bool(given["tag_id"]) and not given["group_id"]
    shown: dict[int, dict[str, Any]] = {}
    for tag in tags.order_by("-group__order", "group_id", "-order", "pk"):
        group = shown.setdefault(tag.group_id, {**_group(tag.group, by_id=by_id), "tag": []})
        group["tag"].append(_tag(tag, by_id=by_id))
    return list(shown.values())


def _added(caller: Caller, given: Given, strategy_id: int) -> dict[str, Any]:
    group, is_new = _group_for(caller, given, strategy_id)
    wanted = {one["name"]: one for one in given["tag"]}
    there = set(Tag.objects.filter(group=group, is_deleted=False, name__in=wanted).values_list("name", flat=True))
    if there:
        raise Refused(40071, f"tag name exists: {sorted(there)}")
    _check_room(len(wanted))
    tags = Tag.objects.bulk_create(
        Tag(group=group, tag_id=new("et"), name=name, order=one["order"], app=caller.app, created_at=caller.at)
        for name, one in wanted.items()
    )
    _tell(
        caller, "create", *([("tag_group", group.group_id)] if is_new else []), *(("tag", tag.tag_id) for tag in tags)
    )
    return {**_group(group), "tag": [_tag(tag) for tag in tags]}


def _group_for(caller: Caller, given: Given, strategy_id: int) -> tuple[TagGroup, bool]:
    groups = TagGroup.objects.select_for_update().filter(strategy_id=strategy_id, is_deleted=False)
    if given["group_id"]:
        found = groups.filter(group_id=given["group_id"]).first()
        if found is None:
            raise Refused(40068, "invalid group_id")
        return found, False
    if not given["group_name"]:
        raise Refused(40063, "missing group_id or group_name")
    return TagGroup.objects.get_or_create(
        strategy_id=strategy_id,
        name=given["group_name"],
        is_deleted=False,
        defaults={"group_id": new("et"), "order": given["order"], "app": caller.app, "created_at": caller.at},
    )


def _check_room(more: int) -> None:
    if Tag.objects.filter(is_deleted=False).count() + more > MOST_TAGS:
        raise Refused(40126, "too many corp tags")


def _edited(caller: Caller, given: Given, tags: QuerySet[Tag], groups: QuerySet[TagGroup]) -> Answer:
    tag = tags.filter(tag_id=given["id"], is_deleted=False).first()
    row = tag or groups.filter(group_id=given["id"], is_deleted=False).first()
    if row is None:
        raise Refused(40068, "invalid tag id")
    _check_own(caller, [row])
    row.name = given["name"] or row.name
    row.order = row.order if given["order"] is None else given["order"]
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "order"])
    except IntegrityError:
        raise Refused(40071, "tag name exists") from None
    _tell(caller, "update", ("tag" if tag else "tag_group", given["id"]))
    return {}


def _deleted(caller: Caller, given: Given, groups: QuerySet[TagGroup]) -> Answer:
    tag_ids, group_ids = given["tag_id"] or [], given["group_id"] or []
    if not tag_ids and not group_ids:
        raise Refused(40063, "tag_id and group_id both empty")
    rows = list(groups.filter(group_id__in=group_ids, is_deleted=False))
    tags = list(Tag.objects.filter(group__in=groups, tag_id__in=tag_ids, is_deleted=False))
    if len(rows) < len(group_ids) or len(tags) < len(tag_ids):
        raise Refused(40068, "invalid tag id")
    _check_own(caller, [*rows, *tags])
    _delete_tags([tag.tag_id for tag in tags])
    emptied = TagGroup.objects.filter(pk__in=[tag.group_id for tag in tags]).exclude(tags__is_deleted=False)
    delete_groups([*rows, *emptied])
    told = [("tag", tag.tag_id) for tag in tags] + [("tag_group", row.group_id) for row in rows]
    _tell(caller, "delete", *told)
    return {}


def delete_groups(groups: Iterable[TagGroup]) -> None:
    """Delete groups with their tags; customers lose the tags."""
    ids = [group.pk for group in groups]
    _delete_tags(list(Tag.objects.filter(group__in=ids, is_deleted=False).values_list("tag_id", flat=True)))
    TagGroup.objects.filter(pk__in=ids).update(is_deleted=True)


def _delete_tags(tag_ids: Sequence[str]) -> None:
    Tag.objects.filter(tag_id__in=tag_ids).update(is_deleted=True)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [list(tag_ids), list(tag_ids)])


def _check_own(caller: Caller, rows: Sequence[Tag | TagGroup]) -> None:
    """An app edits and deletes only what it made. Those of the console belong to no app."""
    if any(row.app != caller.app for row in rows):
        raise Refused(301002, "no privilege: the tag was not created by this app")


def _tell(caller: Caller, change: str, *rows: tuple[str, str]) -> None:
    if caller.corp.tells_of_api_actions and rows:
        tell(*(events.tag(row_id, change, kind) for kind, row_id in rows))


def _group(row: TagGroup, *, by_id: bool = False) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "group_id": row.group_id,
        "group_name": row.name,
        "create_time": int(row.created_at.timestamp()),
        "order": row.order,
    }
    if row.strategy_id:
        shown["strategy_id"] = row.strategy_id
    return {**shown, "deleted": row.is_deleted} if by_id else shown


def _tag(row: Tag, *, by_id: bool = False) -> dict[str, Any]:
    shown = {"id": row.tag_id, "name": row.name, "create_time": int(row.created_at.timestamp()), "order": row.order}
    return {**shown, "deleted": row.is_deleted} if by_id else shown
