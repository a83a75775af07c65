"""The event dictionary: one module a subject. Names are room.past_tense_verb; units stand in field names."""

from homeground.events.catalog import channels, commerce, growth, journeys, loyalty, people, segments, service, wecom

__all__ = ["channels", "commerce", "growth", "journeys", "loyalty", "people", "segments", "service", "wecom"]
