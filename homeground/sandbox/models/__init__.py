"""Phones that any channel reaches, and a corp of our own; one module a subject."""

from homeground.sandbox.models.chats import AppMessage, ChatMessage, KfAccount, KfMessage, KfToken
from homeground.sandbox.models.contacts import Contact, FriendRequest, Friendship, Transfer
from homeground.sandbox.models.corp import AccessToken, App, Corp, JsTicket, OAuthCode, UserTicket
from homeground.sandbox.models.doors import AcquisitionLink, AcquisitionQuota, ChatKey, ContactWay, JoinWay, LinkDay
from homeground.sandbox.models.faults import ApiLimit, CallCount, Fault
from homeground.sandbox.models.groups import GROUP_MOST, GroupChat, GroupMember, GroupTransfer, GroupWelcome
from homeground.sandbox.models.media import Media
from homeground.sandbox.models.members import Department, Member
from homeground.sandbox.models.moments import Moment, MomentReaction, MomentTask, MomentViewer
from homeground.sandbox.models.outbox import TRIES, CorpCallback
from homeground.sandbox.models.phones import ATTEMPTS, Gateway, Message, Phone, Receipt
from homeground.sandbox.models.sends import MassMessage, MassRecipient, MassReminder, MassTask, WelcomeCode
from homeground.sandbox.models.strategies import Strategy, StrategyNode
from homeground.sandbox.models.tags import Tag, TagGroup

__all__ = [
    "ATTEMPTS",
    "GROUP_MOST",
    "TRIES",
    "AccessToken",
    "AcquisitionLink",
    "AcquisitionQuota",
    "ApiLimit",
    "App",
    "AppMessage",
    "CallCount",
    "ChatKey",
    "ChatMessage",
    "Contact",
    "ContactWay",
    "Corp",
    "CorpCallback",
    "Department",
    "Fault",
    "FriendRequest",
    "Friendship",
    "Gateway",
    "GroupChat",
    "GroupMember",
    "GroupTransfer",
    "GroupWelcome",
    "JoinWay",
    "JsTicket",
    "KfAccount",
    "KfMessage",
    "KfToken",
    "LinkDay",
    "MassMessage",
    "MassRecipient",
    "MassReminder",
    "MassTask",
    "Media",
    "Member",
    "Message",
    "Moment",
    "MomentReaction",
    "MomentTask",
    "MomentViewer",
    "OAuthCode",
    "Phone",
    "Receipt",
    "Strategy",
    "StrategyNode",
    "Tag",
    "TagGroup",
    "Transfer",
    "UserTicket",
    "WelcomeCode",
]  # fmt: skip
