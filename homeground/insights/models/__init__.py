"""Tables of the room."""

from homeground.insights.models.reviews import Conclusion, JourneyReview, Review

__all__ = ["Conclusion", "JourneyReview", "Review"]
