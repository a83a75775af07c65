"""Use cases of the room: a campaign's life, its dispatch and receipts, the guard's policy."""

from homeground.journeys.services.campaigns import (
    cancel_campaign,
    close_campaign,
    copy_campaign,
    delete_draft,
    pause_campaign,
    queue_dispatch,
    resume_campaign,
    save_draft,
    start_campaign,
)
from homeground.journeys.services.dispatching import campaigns_due, dispatch, next_due_at
from homeground.journeys.services.freezing import freeze_campaign
from homeground.journeys.services.policy import add_policy, install_defaults
from homeground.journeys.services.receipts import note_opt_outs, note_receipts

__all__ = [
    "add_policy",
    "campaigns_due",
    "cancel_campaign",
    "close_campaign",
    "copy_campaign",
    "delete_draft",
    "dispatch",
    "freeze_campaign",
    "install_defaults",
    "next_due_at",
    "note_opt_outs",
    "note_receipts",
    "pause_campaign",
    "queue_dispatch",
    "resume_campaign",
    "save_draft",
    "start_campaign",
]
