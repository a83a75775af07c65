"""微信客服 (kf): messages of the last 3 days, and answers to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import block, moment, number, rows, text, userid

CUSTOMER, SYSTEM, SERVICER = 3, 4, 5  # origin


@dataclass(frozen=True)
class KfMessage:
    """One message or event. text is empty but for texts; fields: the block named by kind, as it came."""

    msgid: str
    open_kfid: str
    external_userid: str
    userid: str
    origin: int
    at: datetime | None
    kind: str
    text: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class KfPage:
    """One page; it may be empty while has_more. Keep next_cursor for the next time, also at the end."""

    items: tuple[KfMessage, ...]
    next_cursor: str
    has_more: bool


def sync_page(api: Api, open_kfid: str, cursor: str = "", token: str = "") -> KfPage:
    """Messages since the cursor. token: of the callback, 10 minutes; without it the platform bears fewer calls."""
    body = {"cursor": cursor, "limit": 1000, "open_kfid": open_kfid} | ({"token": token} if token else {})
    answer = api.read("kf/sync_msg", body)
    found = tuple(_message(row) for row in rows(answer, "msg_list"))
    return KfPage(found, text(answer, "next_cursor"), bool(number(answer, "has_more")))


def send(api: Api, open_kfid: str, external_userid: str, content: str, msgid: str = "") -> str:
    """Answer a customer, within 48 h and at most 5 times after their last message; the msgid.

    msgid ≤ 32 of [0-9a-zA-Z_-]: given, a repeat is refused by 95033 and so sent once.
    """
    body = {"touser": external_userid, "open_kfid": open_kfid, "msgtype": "text", "text": {"content": content}}
    answer = api.call("kf/send_msg", body=body | ({"msgid": msgid} if msgid else {}))
    return text(answer, "msgid")


def _message(row: Mapping[str, Any]) -> KfMessage:
    kind = text(row, "msgtype")
    fields = block(row, kind)
    return KfMessage(
        text(row, "msgid"),
        text(row, "open_kfid") or text(fields, "open_kfid"),
        text(row, "external_userid") or text(fields, "external_userid"),
        userid(row, "servicer_userid"),
        number(row, "origin"),
        moment(row, "send_time"),
        kind,
        text(fields, "content"),
        fields,
    )
