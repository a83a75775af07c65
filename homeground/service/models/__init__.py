"""Tables of the room, a file a subject."""

from homeground.service.models.care import CareItem, CareRound
from homeground.service.models.chats import ChatMessage, ChatRetention, Closing, Inbound, ReplyClock, Turn, Wait
from homeground.service.models.customers import LastTalk, Note, OffLimit, OwnInterval
from homeground.service.models.day import Capacity, Cover, FollowUpRule, Task, Work, WorkMinutes
from homeground.service.models.experts import Credential, StaffProfile
from homeground.service.models.handover import Handover, HandoverItem, HandoverRule
from homeground.service.models.kf import KfAccount
from homeground.service.models.scorecard import PlatformDay, ScoreCount, ScoreGoal
from homeground.service.models.tickets import (
    MessageLabel,
    Queue,
    QueueMember,
    SortingRule,
    Ticket,
    TicketClock,
    TicketNote,
    Topic,
)

__all__ = [
    "Capacity", "CareItem", "CareRound", "ChatMessage", "ChatRetention", "Closing", "Cover", "Credential",
    "FollowUpRule", "Handover", "HandoverItem", "HandoverRule", "Inbound", "KfAccount", "LastTalk", "MessageLabel",
    "Note", "OffLimit", "OwnInterval", "PlatformDay", "Queue", "QueueMember", "ReplyClock", "ScoreCount",
    "ScoreGoal", "SortingRule", "StaffProfile", "Task", "Ticket", "TicketClock", "TicketNote", "Topic", "Turn", "Wait",
    "Work", "WorkMinutes",
]  # fmt: skip
