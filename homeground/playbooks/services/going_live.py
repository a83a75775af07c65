"""Publishing the journeys that an installation drafted, each by itself."""

from dataclasses import dataclass
from datetime import datetime

from homeground.core.errors import BusinessError
from homeground.journeys.models import Journey
from homeground.journeys.services import publishing
from homeground.playbooks.models import InstalledPiece, Installation


@dataclass(frozen=True)
class GoneLive:
    """What became of one draft. refusal: why it stayed one; empty: it runs."""

    journey: Journey
    refusal: str


def publish_journeys(installation: Installation, *, by: str, at: datetime | None = None) -> list[GoneLive]:
    """Publish the drafts. One that is refused stays a draft and stops no other; a repeat tries those again."""
    ids = installation.pieces.filter(kind=InstalledPiece.Kind.JOURNEY).values("object_id")
    drafts = Journey.objects.filter(pk__in=ids, state=Journey.State.DRAFT).order_by("pk")
    return [_publish(journey, by, at) for journey in drafts]


def _publish(journey: Journey, by: str, at: datetime | None) -> GoneLive:
    try:
        publishing.publish(journey.pk, by=by, at=at)
    except BusinessError as refusal:
        return GoneLive(journey, str(refusal))
    return GoneLive(journey, "")
