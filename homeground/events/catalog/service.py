"""What passes between customers and those who serve them. userid is a member of staff."""

from dataclasses import dataclass

from homeground.events.facts import Fact


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Fact):
    """客户发来消息; the words stay in the service room"""

    name = "service.message_received"
    userid: str = ""
    place: str  # chat, group, mention, kf.
    chat_id: str = ""


@dataclass(frozen=True, kw_only=True)
class CustomerAnswered(Fact):
    """员工回复了客户"""

    name = "service.customer_answered"
    userid: str
    place: str
    waited_seconds: int


@dataclass(frozen=True, kw_only=True)
class CustomerTouchedByStaff(Fact):
    """员工主动联系客户: greeting, care or follow-up, not an answer (M54)"""

    name = "service.customer_touched"
    userid: str
    kind: str  # care_like, care_comment, follow_up, birthday, message.


@dataclass(frozen=True, kw_only=True)
class TicketOpened(Fact):
    """工单已开"""

    name = "service.ticket_opened"
    ticket_id: int
    queue: str  # expert, after_sales.
    is_complaint: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketClosed(Fact):
    """工单已结"""

    name = "service.ticket_closed"
    ticket_id: int
    queue: str
    was_late: bool
