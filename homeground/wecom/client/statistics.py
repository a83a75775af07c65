"""The platform's own figures 联系客户统计, 群聊数据统计 (documents 92132, 92133)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import block, moment, number, rows, seconds


@dataclass(frozen=True)
class BehaviourDay:
    """One day of the members asked for, summed.

    reply_share (0 to 1) and reply_minutes are of chats that customers opened; None: there was none.
    """

    at: datetime | None
    applied: int
    added: int
    chats: int
    messages: int
    reply_share: float | None
    reply_minutes: float | None
    removed: int


@dataclass(frozen=True)
class GroupsDay:
    """One day of the groups of the owners asked for, summed."""

    at: datetime | None
    new_groups: int
    groups: int
    talking_groups: int
    new_members: int
    members: int
    talking_members: int
    messages: int


def behaviour(api: Api, userids: Sequence[str], since: datetime, until: datetime) -> list[BehaviourDay]:
    """Day by day; several members (at most 100) come summed. At most 30 days, at most 180 days back."""
    body = {"userid": list(userids), "start_time": seconds(since), "end_time": seconds(until)}
    answer = api.read("externalcontact/get_user_behavior_data", body)
    return [
        BehaviourDay(
            moment(row, "stat_time"),
            number(row, "new_apply_cnt"),
            number(row, "new_contact_cnt"),
            number(row, "chat_cnt"),
            number(row, "message_cnt"),
            _part(row.get("reply_percentage"), 100),
            _part(row.get("avg_reply_time"), 1),
            number(row, "negative_feedback_cnt"),
        )
        for row in rows(answer, "behavior_data")
    ]


def groups(api: Api, owners: Sequence[str], since: datetime, until: datetime) -> list[GroupsDay]:
    """Day by day, the groups of at most 100 owners summed. Days begin at 0:00; at most 30 of them, 180 back."""
    body = {
        "day_begin_time": seconds(since),
        "day_end_time": seconds(until),
        "owner_filter": {"userid_list": list(owners)},
    }
    answer = api.read("externalcontact/groupchat/statistic_group_by_day", body)
    found = ((moment(row, "stat_time"), block(row, "data")) for row in rows(answer, "items"))
    return [
        GroupsDay(
            at,
            number(row, "new_chat_cnt"),
            number(row, "chat_total"),
            number(row, "chat_has_msg"),
            number(row, "new_member_cnt"),
            number(row, "member_total"),
            number(row, "member_has_msg"),
            number(row, "msg_total"),
        )
        for at, row in found
    ]


def _part(value: object, whole: float) -> float | None:
    try:
        return float(str(value)) / whole
    except ValueError:
        return None
