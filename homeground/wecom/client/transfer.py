"""Handover of customers and groups 在职继承, 离职继承 (documents 92125, 94088, 95703, 92124, 94081, 92127)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import Page, moment, number, rows, text, userid

AT_ONCE = 100  # Customers or groups a call.
DONE, WAITING, REFUSED, FULL, NONE = 1, 2, 3, 4, 5  # The platform's numbers of a handover's status.


@dataclass(frozen=True)
class Transferred:
    """Where the handover of one customer stands. status: DONE, WAITING, REFUSED, FULL (takeover's cap) or NONE."""

    external_userid: str
    status: int
    taken_over_at: datetime | None


@dataclass(frozen=True)
class Unassigned:
    """A customer whose member has left."""

    userid: str
    external_userid: str
    left_at: datetime | None


@dataclass(frozen=True)
class GroupNotMoved:
    """A group that could not be handed over, and why."""

    chat_id: str
    errcode: int
    errmsg: str


def start(api: Api, handover: str, takeover: str, external_userids: Sequence[str], message: str = "") -> dict[str, int]:
    """Begin to hand over at most 100 customers of a serving member: id → errcode, 0 for begun.

    Each completes by itself after 24 h unless the customer refuses. message ≤ 200 characters is shown to them.
    """
    body = {"handover_userid": handover, "takeover_userid": takeover, "external_userid": list(external_userids)}
    if message:
        body["transfer_success_msg"] = message
    return _begun(api.call("externalcontact/transfer_customer", body=body))


def results_page(api: Api, handover: str, takeover: str, cursor: str = "") -> Page[Transferred]:
    """Where the customers handed from one serving member to another stand."""
    return _results(api, "externalcontact/transfer_result", handover, takeover, cursor)


def start_resigned(api: Api, handover: str, takeover: str, external_userids: Sequence[str]) -> dict[str, int]:
    """The same for at most 100 customers of a member who has left."""
    body = {"handover_userid": handover, "takeover_userid": takeover, "external_userid": list(external_userids)}
    return _begun(api.call("externalcontact/resigned/transfer_customer", body=body))


def resigned_results_page(api: Api, handover: str, takeover: str, cursor: str = "") -> Page[Transferred]:
    """Where the customers of a member who left stand."""
    return _results(api, "externalcontact/resigned/transfer_result", handover, takeover, cursor)


def unassigned_page(api: Api, cursor: str = "") -> Page[Unassigned]:
    """Customers whose member has left and whom nobody has taken over."""
    answer = api.read("externalcontact/get_unassigned_list", {"page_size": 1000, "cursor": cursor})
    found = (
        Unassigned(userid(row, "handover_userid"), text(row, "external_userid"), moment(row, "dimission_time"))
        for row in rows(answer, "info")
    )
    return Page(tuple(found), "" if answer.get("is_last") else text(answer, "next_cursor"))


def groups(api: Api, chat_ids: Sequence[str], new_owner: str) -> list[GroupNotMoved]:
    """Hand over at most 100 groups of an owner who has LEFT; those that failed."""
    return _groups(api, "externalcontact/groupchat/transfer", chat_ids, new_owner)


def groups_onjob(api: Api, chat_ids: Sequence[str], new_owner: str) -> list[GroupNotMoved]:
    """Hand over at most 100 groups of a SERVING owner; those that failed. At most 300 a day and person."""
    return _groups(api, "externalcontact/groupchat/onjob_transfer", chat_ids, new_owner)


def _begun(answer: Mapping[str, Any]) -> dict[str, int]:
    return {text(row, "external_userid"): number(row, "errcode") for row in rows(answer, "customer")}


def _results(api: Api, path: str, handover: str, takeover: str, cursor: str) -> Page[Transferred]:
    body = {"handover_userid": handover, "takeover_userid": takeover, "cursor": cursor}
    answer = api.read(path, body)
    found = (
        Transferred(text(row, "external_userid"), number(row, "status"), moment(row, "takeover_time"))
        for row in rows(answer, "customer")
    )
    return Page(tuple(found), text(answer, "next_cursor"))


def _groups(api: Api, path: str, chat_ids: Sequence[str], new_owner: str) -> list[GroupNotMoved]:
    answer = api.call(path, body={"chat_id_list": list(chat_ids), "new_owner": new_owner})
    return [
        GroupNotMoved(text(row, "chat_id"), number(row, "errcode"), text(row, "errmsg"))
        for row in rows(answer, "failed_chat_list")
    ]
