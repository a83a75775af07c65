"""What we say; one module a subject."""

from homeground.content.models.feed import FeedCount, FeedKind, FeedLimit, MomentLabel, MomentPlan
from homeground.content.models.materials import Material, MaterialBytes, MaterialUpload
from homeground.content.models.messages import SHARED_KINDS, Message, Wording
from homeground.content.models.personas import Persona, PersonaSlot
from homeground.content.models.replies import FavouriteReply, QuickReply, ReplyUse

__all__ = [
    "SHARED_KINDS", "FavouriteReply", "FeedCount", "FeedKind", "FeedLimit", "Material", "MaterialBytes",
    "MaterialUpload", "Message", "MomentLabel", "MomentPlan", "Persona", "PersonaSlot", "QuickReply", "ReplyUse",
    "Wording",
]  # fmt: skip
