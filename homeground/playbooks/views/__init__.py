"""Ways in for people: choosing a pack, installing it, seeing how it does."""

from homeground.playbooks.views.choosing import listed, pack
from homeground.playbooks.views.installed import at_home, install, publish, remove, results, upgrade

__all__ = ["at_home", "install", "listed", "pack", "publish", "remove", "results", "upgrade"]
