"""What goes out through a channel, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Reason(TextChoices):
    """Why a message did not go out; a stored reason is one of these, with the other side's words after a colon."""

    CHANNEL_OFF = "channel_off", gettext_lazy("渠道已停用")
    BAD_SETTINGS = "bad_settings", gettext_lazy("渠道配置不完整")
    BAD_MESSAGE = "bad_message", gettext_lazy("消息内容或地址不合规")
    REFUSED = "refused", gettext_lazy("对方拒绝")
    BUSY = "busy", gettext_lazy("对方繁忙")
    NOT_CONNECTED = "not_connected", gettext_lazy("无法连接")
    NO_ANSWER = "no_answer", gettext_lazy("已发出但没有回音，不会重发")
    NOT_FRIEND = "not_friend", gettext_lazy("已不是好友")
    OVER_QUOTA = "over_quota", gettext_lazy("平台：本期已收满其他群发")
    NOT_VISIBLE = "not_visible", gettext_lazy("员工已发表，但这位客户看不到")


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message that somebody asks us to send."""

    touch_id: int  # 0: a test message, which leaves no events.
    customer_id: int
    address: str
    subject: str
    body: str
    campaign_id: int | None
    is_promotion: bool
    key: str  # The same key is delivered once, however often it is given.
    attachments: Sequence[Mapping[str, Any]] = ()  # As the channel's platform takes them.
    expires_at: datetime | None = None  # After it, what waits for somebody's confirmation need not go out.


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message made ready for its channel: links traced, with the way to opt out."""

    touch_id: int
    key: str
    reference: str  # Comes back in receipts; signed by us.
    address: str
    subject: str
    body: str
    opt_out_url: str  # Empty: not a promotion.
    pixel_url: str
    sender: str  # The brand's name.
    receipts_url: str
    at: datetime
    channel: str = ""  # Its slug.
    campaign_id: int | None = None
    attachments: Sequence[Mapping[str, Any]] = ()
    expires_at: datetime | None = None

    @property
    def text(self) -> str:
        """The body and, in a promotion, how to opt out."""
        return with_opt_out(self.body, self.opt_out_url)


def with_opt_out(body: str, opt_out_url: str) -> str:
    """A body and, below it, how to opt out; an empty address adds nothing."""
    opt_out = _("退订：") + opt_out_url
    return f"{body}\n{opt_out}" if opt_out_url else body


@dataclass(frozen=True)
class Outcome:
    """What became of one message. unknown: it may have arrived, so it is never sent again.

    assigned: taken, and waiting for a member of staff who has to confirm it.
    """

    touch_id: int
    state: Literal["sent", "assigned", "failed", "unknown"]
    reason: str = ""
    may_retry: bool = False  # True: definitely not sent, and another try may do better.


def sent(message: Message) -> Outcome:
    return Outcome(message.touch_id, "sent")


def assigned(message: Message) -> Outcome:
    return Outcome(message.touch_id, "assigned")


def failed(message: Message, reason: Reason, detail: str = "", *, may_retry: bool = False) -> Outcome:
    return Outcome(message.touch_id, "failed", reason_of(reason, detail), may_retry)


def unknown(message: Message, detail: str = "") -> Outcome:
    return Outcome(message.touch_id, "unknown", reason_of(Reason.NO_ANSWER, detail))


def reason_of(reason: Reason, detail: str) -> str:
    """The text to store: "refused: 550 no such mailbox", at most 200 characters."""
    clean = " ".join(detail.split())
    return f"{reason.value}: {clean}"[:200] if clean else reason.value


def reason_text(stored: str) -> str:
    """A stored reason for a person: 对方拒绝（550 no such mailbox）."""
    code, _, detail = stored.partition(": ")
    label = str(Reason(code).label) if code in Reason.values else code
    return f"{label}（{detail}）" if detail else label
