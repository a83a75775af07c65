"""The corp's tags, ours against theirs."""

from homeground.wecom.client import Api
from homeground.wecom.client import tags as platform
from homeground.wecom.models import PASSING_GROUP, CorpTag
from homeground.wecom.services.drift.lines import Line, Why


def compare_tags(api: Api, compared: dict[str, int]) -> list[Line]:
    """Names and groups of all tags, but those that say who may see a Moment."""
    theirs = {
        tag.tag_id: f"{tag.group_name}/{tag.name}" for tag in platform.tags(api) if tag.group_name != PASSING_GROUP
    }
    rows = CorpTag.objects.filter(is_deleted=False).exclude(group_name=PASSING_GROUP)
    ours = {tag_id: f"{group}/{name}" for tag_id, group, name in rows.values_list("tag_id", "group_name", "name")}
    compared["tags"] = len(ours.keys() | theirs.keys())
    return [
        Line("tag", tag_id, "", ours.get(tag_id, ""), theirs.get(tag_id, ""), Why.NO_CALLBACK)
        for tag_id in sorted(ours.keys() | theirs.keys())
        if ours.get(tag_id) != theirs.get(tag_id)
    ]
