"""External contacts: who serves, who is served, one in full, many by pages."""

from collections.abc import Iterable, Sequence
from typing import Any

from homeground.sandbox.models import Contact, Friendship, Tag
from homeground.sandbox.services.wecom import cursors, staff
from homeground.sandbox.services.wecom.fields import CURSOR, Given, page_size, text, texts
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, get, post

FOLLOWERS = 500  # In one answer about one contact.
_BATCH = "externalcontact/batch/get_by_user"
_GET = "externalcontact/get"


@get("externalcontact/get_follow_user_list")
def followers(_caller: Caller, _given: Given) -> Answer:
    """Members in range who may use customer contact."""
    return {"follow_user": list(staff.serving().order_by("pk").values_list("userid", flat=True))}


@get("externalcontact/list", text("userid", needed=41009, wrong=40003))
def contacts(_caller: Caller, given: Given) -> Answer:
    """Every customer of a member; no pages."""
    member = staff.contact_member(given["userid"])
    ids = Friendship.objects.filter(member=member, ended_at=None).order_by("pk")
    found = list(ids.values_list("contact__external_userid", flat=True))
    if not found:
        raise Refused(84061, "not external contact")
    return {"external_userid": found}


@get(_GET, text("external_userid", needed=41035, wrong=40096), CURSOR)
def contact(caller: Caller, given: Given) -> Answer:
    """One customer with all members in range who follow."""
    wanted = given["external_userid"]
    found = Contact.objects.filter(external_userid=wanted).first()
    if found is None:
        raise Refused(40096, "invalid external_userid")
    after = cursors.read(_GET, wanted, given["cursor"]) or [0]
    rows = list(
        Friendship.objects.filter(contact=found, ended_at=None, member__in=staff.visible(), pk__gt=after[0])
        .select_related("member")
        .order_by("pk")[: FOLLOWERS + 1]
    )
    if not rows and not given["cursor"]:
        raise Refused(84061, "not external contact")
    tags = _tags(rows[:FOLLOWERS])
    more = {"next_cursor": cursors.make(_GET, wanted, [rows[FOLLOWERS - 1].pk])} if len(rows) > FOLLOWERS else {}
    follow_user = [{**_follow(row), "tags": _tags_of(row, tags)} for row in rows[:FOLLOWERS]]
    return {"external_contact": _outside(caller, found, in_full=True), "follow_user": follow_user, **more}


@post(
    _BATCH,
    texts("userid_list", most=100, wrong=40031, too_many=40032),
    text("userid", wrong=40003),
    CURSOR,
    page_size(50, 100),
)
def contacts_of(caller: Caller, given: Given) -> Answer:
    """Customers of up to 100 members, a page at a time; one entry for each member who follows."""
    userids = given["userid_list"] or ([given["userid"]] if given["userid"] else [])
    if not userids:
        raise Refused(41009, "missing userid_list")
    members = {member.pk: member for member in staff.contact_members(userids)}
    licensed = [pk for pk, member in members.items() if member.is_licensed]
    if not licensed:
        raise Refused(701008, "no license")
    about = sorted(userid.lower() for userid in userids)
    rows = _page(licensed, cursors.read(_BATCH, about, given["cursor"]), given["limit"] + 1)
    shown = rows[: given["limit"]]
    for row in shown:
        row.member = members[row.member_id]
    is_more = len(rows) > len(shown)
    return {
        "external_contact_list": [_entry(caller, row) for row in shown],
        "next_cursor": cursors.make(_BATCH, about, [shown[-1].member_id, shown[-1].pk]) if is_more else "",
        "fail_info": {"unlicensed_userid_list": [one.userid for one in members.values() if not one.is_licensed]},
    }


def _page(member_ids: Sequence[int], after: Sequence[int], most: int) -> list[Friendship]:
    """By member, then by friendship: rows that come and go shift no page."""
    ties = Friendship.objects.filter(member_id__in=member_ids, ended_at=None).select_related("contact")
    ties = ties.order_by("member_id", "pk")
    if not after:
        return list(ties[:most])
    # Two ranges of the index, not one filter with OR: that would read a member's first 20,000 again for each page.
    rows = list(ties.filter(member_id=after[0], pk__gt=after[1])[:most])
    return rows + list(ties.filter(member_id__gt=after[0])[: most - len(rows)])


def _entry(caller: Caller, row: Friendship) -> dict[str, Any]:
    return {
        "external_contact": _outside(caller, row.contact, in_full=False),
        "follow_info": {**_follow(row), "tag_id": row.tag_ids},
    }


def _outside(caller: Caller, row: Contact, *, in_full: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "external_userid": row.external_userid,
        "name": row.name,
        "type": row.kind,
        "avatar": row.avatar,
        "gender": row.gender,
    }
    if row.kind == 1:
        return {**shown, "unionid": row.unionid} if row.unionid and caller.corp.is_developer_bound else shown
    shown |= {"position": row.position, "corp_name": row.corp_name, "corp_full_name": row.corp_full_name}
    return {**shown, "external_profile": {"external_attr": []}} if in_full else shown


def _follow(row: Friendship) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "userid": row.member.userid,
        "remark": row.remark,
        "description": row.description,
        "createtime": int(row.created_at.timestamp()),
        "remark_corp_name": row.remark_company,
        "remark_mobiles": row.remark_mobiles,
        "oper_userid": row.oper_userid,
        "add_way": row.add_way,
    }
    if row.state:
        shown["state"] = row.state
    if row.wechat_channels:
        shown["wechat_channels"] = row.wechat_channels
    return shown


def _tags(rows: Iterable[Friendship]) -> dict[str, Tag]:
    ids = {tag_id for row in rows for tag_id in row.tag_ids}
    return {tag.tag_id: tag for tag in Tag.objects.filter(tag_id__in=ids).select_related("group")}


def _tags_of(row: Friendship, tags: dict[str, Tag]) -> list[dict[str, Any]]:
    own = [tags[tag_id] for tag_id in row.tag_ids if tag_id in tags]
    corp = [
        {
            "group_name": tag.group.name,
            "tag_name": tag.name,
            "type": 3 if tag.group.strategy_id else 1,
            "tag_id": tag.tag_id,
        }
        for tag in own
    ]
    return corp + [{"group_name": "", "tag_name": name, "type": 2} for name in row.personal_tags]
