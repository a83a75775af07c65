"""统计: what members do with customers, and what goes on in groups, by the corp's days."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.core import time
from homeground.sandbox.models import Member
from homeground.sandbox.services.wecom import staff
from homeground.sandbox.services.wecom.fields import Given, moment, number, numbers, texts, thing
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

SQL = Path(__file__).parent.parent.parent.parent / "sql"
_COUNTS = (
    "new_chat_cnt", "chat_total", "chat_has_msg", "new_member_cnt", "member_total", "member_has_msg", "msg_total",
)  # fmt: skip
_ORDERS = {1: "new_chat_cnt", 2: "chat_total", 3: "new_member_cnt", 4: "member_total"}
_OWNERS = thing("owner_filter", texts("userid_list", most=100, needed=41009, wrong=40031, too_many=40032), needed=41009)
_SPAN = (moment("day_begin_time", needed=60267), moment("day_end_time"))


@post(
    "externalcontact/get_user_behavior_data",
    texts("userid", most=100, wrong=40031, too_many=40032),
    numbers("partyid", most=100),
    moment("start_time", needed=60267),
    moment("end_time", needed=60267),
)
def behaviour(caller: Caller, given: Given) -> Answer:
    """What members did, all of them summed, a row a day."""
    userids, parties = given["userid"] or [], given["partyid"] or []
    if not userids and not parties:
        raise Refused(81012, "userid and partyid both empty")
    members = [one.pk for one in staff.contact_members(userids)]
    members += list(staff.in_range([], parties).values_list("pk", flat=True)) if parties else []
    first, last = _days(caller, given["start_time"], given["end_time"])
    zone = caller.corp.time_zone
    params = {"members": members, "since": time.start_of(first, zone), "until": _end(last, zone), "zone": zone}
    return {"behavior_data": [_behaviour(zone, *row) for row in _rows("behaviour.sql", params)]}


@post(
    "externalcontact/groupchat/statistic",
    *_SPAN,
    _OWNERS,
    number("order_by", among=(1, 2, 3, 4), default=1),
    number("order_asc", among=(0, 1), default=0),
    number("offset", default=0),
    number("limit", most=1000, default=500),
)
def groups(caller: Caller, given: Given) -> Answer:
    """Groups over a span, by owner."""
    owners = _owners(given)
    first, last = _days(caller, given["day_begin_time"], given["day_end_time"] or given["day_begin_time"])
    zone = caller.corp.time_zone
    scopes = [_scope([owner], time.start_of(first, zone), _end(last, zone)) for owner in owners]
    items: list[dict[str, Any]] = [
        {"owner": owner.userid, "data": data} for owner, data in zip(owners, _groups(scopes), strict=True)
    ]
    items.sort(key=lambda item: item["data"][_ORDERS[given["order_by"]]], reverse=not given["order_asc"])
    end = given["offset"] + (given["limit"] or 500)
    return {"total": len(items), "next_offset": min(end, len(items)), "items": items[given["offset"] : end]}


@post("externalcontact/groupchat/statistic_group_by_day", *_SPAN, _OWNERS)
def groups_by_day(caller: Caller, given: Given) -> Answer:
    """Groups of all these owners, a row a day."""
    owners = _owners(given)
    first, last = _days(caller, given["day_begin_time"], given["day_end_time"] or given["day_begin_time"])
    zone = caller.corp.time_zone
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    scopes = [_scope(owners, time.start_of(day, zone), _end(day, zone)) for day in days]
    rows = zip(days, _groups(scopes), strict=True)
    return {"items": [{"stat_time": _stamp(day, zone), "data": data} for day, data in rows]}


def _days(caller: Caller, since: int, until: int) -> tuple[date, date]:
    zone = caller.corp.time_zone
    first, last = (time.day_of(datetime.fromtimestamp(one, UTC), zone) for one in (since, until))
    oldest = time.day_of(caller.ago(days=180), zone)
    if not oldest <= first <= last <= first + timedelta(days=30):
        raise Refused(60267, "invalid time range")
    return first, last


def _owners(given: Given) -> list[Member]:
    return list(staff.named(given["owner_filter"]["userid_list"]).filter(is_visible=True).order_by("pk"))


def _scope(owners: Sequence[Member], since: datetime, until: datetime) -> dict[str, Any]:
    return {"owners": [owner.pk for owner in owners], "since": since.isoformat(), "until": until.isoformat()}


def _groups(scopes: Sequence[dict[str, Any]]) -> list[dict[str, int]]:
    rows = _rows("group_statistic.sql", {"scopes": json.dumps(scopes)})
    return [dict(zip(_COUNTS, row, strict=True)) | {"migrate_trainee_chat_cnt": 0} for row in rows]


def _behaviour(
    zone: str, day: date, applied: int, new: int, chats: int, messages: int, replied: Any, minutes: Any, lost: int
) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "stat_time": _stamp(day, zone),
        "new_apply_cnt": applied,
        "new_contact_cnt": new,
        "chat_cnt": chats,
        "message_cnt": int(messages),
        "negative_feedback_cnt": lost,
    }
    if replied is not None:  # Absent where no customer began a chat.
        shown["reply_percentage"] = round(float(replied), 2)
    if minutes is not None:
        shown["avg_reply_time"] = round(float(minutes))
    return shown


def _rows(name: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute((SQL / name).read_text(), params)
        return list(cursor.fetchall())


def _stamp(day: date, zone: str) -> int:
    return int(time.start_of(day, zone).timestamp())


def _end(day: date, zone: str) -> datetime:
    return time.start_of(day + timedelta(days=1), zone)
