"""Tables of the room, a file a subject."""

from homeground.service.models.care import CareItem, CareRound
from homeground.service.models.chats import ChatMessage, ChatRetention, Handled, Inbound, ReplyClock, Wait
from homeground.service.models.customers import LastTalk, Note, OffLimit, OwnInterval
from homeground.service.models.day import Capacity, Cover, FollowUpRule, Task, Work, WorkMinutes

__all__ = [
    "Capacity", "CareItem", "CareRound", "ChatMessage", "ChatRetention", "Cover", "FollowUpRule", "Handled", "Inbound",
    "LastTalk", "Note", "OffLimit", "OwnInterval", "ReplyClock", "Task", "Wait", "Work", "WorkMinutes",
]  # fmt: skip
