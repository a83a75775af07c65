"""Use cases of the room: the review of a campaign and of a journey."""

from homeground.insights.services.journey_reviews import conclude_journey, review_journey
from homeground.insights.services.reviewing import review_campaign

__all__ = ["conclude_journey", "review_campaign", "review_journey"]
