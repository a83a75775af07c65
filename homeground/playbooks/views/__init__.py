"""Ways in for people: choosing a pack, installing it, seeing how it does."""

from homeground.playbooks.views.choosing import listed, pack
from homeground.playbooks.views.installed import install, publish, remove, results, upgrade

__all__ = ["install", "listed", "pack", "publish", "remove", "results", "upgrade"]
