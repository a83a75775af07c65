"""Use cases of the room: the review of a campaign."""

from homeground.insights.services.reviewing import review_campaign

__all__ = ["review_campaign"]
