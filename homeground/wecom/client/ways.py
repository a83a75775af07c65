"""Contact ways 联系我, which live codes are made of (document 92228)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import Page, block, given, number, rows, seconds, text, texts, userids

_ALL, _QR = 2, 2


@dataclass(frozen=True)
class WaySpec:
    """What a way is to be. type: 1 one member, 2 several; scene: 1 in a mini-program, 2 a QR code.

    users and parties: at most 100 members in all. state ≤ 30 characters comes back with every arrival.
    skip_verify: their default is True; ours is False, because requests shall be looked at (M57).
    """

    users: Sequence[str]
    state: str
    remark: str = ""
    skip_verify: bool = False
    parties: Sequence[int] = ()
    type: int = _ALL
    scene: int = _QR


@dataclass(frozen=True)
class Way:
    """One contact way. Keep config_id: a lost one can neither be changed nor deleted."""

    config_id: str
    qr_code: str
    state: str = ""
    remark: str = ""
    skip_verify: bool = False
    users: tuple[str, ...] = ()
    parties: tuple[int, ...] = ()
    type: int = _ALL


def add(api: Api, spec: WaySpec) -> Way:
    """Make a way."""
    body = {"type": spec.type, "scene": spec.scene, **_changeable(spec)}
    answer = api.call("externalcontact/add_contact_way", body=body)
    return Way(
        text(answer, "config_id"),
        text(answer, "qr_code"),
        spec.state,
        spec.remark,
        spec.skip_verify,
        tuple(spec.users),
        tuple(spec.parties),
        spec.type,
    )


def get(api: Api, config_id: str) -> Way:
    """One way as the platform has it."""
    return _way(block(api.read("externalcontact/get_contact_way", {"config_id": config_id}), "contact_way"))


def list_page(api: Api, start: datetime | None = None, end: datetime | None = None, cursor: str = "") -> Page[str]:
    """The config_ids made between two moments; left out: the last 90 days."""
    body = given(start_time=start and seconds(start), end_time=end and seconds(end)) | {"cursor": cursor, "limit": 1000}
    answer = api.read("externalcontact/list_contact_way", body)
    return Page(tuple(text(row, "config_id") for row in rows(answer, "contact_way")), text(answer, "next_cursor"))


def update(api: Api, config_id: str, spec: WaySpec) -> None:
    """Change everything but type and scene; the printed code stays. Members are replaced."""
    api.call("externalcontact/update_contact_way", body={"config_id": config_id, **_changeable(spec)})


def delete(api: Api, config_id: str) -> None:
    """Delete a way: its code leads nowhere from then on."""
    api.call("externalcontact/del_contact_way", body={"config_id": config_id})


def _changeable(spec: WaySpec) -> dict[str, Any]:
    parties = {"party": list(spec.parties)} if spec.type == _ALL else {}
    return {
        "remark": spec.remark,
        "skip_verify": spec.skip_verify,
        "state": spec.state,
        "user": list(spec.users),
        **parties,
    }


def _way(row: Mapping[str, Any]) -> Way:
    return Way(
        text(row, "config_id"),
        text(row, "qr_code"),
        text(row, "state"),
        text(row, "remark"),
        bool(row.get("skip_verify")),
        userids(row.get("user") or []),
        tuple(int(party) for party in texts(row, "party")),
        number(row, "type"),
    )
