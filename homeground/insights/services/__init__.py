"""Use cases of the room: the review of a campaign and of a journey, and when everybody buys next."""

from homeground.insights.services.journey_reviews import conclude_journey, review_journey
from homeground.insights.services.predicting import predict, predict_soon, predict_tonight, withdraw_predictions
from homeground.insights.services.reviewing import review_campaign

__all__ = [
    "conclude_journey",
    "predict",
    "predict_soon",
    "predict_tonight",
    "review_campaign",
    "review_journey",
    "withdraw_predictions",
]
