"""The simulator: a corp of any size from a seed, and days of its life."""

from homeground.sandbox.services.simulating.building import build
from homeground.sandbox.services.simulating.living import live

__all__ = ["build", "live"]
