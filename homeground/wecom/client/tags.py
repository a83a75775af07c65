"""Corp tags 企业标签 and marking contacts with them (documents 92117, 92118)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import block, given, number, rows, text


@dataclass(frozen=True)
class TagInfo:
    """One corp tag. order: higher comes first; group_order: the same among groups."""

    tag_id: str
    name: str
    group_id: str
    group_name: str
    order: int
    group_order: int = 0


def tags(api: Api) -> list[TagInfo]:
    """Every corp tag with its group."""
    answer = api.read("externalcontact/get_corp_tag_list", {})
    return [tag for group in rows(answer, "tag_group") for tag in _tags(group)]


def add(api: Api, group_name: str, names: Sequence[str], agentid: str = "") -> list[TagInfo]:
    """Add tags to a group, made if it is not there; the answer holds the new tags only.

    Names of at most 30 characters; 40071 when one exists.
    """
    body = {"group_name": group_name, "tag": [{"name": name} for name in names]}
    answer = api.call(
        "externalcontact/add_corp_tag", body=body | given(agentid=int(agentid) if agentid.isdigit() else None)
    )
    return list(_tags(block(answer, "tag_group")))


def rename(api: Api, tag_or_group_id: str, name: str) -> None:
    """Another name for a tag or a group; only for what this app made."""
    api.call("externalcontact/edit_corp_tag", body={"id": tag_or_group_id, "name": name})


def delete(api: Api, tag_ids: Sequence[str], group_ids: Sequence[str] = ()) -> None:
    """Delete tags and whole groups; only what this app made. A group without tags goes with its last one."""
    api.call("externalcontact/del_corp_tag", body={"tag_id": list(tag_ids), "group_id": list(group_ids)})


def mark(api: Api, member_id: str, external_userid: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
    """Put tags on a contact and take others off, for this member's tie."""
    body = {"userid": member_id, "external_userid": external_userid, "add_tag": list(add), "remove_tag": list(remove)}
    api.call("externalcontact/mark_tag", body=body)


def _tags(group: Mapping[str, Any]) -> Iterator[TagInfo]:
    for row in rows(group, "tag"):
        if not row.get("deleted"):
            yield TagInfo(
                text(row, "id"),
                text(row, "name"),
                text(group, "group_id"),
                text(group, "group_name"),
                number(row, "order"),
                number(group, "order"),
            )
