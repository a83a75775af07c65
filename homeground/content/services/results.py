"""What Moments brought, counted in seconds where there are many friends, and so kept with its moment (M55, M63)."""

from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from homeground.content.models import FeedCount
from homeground.content.queries import FriendValue, TrustPath, friend_values, trust_path
from homeground.core import time
from homeground.core.kept import Question
from homeground.people.queries import brand


@dataclass(frozen=True)
class Results:
    """What new buyers could see before, and what a friend of each member is worth."""

    trust: TrustPath
    values: list[FriendValue]


def ask_results(at: datetime | None = None) -> Question[Results]:
    """Both together, in the brand's currency."""
    at = at or time.now()
    return Question(FeedCount, ("results", brand().currency), at, lambda: _counted(at), lambda rows, _at: _shown(rows))


def _counted(at: datetime) -> dict[str, Any]:
    return {"trust": astuple(trust_path(at=at)), "values": [astuple(value) for value in friend_values(at=at)]}


def _shown(rows: dict[str, Any]) -> Results:
    return Results(TrustPath(*rows["trust"]), [FriendValue(*row) for row in rows["values"]])
