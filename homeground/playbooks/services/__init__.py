"""Use cases of the room: install a pack, publish what it drafted, bring it to another version, take it out."""

from homeground.playbooks.services.going_live import GoneLive, publish_journeys
from homeground.playbooks.services.installing import Asked, Planned, install, planned
from homeground.playbooks.services.removing import Removed, remove
from homeground.playbooks.services.upgrading import Change, changes, upgrade

__all__ = [
    "Asked", "Change", "GoneLive", "Planned", "Removed", "changes", "install", "planned", "publish_journeys", "remove",
    "upgrade",
]  # fmt: skip
