"""Which goals count."""

from datetime import datetime

from django.db.models import QuerySet

from homeground.service.models import ScoreGoal


def goals(at: datetime) -> dict[str, ScoreGoal]:
    """By metric, the newest whose day has come; a metric without one is left out."""
    rows = ScoreGoal.objects.filter(valid_from__lte=at).order_by("metric", "-valid_from", "-pk").distinct("metric")
    return {row.metric: row for row in rows}


def goals_to_come(at: datetime) -> QuerySet[ScoreGoal]:
    """Those whose day has not come."""
    return ScoreGoal.objects.filter(valid_from__gt=at).order_by("valid_from", "pk")
