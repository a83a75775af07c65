"""继承 of customers and groups, from members who serve and from those who left."""

from typing import Any

from homeground.core import time
from homeground.sandbox.models import Friendship, GroupChat, GroupTransfer, Member, Transfer
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.wecom import cursors, staff, transfers
from homeground.sandbox.services.wecom.fields import CURSOR, Given, number, text, texts
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

GROUPS_A_DAY = 300  # To one person.
_PAGE = 1000
_UNASSIGNED = "externalcontact/get_unassigned_list"
_PAIR = (text("handover_userid", needed=41009, wrong=40003), text("takeover_userid", needed=41009, wrong=40003))
_IDS = texts("external_userid", most=100, needed=41035, wrong=40096, too_many=40032)
_GROUPS = (
    texts("chat_id_list", most=100, needed=86001, wrong=86001, too_many=40032),
    text("new_owner", needed=41009, wrong=40003),
)


@post("externalcontact/transfer_customer", *_PAIR, _IDS, text("transfer_success_msg", chars=200, default=""))
def transfer(caller: Caller, given: Given) -> Answer:
    """Hand customers of a serving member over."""
    handover = staff.member(given["handover_userid"])
    return _start(caller, handover, given, given["transfer_success_msg"], is_resigned=False)


@post("externalcontact/resigned/transfer_customer", *_PAIR, _IDS)
def transfer_resigned(caller: Caller, given: Given) -> Answer:
    """Hand customers of a member who left over."""
    handover = staff.member(given["handover_userid"], resigned=True)
    if handover.resigned_at is None:
        raise Refused(40097, "handover member has not resigned")
    return _start(caller, handover, given, "", is_resigned=True)


@post("externalcontact/transfer_result", *_PAIR, CURSOR)
def result(caller: Caller, given: Given) -> Answer:
    """How each transfer between two members stands."""
    return _result(caller, given, "externalcontact/transfer_result", is_resigned=False)


@post("externalcontact/resigned/transfer_result", *_PAIR, CURSOR)
def result_resigned(caller: Caller, given: Given) -> Answer:
    """The same for a member who left."""
    return _result(caller, given, "externalcontact/resigned/transfer_result", is_resigned=True)


@post(_UNASSIGNED, number("page_size", most=1000, default=1000), number("page_id", default=0), CURSOR)
def unassigned(caller: Caller, given: Given) -> Answer:
    """Customers of members who left, as long as nobody takes them over."""
    transfers.settle(caller.at)
    size = given["page_size"] or _PAGE
    after = cursors.read(_UNASSIGNED, size, given["cursor"]) or [0]
    waiting = Transfer.objects.filter(status=Transfer.Status.WAITING, is_resigned=True).values("contact_id")
    ties = Friendship.objects.filter(ended_at=None, member__resigned_at__isnull=False, member__is_visible=True)
    found = ties.filter(pk__gt=after[0]).exclude(contact_id__in=waiting).order_by("pk")
    skipped = 0 if given["cursor"] else given["page_id"] * size
    names = ("pk", "member__userid", "contact__external_userid", "member__resigned_at")
    rows = list(found.values_list(*names)[skipped : skipped + size + 1])
    shown = rows[:size]
    info = [
        {"handover_userid": userid, "external_userid": outside, "dimission_time": int(left.timestamp())}
        for _pk, userid, outside, left in shown
    ]
    is_more = len(rows) > len(shown)
    cursor = cursors.make(_UNASSIGNED, size, [shown[-1][0]]) if is_more else ""
    return {"info": info, "is_last": not is_more, "next_cursor": cursor}


@post("externalcontact/groupchat/transfer", *_GROUPS)
def groups_resigned(caller: Caller, given: Given) -> Answer:
    """Give groups of members who left another owner."""
    return _move_groups(caller, given, is_resigned=True)


@post("externalcontact/groupchat/onjob_transfer", *_GROUPS)
def groups_onjob(caller: Caller, given: Given) -> Answer:
    """Give groups of serving members another owner."""
    return _move_groups(caller, given, is_resigned=False)


def _start(caller: Caller, handover: Member, given: Given, message: str, *, is_resigned: bool) -> Answer:
    takeover = staff.contact_member(given["takeover_userid"])
    if handover.pk == takeover.pk:
        raise Refused(40130, "handover and takeover are the same")
    transfers.settle(caller.at)
    ids = given["external_userid"]
    codes = transfers.start(handover, takeover, ids, message, caller.at, is_resigned=is_resigned)
    return {"customer": [{"external_userid": outside, "errcode": codes[outside]} for outside in ids]}


def _result(caller: Caller, given: Given, api: str, *, is_resigned: bool) -> Answer:
    transfers.settle(caller.at)
    handover = staff.member(given["handover_userid"], resigned=True)
    takeover = staff.member(given["takeover_userid"], resigned=True)
    about = [handover.pk, takeover.pk]
    after = cursors.read(api, about, given["cursor"]) or [0]
    found = Transfer.objects.filter(handover=handover, takeover=takeover, is_resigned=is_resigned, pk__gt=after[0])
    rows = list(found.select_related("contact").order_by("pk")[: _PAGE + 1])
    shown = rows[:_PAGE]
    cursor = cursors.make(api, about, [shown[-1].pk]) if len(rows) > len(shown) else ""
    return {"customer": [_customer(row) for row in shown], "next_cursor": cursor}


def _customer(row: Transfer) -> dict[str, Any]:
    done = row.decided_at if row.status == Transfer.Status.DONE else None
    return {
        "external_userid": row.contact.external_userid,
        "status": row.status,
        "takeover_time": int(done.timestamp()) if done else 0,
    }


def _move_groups(caller: Caller, given: Given, *, is_resigned: bool) -> Answer:
    owner = staff.contact_member(given["new_owner"])
    found = GroupChat.objects.select_for_update(of=("self",)).select_related("owner")
    rows = {row.chat_id: row for row in found.filter(chat_id__in=given["chat_id_list"], dismissed_at=None)}
    often = _often(caller, [row.pk for row in rows.values()])
    room = GROUPS_A_DAY - _today(caller, owner)
    moved: list[GroupChat] = []
    failed = []
    for chat_id in given["chat_id_list"]:
        code = _group_code(rows.get(chat_id), owner, often, room - len(moved), is_resigned=is_resigned)
        if code:
            failed.append({"chat_id": chat_id, "errcode": code, "errmsg": "transfer failed"})
        else:
            moved.append(rows[chat_id])
    _move(caller, moved, owner, is_resigned=is_resigned)
    return {"failed_chat_list": failed}


def _group_code(row: GroupChat | None, owner: Member, often: set[int], room: int, *, is_resigned: bool) -> int:
    if row is None:
        return 90501
    if is_resigned != (row.owner.resigned_at is not None):
        return 90500 if is_resigned else 90502
    if row.owner_id == owner.pk:
        return 90504
    if row.pk in often:
        return 40128
    return 0 if room > 0 else 45009


def _often(caller: Caller, chats: list[int]) -> set[int]:
    recent = GroupTransfer.objects.filter(chat_id__in=chats, created_at__gt=caller.ago(days=transfers.DAYS))
    counted: dict[int, int] = {}
    for chat in recent.values_list("chat_id", flat=True):
        counted[chat] = counted.get(chat, 0) + 1
    return {chat for chat, times in counted.items() if times >= transfers.MOST}


def _today(caller: Caller, owner: Member) -> int:
    zone = caller.corp.time_zone
    since = time.start_of(time.day_of(caller.at, zone), zone)
    return GroupTransfer.objects.filter(takeover=owner, created_at__gte=since).count()


def _move(caller: Caller, rows: list[GroupChat], owner: Member, *, is_resigned: bool) -> None:
    # Groups of who left pass at once here; the platform takes up to 24 hours.
    status = GroupChat.Status.MOVED if is_resigned else GroupChat.Status.NORMAL
    GroupChat.objects.filter(pk__in=[row.pk for row in rows]).update(owner=owner, status=status)
    GroupTransfer.objects.bulk_create(
        GroupTransfer(chat=row, takeover=owner, is_resigned=is_resigned, created_at=caller.at) for row in rows
    )
    if caller.corp.tells_of_api_actions and rows:
        tell(*(events.group(row.chat_id, "update", "change_owner") for row in rows))
