"""Tables of the room: campaigns and journeys with their people and touches, and the guard's policy."""

from homeground.journeys.models.campaigns import Campaign, Closing, Outcome, Place, State, Urgency
from homeground.journeys.models.enrolments import EdgeCount, Enrolment, Intake, StepTaken, WebhookCall, WebhookSettings
from homeground.journeys.models.groups import GroupReason, GroupState, GroupTouch
from homeground.journeys.models.journeys import Journey, Listener, Version
from homeground.journeys.models.policy import (
    FrequencyCap,
    GlobalHoldout,
    GroupLimit,
    PlatformQuota,
    PromotionShare,
    QuietHours,
    Restoration,
)
from homeground.journeys.models.touches import DEFERRALS, QUIET_HOURS, Arm, Participant, Suppression, Touch, TouchState

__all__ = [
    "DEFERRALS",
    "QUIET_HOURS",
    "Arm",
    "Campaign",
    "Closing",
    "EdgeCount",
    "Enrolment",
    "FrequencyCap",
    "GlobalHoldout",
    "GroupLimit",
    "GroupReason",
    "GroupState",
    "GroupTouch",
    "Intake",
    "Journey",
    "Listener",
    "Outcome",
    "Participant",
    "Place",
    "PlatformQuota",
    "PromotionShare",
    "QuietHours",
    "Restoration",
    "State",
    "StepTaken",
    "Suppression",
    "Touch",
    "TouchState",
    "Urgency",
    "Version",
    "WebhookCall",
    "WebhookSettings",
]
