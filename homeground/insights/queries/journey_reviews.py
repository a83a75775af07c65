"""Reviews of journeys as pages, reports and other rooms read them: laid out in the language that is active."""

from collections.abc import Sequence
from dataclasses import dataclass

from homeground.insights.models import JourneyReview
from homeground.insights.queries.reviews import Told, laid
from homeground.insights.review.findings import Findings
from homeground.insights.review.sheet import Sheet
from homeground.journeys.models import Arm, Journey


@dataclass(frozen=True)
class JourneyTold(Told):
    """The review of a journey; tried: its variants against each other, None where there was one only."""

    review: JourneyReview
    tried: Findings | None = None
    tried_sheet: Sheet | None = None

    @property
    def journey(self) -> Journey:
        return self.review.journey

    @property
    def entered(self) -> int:
        """People, whatever their arm."""
        return sum(self.content["entered"].values())

    @property
    def open(self) -> int:
        """People whose days are not over, in no comparison yet."""
        return sum(self.content["open"].values())

    @property
    def compared(self) -> int:
        """People whose days are over."""
        return self.entered - self.open

    @property
    def counted(self) -> dict[str, int]:
        """People whose days are over, by arm."""
        return {arm: self.content["entered"][arm] - self.content["open"][arm] for arm in Arm.values}


def newest_of_journey(journey_id: int) -> JourneyReview | None:
    """The latest review of a journey; None before the first."""
    return JourneyReview.objects.filter(journey_id=journey_id).order_by("-version").first()


def newest_of_journeys(journey_ids: Sequence[int]) -> list[JourneyReview]:
    """The latest review of each of these journeys that has one."""
    reviews = JourneyReview.objects.filter(journey__in=journey_ids).select_related("journey")
    return list(reviews.order_by("journey", "-version").distinct("journey"))


def tell_journey(review: JourneyReview) -> JourneyTold:
    """A kept review in the active language."""
    return JourneyTold(review, *laid(review.content), *laid(review.content.get("variants") or {}))
