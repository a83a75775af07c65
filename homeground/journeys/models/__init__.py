"""Tables of the room: campaigns with their people and touches, and the guard's policy."""

from homeground.journeys.models.campaigns import Campaign, Closing, Outcome, Place, State
from homeground.journeys.models.policy import FrequencyCap, GlobalHoldout, PlatformQuota, PromotionShare, QuietHours
from homeground.journeys.models.touches import Arm, Participant, Suppression, Touch, TouchState

__all__ = [
    "Arm",
    "Campaign",
    "Closing",
    "FrequencyCap",
    "GlobalHoldout",
    "Outcome",
    "Participant",
    "Place",
    "PlatformQuota",
    "PromotionShare",
    "QuietHours",
    "State",
    "Suppression",
    "Touch",
    "TouchState",
]
