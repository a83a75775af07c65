"""加群活码: codes that lead into up to five groups, the next when one is full."""

from typing import Any

from homeground.sandbox.models import GroupChat, JoinWay
from homeground.sandbox.services.wecom import staff
from homeground.sandbox.services.wecom.fields import Given, flag, number, text, texts
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

MOST_GROUPS = 5
_REMARK_CHARS = 30  # A longer one is cut, not refused.
_CONFIG = text("config_id", needed=41043, wrong=41044)
_FIELDS = (
    number("scene", needed=41038, wrong=41040, among=(1, 2)),
    text("remark", default=""),
    number("auto_create_room", among=(0, 1), default=1),
    text("room_base_name", chars=40, default=""),
    number("room_base_id", default=1),
    texts("chat_id_list", needed=40058, most=MOST_GROUPS, too_many=41091, wrong=86001),
    text("state", chars=30, default=""),
    flag("mark_source", default=True),
)


@post("externalcontact/groupchat/add_join_way", *_FIELDS)
def add(caller: Caller, given: Given) -> Answer:
    """Make a code."""
    way = JoinWay.objects.create(config_id=new("", 32), created_at=caller.at, **_columns(given))
    return {"config_id": way.config_id}


@post("externalcontact/groupchat/get_join_way", _CONFIG)
def join_way(caller: Caller, given: Given) -> Answer:
    """One code as it stands."""
    return {"join_way": _shown(caller, _way(given))}


@post("externalcontact/groupchat/update_join_way", _CONFIG, *_FIELDS)
def update(_caller: Caller, given: Given) -> Answer:
    """Replace everything about a code."""
    JoinWay.objects.filter(pk=_way(given).pk).update(**_columns(given))
    return {}


@post("externalcontact/groupchat/del_join_way", _CONFIG)
def delete(_caller: Caller, given: Given) -> Answer:
    """Delete a code."""
    _way(given).delete()
    return {}


def _way(given: Given) -> JoinWay:
    found = JoinWay.objects.filter(config_id=given["config_id"]).first()
    if found is None:
        raise Refused(41044, "invalid config_id")
    return found


def _columns(given: Given) -> dict[str, Any]:
    chat_ids = given["chat_id_list"]
    groups = GroupChat.objects.filter(chat_id__in=chat_ids, dismissed_at=None, owner__in=staff.visible())
    if groups.count() < len(chat_ids):
        raise Refused(86003, "unknown chat_id")
    return {
        "scene": given["scene"],
        "remark": given["remark"][:_REMARK_CHARS],
        "auto_create_room": bool(given["auto_create_room"]),
        "room_base_name": given["room_base_name"],
        "room_base_id": given["room_base_id"],
        "chat_ids": chat_ids,
        "state": given["state"],
        "mark_source": given["mark_source"],
    }


def _shown(caller: Caller, way: JoinWay) -> dict[str, Any]:
    return {
        "config_id": way.config_id,
        "scene": way.scene,
        "remark": way.remark,
        "auto_create_room": int(way.auto_create_room),
        "room_base_name": way.room_base_name,
        "room_base_id": way.room_base_id,
        "chat_id_list": way.chat_ids,
        "qr_code": f"{caller.base}qr/{way.config_id}",
        "state": way.state,
        "mark_source": way.mark_source,
    }
