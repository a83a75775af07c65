"""What a touch went through."""

from dataclasses import dataclass

from homeground.events.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TouchFact(Fact):
    """触达"""

    name = "channels.touch"
    touch_id: int
    channel: str
    campaign_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class MessageAssigned(TouchFact):
    """消息待员工确认"""

    name = "channels.message_assigned"


@dataclass(frozen=True, kw_only=True)
class MessageWithdrawn(TouchFact):
    """消息在员工确认前撤回; reason: cancelled, not_confirmed"""

    name = "channels.message_withdrawn"
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageSent(TouchFact):
    """消息已发送"""

    name = "channels.message_sent"


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(TouchFact):
    """消息已送达"""

    name = "channels.message_delivered"


@dataclass(frozen=True, kw_only=True)
class MessageOpened(TouchFact):
    """消息被打开"""

    name = "channels.message_opened"


@dataclass(frozen=True, kw_only=True)
class MessageClicked(TouchFact):
    """消息被点击"""

    name = "channels.message_clicked"
    url: str


@dataclass(frozen=True, kw_only=True)
class MessageAnswered(TouchFact):
    """客户回复"""

    name = "channels.message_answered"
    text: str


@dataclass(frozen=True, kw_only=True)
class MessageRefused(TouchFact):
    """客户拒收; the customer blocked or complained"""

    name = "channels.message_refused"
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageFailed(TouchFact):
    """消息发送失败"""

    name = "channels.message_failed"
    reason: str
