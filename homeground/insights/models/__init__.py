"""Tables of the room."""

from homeground.insights.models.predictions import Basis, Prediction, PredictionRun
from homeground.insights.models.reviews import Conclusion, JourneyReview, Review

__all__ = ["Basis", "Conclusion", "JourneyReview", "Prediction", "PredictionRun", "Review"]
