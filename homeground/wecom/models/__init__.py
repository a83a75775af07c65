"""What we know of the corp; one module a subject."""

from homeground.wecom.models.callbacks import Callback
from homeground.wecom.models.contacts import ExternalContact, Follow, FollowTag
from homeground.wecom.models.corp import App, Corp, RateBudget
from homeground.wecom.models.groups import GroupChat, GroupMember
from homeground.wecom.models.mass_sends import MassSend, MassSendRecipient, MassSendTask
from homeground.wecom.models.moments import Moment, MomentPost, MomentReaction, MomentRecipient, MomentViewer
from homeground.wecom.models.staff import Staff
from homeground.wecom.models.sync import Difference, DriftReport, SyncPart, SyncRun
from homeground.wecom.models.tags import PASSING_GROUP, CorpTag

__all__ = [
    "PASSING_GROUP", "App", "Callback", "Corp", "CorpTag", "Difference", "DriftReport", "ExternalContact", "Follow",
    "FollowTag",
    "GroupChat", "GroupMember", "MassSend", "MassSendRecipient", "MassSendTask", "Moment", "MomentPost",
    "MomentReaction", "MomentRecipient", "MomentViewer", "RateBudget", "Staff", "SyncPart", "SyncRun",
]  # fmt: skip
