"""客户群: list, one in full, and which one a shared card belongs to."""

from typing import Any

from homeground.sandbox.models import GroupChat, GroupMember
from homeground.sandbox.services.wecom import cursors, staff
from homeground.sandbox.services.wecom.fields import CURSOR, Given, number, text, texts, thing
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

MOST_MEMBERS = 1000  # In range, for a list without a filter of owners.
_LIST = "externalcontact/groupchat/list"


@post(
    _LIST,
    number("status_filter", among=(0, 1, 2, 3), default=0),
    thing("owner_filter", texts("userid_list", most=100, wrong=40031, too_many=40032)),
    CURSOR,
    number("limit", least=1, most=1000, needed=40058),
)
def groups(_caller: Caller, given: Given) -> Answer:
    """Groups of owners in range."""
    owners = (given["owner_filter"] or {}).get("userid_list") or []
    if not owners and staff.visible().count() > MOST_MEMBERS:
        raise Refused(81017, "too many members: give an owner_filter")
    about = [given["status_filter"], owners]
    after = cursors.read(_LIST, about, given["cursor"]) or [0]
    found = GroupChat.objects.filter(dismissed_at=None, owner__is_visible=True, pk__gt=after[0])
    if owners:
        found = found.filter(owner__in=staff.named(owners))
    if given["status_filter"]:
        found = found.filter(status=given["status_filter"])
    rows = list(found.order_by("pk").values_list("pk", "chat_id", "status")[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    more = {"next_cursor": cursors.make(_LIST, about, [shown[-1][0]])} if len(rows) > len(shown) else {}
    return {"group_chat_list": [{"chat_id": chat_id, "status": status} for _pk, chat_id, status in shown], **more}


@post(
    "externalcontact/groupchat/get",
    text("chat_id", needed=86001, wrong=86001),
    number("need_name", among=(0, 1), default=0),
)
def group(caller: Caller, given: Given) -> Answer:
    """One group with everybody in it."""
    row = live(given["chat_id"])
    places = row.members.filter(left_at=None).select_related("member", "contact").order_by("pk")
    return {
        "group_chat": {
            "chat_id": row.chat_id,
            "name": row.name,
            "owner": row.owner.userid,
            "create_time": int(row.created_at.timestamp()),
            "notice": row.notice,
            "member_list": [_member(caller, place, with_name=bool(given["need_name"])) for place in places],
            "admin_list": [{"userid": userid} for userid in row.admins],
            "member_version": row.member_version,
        }
    }


@post("externalcontact/opengid_to_chatid", text("opengid", needed=90511, wrong=90511))
def chat_id_of(_caller: Caller, given: Given) -> Answer:
    """The group behind an opengid."""
    found = GroupChat.objects.filter(opengid=given["opengid"], dismissed_at=None, owner__is_visible=True).first()
    if found is None:
        raise Refused(90511, "invalid opengid")
    return {"chat_id": found.chat_id}


def live(chat_id: str) -> GroupChat:
    """A group in range. Raises Refused 86003, 49008."""
    found = GroupChat.objects.select_related("owner").filter(chat_id=chat_id, owner__is_visible=True).first()
    if found is None:
        raise Refused(86003, "unknown chatid")
    if found.dismissed_at:
        raise Refused(49008, "group dismissed")
    return found


def _member(caller: Caller, place: GroupMember, *, with_name: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "userid": place.member.userid if place.member else place.contact.external_userid if place.contact else "",
        "type": 1 if place.member else 2,
        "join_time": int(place.joined_at.timestamp()),
        "join_scene": place.join_scene,
        "group_nickname": place.nickname,
    }
    if place.invited_by:
        shown["invitor"] = {"userid": place.invited_by}
    if place.contact and place.contact.unionid and caller.corp.is_developer_bound:
        shown["unionid"] = place.contact.unionid
    if place.state:
        shown["state"] = place.state
    person = place.member or place.contact
    return {**shown, "name": person.name} if with_name and person else shown
