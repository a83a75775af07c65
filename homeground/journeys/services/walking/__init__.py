"""The engine of journeys: who is due is claimed in batches and moved on, exactly once, whatever dies in between."""

from homeground.journeys.services.walking.arriving import settle_in

__all__ = ["settle_in"]
