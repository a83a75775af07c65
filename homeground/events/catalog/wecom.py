"""What happens between staff and customers on WeCom, as the platform tells it. userid is a member of staff."""

from dataclasses import dataclass

from homeground.events.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FriendRequested(Fact):
    """客户申请添加员工; told only where the member accepts without verification"""

    name = "wecom.friend_requested"
    userid: str
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class FriendAdded(Fact):
    """客户成为员工的好友"""

    name = "wecom.friend_added"
    userid: str
    state: str = ""
    add_way: int = 0


@dataclass(frozen=True, kw_only=True)
class FriendRemovedByStaff(Fact):
    """员工删除了客户"""

    name = "wecom.friend_removed_by_staff"
    userid: str


@dataclass(frozen=True, kw_only=True)
class FriendRemovedByCustomer(Fact):
    """客户删除了员工; harm (M2)"""

    name = "wecom.friend_removed_by_customer"
    userid: str


@dataclass(frozen=True, kw_only=True)
class FriendTransferred(Fact):
    """客户转接给同事; userid had the customer before"""

    name = "wecom.friend_transferred"
    userid: str
    takeover_userid: str = ""


@dataclass(frozen=True, kw_only=True)
class TransferRefused(Fact):
    """客户拒绝转接, or the new member is full"""

    name = "wecom.transfer_refused"
    userid: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class GroupJoined(Fact):
    """客户入群"""

    name = "wecom.group_joined"
    chat_id: str
    state: str = ""
    join_scene: int = 0


@dataclass(frozen=True, kw_only=True)
class GroupLeft(Fact):
    """客户退群"""

    name = "wecom.group_left"
    chat_id: str
    was_removed: bool = False


@dataclass(frozen=True, kw_only=True)
class MomentLiked(Fact):
    """客户点赞朋友圈"""

    name = "wecom.moment_liked"
    userid: str
    moment_id: str


@dataclass(frozen=True, kw_only=True)
class MomentCommented(Fact):
    """客户评论朋友圈; the platform does not tell the words"""

    name = "wecom.moment_commented"
    userid: str
    moment_id: str


@dataclass(frozen=True, kw_only=True)
class ChatStarted(Fact):
    """客户首次发消息, told for acquisition links"""

    name = "wecom.chat_started"
    userid: str
    link_id: str
