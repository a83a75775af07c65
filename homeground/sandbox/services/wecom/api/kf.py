"""微信客服: accounts, messages of the last three days, answers within the window."""

import re
from typing import Any

from homeground.sandbox.models import Contact, KfAccount, KfMessage, KfToken
from homeground.sandbox.services.wecom import cursors
from homeground.sandbox.services.wecom.fields import Field, Given, number, page_size, text, texts
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, get, post

WINDOW_HOURS = 48
ANSWERS = 5  # In the window, to one customer.
_TOKEN_SECONDS = 600
_DAYS = 3
_SYNC = "kf/sync_msg"
_ACCOUNT = text("open_kfid", size=64, needed=60251, wrong=60252)
_KINDS = ("text", "image", "voice", "video", "file", "link", "miniprogram", "msgmenu", "location", "ca_link")
_MSGID = re.compile(r"[0-9a-zA-Z_-]{1,32}")
_CUSTOMER, _SERVICER = 3, 5


@get("kf/account/list", number("offset", default=0), number("limit", most=100, default=100))
def accounts(_caller: Caller, given: Given) -> Answer:
    """Accounts of the corp."""
    return _accounts(given)


@post("kf/account/add", text("name", size=48, needed=40063), text("media_id", default=""))
def add(_caller: Caller, given: Given) -> Answer:
    """Make an account."""
    account = KfAccount.objects.create(open_kfid=new("wk"), name=given["name"])
    return {"open_kfid": account.open_kfid}


@post("kf/account/del", _ACCOUNT)
def delete(_caller: Caller, given: Given) -> Answer:
    """Delete an account."""
    _account(given).delete()
    return {}


@post("kf/add_contact_way", _ACCOUNT, text("scene", size=32, default=""))
def contact_way(caller: Caller, given: Given) -> Answer:
    """A link that opens the account."""
    return {"url": f"{caller.base}kf/{_account(given).open_kfid}?scene={given['scene']}"}


@post(
    _SYNC,
    _ACCOUNT,
    text("cursor", size=64, wrong=50100, default=""),
    text("token", size=128, wrong=95007),
    page_size(1000, 1000),
    number("voice_format", among=(0, 1), default=0),
)
def sync(caller: Caller, given: Given) -> Answer:
    """Messages of the last three days behind a cursor, the oldest first."""
    account = _account(given)
    _check_token(caller, given["token"])
    after = cursors.read(_SYNC, account.open_kfid, given["cursor"]) or [0]
    found = account.messages.filter(pk__gt=after[0], sent_at__gt=caller.ago(days=_DAYS)).select_related("contact")
    rows = list(found.order_by("pk")[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    last = shown[-1].pk if shown else after[0]
    return {
        "next_cursor": cursors.make(_SYNC, account.open_kfid, [last]),
        "has_more": 1 if len(rows) > len(shown) else 0,
        "msg_list": [_message(account, row) for row in shown],
    }


@post(
    "kf/send_msg",
    text("touser", needed=40003, wrong=40003),
    _ACCOUNT,
    text("msgid", default=""),
    text("msgtype", needed=40008, wrong=40008, among=_KINDS),
    *(Field(kind, lambda _name, value: value) for kind in _KINDS),
)
def send(caller: Caller, given: Given) -> Answer:
    """Answer a customer: within 48 hours of their last message, at most five times."""
    account, msgid = _account(given), given["msgid"] or new("", 32)
    contact = Contact.objects.filter(external_userid=given["touser"]).first()
    if contact is None:
        raise Refused(40096, "invalid external_userid")
    _check_window(caller, account, contact)
    content = given[given["msgtype"]]
    if not isinstance(content, dict) or not _MSGID.fullmatch(msgid):
        raise Refused(40058, "invalid message")
    if KfMessage.objects.filter(msgid=msgid).exists():
        raise Refused(95033, "duplicate msgid")
    KfMessage.objects.create(
        account=account, contact=contact, msgid=msgid, origin=_SERVICER, msgtype=given["msgtype"],
        content=content, sent_at=caller.at,
    )  # fmt: skip
    return {"msgid": msgid}


@post("kf/customer/batchget", texts("external_userid_list", most=100, needed=41035, too_many=40032))
def customers(caller: Caller, given: Given) -> Answer:
    """Who writes to the accounts."""
    ids = given["external_userid_list"]
    rows = {row.external_userid: row for row in Contact.objects.filter(external_userid__in=ids)}
    return {
        "customer_list": [_customer(caller, row) for row in rows.values()],
        "invalid_external_userid": [outside for outside in ids if outside not in rows],
    }


def _accounts(given: Given) -> Answer:
    rows = KfAccount.objects.order_by("pk")[given["offset"] : given["offset"] + given["limit"]]
    return {"account_list": [{"open_kfid": row.open_kfid, "name": row.name, "avatar": row.avatar} for row in rows]}


def _account(given: Given) -> KfAccount:
    found = KfAccount.objects.filter(open_kfid=given["open_kfid"]).first()
    if found is None:
        raise Refused(95000, "invalid open_kfid")
    return found


def _check_token(caller: Caller, token: str | None) -> None:
    fresh = KfToken.objects.filter(token=token, created_at__gt=caller.ago(seconds=_TOKEN_SECONDS))
    if token and not fresh.exists():
        raise Refused(95007, "invalid msg token")


def _check_window(caller: Caller, account: KfAccount, contact: Contact) -> None:
    said = account.messages.filter(contact=contact)
    last = said.filter(origin=_CUSTOMER).order_by("-sent_at", "-pk").first()
    if last is None or last.sent_at <= caller.ago(hours=WINDOW_HOURS):
        raise Refused(95002, "the 48 hours are over")
    if said.filter(origin=_SERVICER, pk__gt=last.pk).count() >= ANSWERS:
        raise Refused(95001, "five messages sent")


def _message(account: KfAccount, row: KfMessage) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "msgid": row.msgid,
        "open_kfid": account.open_kfid,
        "external_userid": row.contact.external_userid,
        "send_time": int(row.sent_at.timestamp()),
        "origin": row.origin,
        "msgtype": row.msgtype,
        row.msgtype: row.content,
    }
    return {**shown, "servicer_userid": row.servicer} if row.servicer else shown


def _customer(caller: Caller, row: Contact) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "external_userid": row.external_userid,
        "nickname": row.name,
        "avatar": row.avatar,
        "gender": row.gender,
    }
    return {**shown, "unionid": row.unionid} if row.unionid and caller.corp.is_developer_bound else shown
