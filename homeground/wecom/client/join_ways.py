"""Group join ways 加群活码 (document 92229)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import block, number, text, texts

_QR = 2


@dataclass(frozen=True)
class JoinSpec:
    """What a join way is to be: at most 5 groups, tried in order.

    auto_create_room: a new group when all are full, named room_base_name and a number from room_base_id on.
    """

    chat_ids: Sequence[str]
    state: str
    remark: str = ""
    auto_create_room: bool = True
    room_base_name: str = ""
    room_base_id: int = 1
    scene: int = _QR


@dataclass(frozen=True)
class JoinWay:
    """One join way as the platform has it."""

    config_id: str
    qr_code: str
    chat_ids: tuple[str, ...]
    state: str
    remark: str
    auto_create_room: bool
    room_base_name: str
    room_base_id: int


def add(api: Api, spec: JoinSpec) -> str:
    """Make a join way; its config_id. `get` has the code."""
    return text(api.call("externalcontact/groupchat/add_join_way", body=_body(spec)), "config_id")


def get(api: Api, config_id: str) -> JoinWay:
    """One join way with its code and groups."""
    answer = api.read("externalcontact/groupchat/get_join_way", {"config_id": config_id})
    row = block(answer, "join_way")
    return JoinWay(
        text(row, "config_id"),
        text(row, "qr_code"),
        texts(row, "chat_id_list"),
        text(row, "state"),
        text(row, "remark"),
        bool(number(row, "auto_create_room")),
        text(row, "room_base_name"),
        number(row, "room_base_id"),
    )


def update(api: Api, config_id: str, spec: JoinSpec) -> None:
    """Replace everything; the printed code stays."""
    api.call("externalcontact/groupchat/update_join_way", body={"config_id": config_id, **_body(spec)})


def delete(api: Api, config_id: str) -> None:
    """Delete a join way."""
    api.call("externalcontact/groupchat/del_join_way", body={"config_id": config_id})


def _body(spec: JoinSpec) -> dict[str, Any]:
    naming = {"room_base_name": spec.room_base_name, "room_base_id": spec.room_base_id} if spec.room_base_name else {}
    return {
        "scene": spec.scene,
        "remark": spec.remark,
        "auto_create_room": int(spec.auto_create_room),
        "chat_id_list": list(spec.chat_ids),
        "state": spec.state,
        **naming,
    }
