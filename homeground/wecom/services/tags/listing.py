"""The corp's list of tags, and ours beside them."""

from collections.abc import Collection, Sequence
from pathlib import Path

from django.db import connection, transaction

from homeground.people import services as people
from homeground.wecom.client import Api, connect
from homeground.wecom.client import tags as platform
from homeground.wecom.client.tags import TagInfo
from homeground.wecom.models import PASSING_GROUP, CorpTag

_SQL = Path(__file__).parents[2] / "sql" / "tags"
_LONGEST = 60  # Of our tags.


def read_tags(api: Api) -> int:
    """Read the corp's tags and keep them. Returns how many there are."""
    found = platform.tags(api)
    keep_tags(found)
    return len(found)


@transaction.atomic
def keep_tags(found: Sequence[TagInfo]) -> None:
    """Make our list of the corp's tags equal to theirs; what is not among them was deleted there."""
    with connection.cursor() as cursor:
        cursor.execute((_SQL / "keep.sql").read_text(), _columns(found))
    CorpTag.objects.exclude(tag_id__in=[tag.tag_id for tag in found]).filter(is_deleted=False).update(is_deleted=True)
    _pair()


def ensure(name: str, group_name: str) -> CorpTag:
    """The corp's tag that stands beside our tag `name`, made on the platform if there is none.

    Calls the platform: no transaction may be open. Raises NotConnected or a Failure of the client.
    """
    ours = people.make_tags([(name, group_name)])[name]
    if paired := CorpTag.objects.filter(people_tag_id=ours, is_deleted=False).first():
        return paired
    api = connect()
    made = [tag for tag in platform.add(api, group_name[:30], [name[:30]], api.agentid) if tag.name == name[:30]]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute((_SQL / "keep.sql").read_text(), _columns(made))
        CorpTag.objects.filter(tag_id=made[0].tag_id).update(people_tag=ours, is_ours=True, is_deleted=False)
    return CorpTag.objects.get(tag_id=made[0].tag_id)


def are_unknown(tag_ids: Collection[str]) -> bool:
    """Whether some are tags of the corp that we have not read yet. Tags of rule groups (st…) are not listed there."""
    ids = [tag for tag in tag_ids if not tag.startswith("st")]
    return CorpTag.objects.filter(tag_id__in=ids, is_deleted=False).count() < len(ids)


def _columns(found: Sequence[TagInfo]) -> list[list[object]]:
    rows = [(tag.tag_id, tag.group_id, tag.group_name[:90], tag.name[:90], tag.order) for tag in found]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], [], [], []]


def _pair() -> None:
    """Give each of the corp's tags one of ours: of the same name, unless that is another group's."""
    found = CorpTag.objects.filter(people_tag=None, is_deleted=False).exclude(group_name=PASSING_GROUP).order_by("pk")
    if not (lonely := list(found)):
        return
    names = _free_names(lonely)
    ids = people.make_tags([(name, tag.group_name[:_LONGEST]) for tag, name in zip(lonely, names, strict=True)])
    for tag, name in zip(lonely, names, strict=True):
        tag.people_tag_id = ids[name]
    CorpTag.objects.bulk_update(lonely, ["people_tag"], batch_size=1000)


def _free_names(lonely: Sequence[CorpTag]) -> list[str]:
    """Our names are unique across groups: a name that is taken gets its group's name before it."""
    taken = set(
        CorpTag.objects.filter(people_tag__isnull=False, is_deleted=False).values_list("people_tag__name", flat=True)
    )
    taken |= people.names_in_other_groups([(tag.name, tag.group_name) for tag in lonely])
    names = []
    for tag in lonely:
        name = tag.name if tag.name not in taken else f"{tag.group_name}/{tag.name}"[:_LONGEST]
        names.append(name[:_LONGEST])
        taken.add(name)
    return names
