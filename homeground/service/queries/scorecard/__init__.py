"""记分卡 (M103): the four metrics with their denominators, per member, team and brand; and what nobody can measure."""

from homeground.service.queries.scorecard.audiences import AudienceLine, audiences
from homeground.service.queries.scorecard.cards import (
    Card,
    Counted,
    PlatformFigures,
    Scorecard,
    Share,
    fold,
    read,
    scorecard,
)
from homeground.service.queries.scorecard.goals import goals, goals_to_come
from homeground.service.queries.scorecard.limits import Limit, limits
from homeground.service.queries.scorecard.spans import Span, span_of

__all__ = [
    "AudienceLine", "Card", "Counted", "Limit", "PlatformFigures", "Scorecard", "Share", "Span", "audiences", "fold",
    "goals", "goals_to_come", "limits", "read", "scorecard", "span_of",
]  # fmt: skip
