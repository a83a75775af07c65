"""What became of posts: who published, who can see, who answered; and who was meant (M53)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from homeground.content.models import MomentLabel, MomentPlan
from homeground.core import time
from homeground.wecom.models import Moment, MomentPost

_STAFF_POSTS = (Path(__file__).parent.parent / "sql" / "staff_posts.sql").read_text()
_DAYS = 30
_NAMES = 3  # Publishers shown of a post.


@dataclass(frozen=True)
class StaffPost:
    """One member's part of a post. viewers: customers who can see it; that somebody looked, nobody can tell."""

    staff_id: int
    name: str
    published_at: datetime | None
    viewers: int
    likes: int
    comments: int
    reacted: int

    @property
    def share(self) -> float | None:
        """Customers who liked or commented, of those who can see it."""
        return self.reacted / self.viewers if self.viewers else None


@dataclass(frozen=True)
class AudienceShare:
    """Posts of thirty days (M53). planned: of the calendar; to_audience: of them, for chosen tags; own: of members."""

    planned: int
    to_audience: int
    own: int

    @property
    def share(self) -> float | None:
        return self.to_audience / self.planned if self.planned else None


def staff_posts(moment_id: int) -> list[StaffPost]:
    """One row a member of staff, published first."""
    with connection.cursor() as cursor:
        cursor.execute(_STAFF_POSTS, {"moment_id": moment_id})
        return [StaffPost(*row) for row in cursor.fetchall()]


def audience_share(at: datetime | None = None) -> AudienceShare:
    """How many posts of the last thirty days were meant for somebody."""
    at = at or time.now()
    span = (at - timedelta(days=_DAYS), at)
    planned = MomentPlan.objects.filter(planned_at__range=span, state__in=MomentPlan.COUNTING)
    to_audience = planned.filter(audience=MomentPlan.Audience.TAGS).count()
    return AudienceShare(planned.count(), to_audience, unplanned().filter(asked_at__range=span).count())


def unplanned() -> QuerySet[Any]:
    """Posts that nobody planned here: members' own and those of campaigns; `label`: what an operator said they are."""
    label = MomentLabel.objects.filter(moment=OuterRef("pk")).values("kind")[:1]
    shown = Moment.objects.exclude(pk__in=MomentPlan.objects.filter(moment__isnull=False).values("moment"))
    return shown.exclude(state=Moment.State.FAILED).annotate(label=Subquery(label))


def named(posts: QuerySet[Any]) -> QuerySet[Any]:
    """The same, each with the names of its first publishers and how many there are: a campaign's post has hundreds."""
    by = MomentPost.objects.filter(moment=OuterRef("pk"))
    name = Coalesce(NullIf("staff__name", Value("")), "staff__userid")
    found: QuerySet[Any] = posts.annotate(
        publishers=ArraySubquery(by.order_by("pk").annotate(by=name).values("by")[:_NAMES]),
        publisher_count=Coalesce(Subquery(by.values("moment").annotate(count=Count("*")).values("count")), 0),
    )
    return found
