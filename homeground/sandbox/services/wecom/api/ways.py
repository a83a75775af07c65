"""「联系我」: contact ways, made, read, changed and deleted."""

from datetime import UTC, datetime
from typing import Any

from homeground.sandbox.models import Contact, ContactWay, Friendship, JoinWay
from homeground.sandbox.services.wecom import cursors, staff
from homeground.sandbox.services.wecom.fields import (
    CURSOR,
    Given,
    flag,
    moment,
    number,
    numbers,
    page_size,
    text,
    texts,
    thing,
)
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

MOST_WAYS = 500_000  # With join ways.
MOST_MEMBERS = 100
_FORTNIGHT = 14 * 86_400
_LIST = "externalcontact/list_contact_way"
_CONFIG = text("config_id", needed=41043, wrong=41044)
_CHANGEABLE = (
    number("style", most=3, wrong=41042),
    text("remark", chars=30),
    flag("skip_verify"),
    text("state", chars=30),
    texts("user", most=MOST_MEMBERS, wrong=40031, too_many=41041),
    numbers("party"),
    number("expires_in", most=_FORTNIGHT),
    number("chat_expires_in", most=_FORTNIGHT),
    text("unionid", size=64),
    flag("mark_source"),
    thing("conclusions"),
)
_COLUMNS = {"user": "users", "party": "parties"}


@post(
    "externalcontact/add_contact_way",
    number("type", needed=41037, wrong=41039, among=(1, 2)),
    number("scene", needed=41038, wrong=41040, among=(1, 2)),
    *_CHANGEABLE,
    flag("is_temp", default=False),
    flag("is_exclusive", default=False),
)
def add(caller: Caller, given: Given) -> Answer:
    """Make a code for one member, or for several and for departments."""
    _check_users(given["type"], given["user"] or [], given["party"] or [], is_temp=given["is_temp"])
    _check_style(given)
    _check_conclusions(given)
    if ContactWay.objects.count() + JoinWay.objects.count() >= MOST_WAYS:
        raise Refused(41045, "too many contact ways")
    way = ContactWay.objects.create(
        config_id=new("", 32),
        kind=given["type"],
        scene=given["scene"],
        is_temp=given["is_temp"],
        is_exclusive=given["is_exclusive"],
        created_at=caller.at,
        **_changes(given),
    )
    return {"config_id": way.config_id, **_picture(caller, way)}


@post("externalcontact/get_contact_way", _CONFIG)
def contact_way(caller: Caller, given: Given) -> Answer:
    """One code as it stands."""
    return {"contact_way": _shown(caller, _way(given))}


@post(_LIST, moment("start_time"), moment("end_time"), CURSOR, page_size(100, 1000))
def contact_ways(caller: Caller, given: Given) -> Answer:
    """Ids of codes by the time they were made; no temporary ones."""
    about = [given["start_time"], given["end_time"]]
    since = _moment(given["start_time"]) or caller.ago(days=90)
    until = _moment(given["end_time"]) or caller.at
    after = cursors.read(_LIST, about, given["cursor"]) or [0]
    ways = ContactWay.objects.filter(created_at__range=(since, until), is_temp=False, pk__gt=after[0])
    rows = list(ways.order_by("pk").values_list("pk", "config_id")[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    more = {"next_cursor": cursors.make(_LIST, about, [shown[-1][0]])} if len(rows) > len(shown) else {}
    return {"contact_way": [{"config_id": config_id} for _pk, config_id in shown], **more}


@post("externalcontact/update_contact_way", _CONFIG, *_CHANGEABLE)
def update(caller: Caller, given: Given) -> Answer:
    """Change what is given; members and departments are replaced."""
    way = _way(given)
    if way.is_temp and (caller.at - way.created_at).total_seconds() >= way.expires_in:
        raise Refused(41044, "temporary contact way expired")
    changes = _changes(given)
    users, parties = changes.get("users", way.users), changes.get("parties", way.parties)
    if "users" in changes or "parties" in changes:
        _check_users(way.kind, users, parties, is_temp=way.is_temp)
    _check_style({**given, "type": way.kind, "scene": way.scene})
    if changes:
        ContactWay.objects.filter(pk=way.pk).update(**changes)
    return {}


@post("externalcontact/del_contact_way", _CONFIG)
def delete(_caller: Caller, given: Given) -> Answer:
    """Delete a code: who scans it afterwards meets nobody."""
    _way(given).delete()
    return {}


@post(
    "externalcontact/close_temp_chat",
    text("userid", needed=41009, wrong=40003),
    text("external_userid", needed=41035, wrong=40096),
)
def close(_caller: Caller, given: Given) -> Answer:
    """End a temporary session."""
    member = staff.contact_member(given["userid"])
    contact = Contact.objects.filter(external_userid=given["external_userid"]).first()
    if not Friendship.objects.filter(member=member, contact=contact, ended_at=None).exists():
        raise Refused(84061, "not external contact")
    return {}


def _way(given: Given) -> ContactWay:
    found = ContactWay.objects.filter(config_id=given["config_id"]).first()
    if found is None:
        raise Refused(41044, "invalid config_id")
    return found


def _check_users(kind: int, users: list[str], parties: list[int], *, is_temp: bool) -> None:
    if kind == 1 and (len(users) != 1 or parties):
        raise Refused(41041, "type 1 takes exactly one user")
    if is_temp and kind != 1:
        raise Refused(41039, "a temporary session is for a single member")
    if not users and not parties:
        raise Refused(41041, "user and party both empty")
    staff.contact_members(users)
    if parties and staff.in_range(users, parties).count() > MOST_MEMBERS:
        raise Refused(41041, "too many members")


def _check_style(given: Given) -> None:
    if given["style"] and (given["scene"] != 1 or given["style"] > (3 if given["type"] == 1 else 2)):
        raise Refused(41042, "invalid style")


def _check_conclusions(given: Given) -> None:
    content = given["conclusions"]
    if content is None:
        return
    text_size = len(str((content.get("text") or {}).get("content", "")).encode())
    if not any(content.get(kind) for kind in ("text", "image", "link", "miniprogram")) or text_size > 4000:
        raise Refused(40058, "invalid conclusions")


def _changes(given: Given) -> dict[str, Any]:
    names = [field.name for field in _CHANGEABLE]
    return {_COLUMNS.get(name, name): given[name] for name in names if given[name] is not None}


def _picture(caller: Caller, way: ContactWay) -> dict[str, str]:
    return {"qr_code": f"{caller.base}qr/{way.config_id}"} if way.scene == 2 else {}


def _shown(caller: Caller, way: ContactWay) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "config_id": way.config_id,
        "type": way.kind,
        "scene": way.scene,
        "style": way.style,
        "remark": way.remark,
        "skip_verify": way.skip_verify,
        "state": way.state,
        **_picture(caller, way),
        "user": way.users,
        "party": way.parties,
        "is_temp": way.is_temp,
        "is_exclusive": way.is_exclusive,
        "mark_source": way.mark_source,
    }
    if way.is_temp:
        shown |= {"expires_in": way.expires_in, "chat_expires_in": way.chat_expires_in, "unionid": way.unionid}
        shown |= {"conclusions": way.conclusions or {}}
    return shown


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
