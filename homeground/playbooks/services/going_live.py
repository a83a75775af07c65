"""Publishing the journeys that an installation drafted, each by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from homeground.content.models import Message
from homeground.content.services import BLANK
from homeground.core.errors import BusinessError
from homeground.journeys.models import Journey
from homeground.journeys.services import publishing
from homeground.loyalty.models import CouponKind
from homeground.playbooks.models import Installation, InstalledPiece
from homeground.playbooks.pack.wording import journeys_named


@dataclass(frozen=True)
class GoneLive:
    """What became of one draft. refusal: why it stayed one; empty: it runs."""

    journey: Journey
    refusal: str


def publish_journeys(installation: Installation, *, by: str, at: datetime | None = None) -> list[GoneLive]:
    """Publish the drafts. One that is refused stays a draft and stops no other; a repeat tries those again.

    A draft whose messages still have blanks is refused here: samples are not sent to customers.
    """
    return [_publish(journey, by, at) for journey in _in_order(installation)]


def unfilled(installation: Installation) -> list[Message]:
    """Its messages that still have blanks."""
    ids = installation.pieces.filter(kind=InstalledPiece.Kind.MESSAGE).values("object_id")
    return list(Message.objects.filter(pk__in=ids, body__contains=BLANK).order_by("pk"))


def unstocked(installation: Installation) -> list[CouponKind]:
    """Its coupons of which nobody has said how many there are."""
    ids = installation.pieces.filter(kind=InstalledPiece.Kind.COUPON).values("object_id")
    return list(CouponKind.objects.filter(pk__in=ids, stock=0, archived_at=None).order_by("pk"))


def _publish(journey: Journey, by: str, at: datetime | None) -> GoneLive:
    if names := [message.name for message in _with_blanks(journey)]:
        why = _("这些消息里还有没填的 ____，请先换成真实内容：%(names)s") % {"names": _("、").join(names)}
        return GoneLive(journey, why)
    try:
        publishing.publish(journey.pk, by=by, at=at)
    except BusinessError as refusal:
        return GoneLive(journey, str(refusal))
    return GoneLive(journey, "")


def _with_blanks(journey: Journey) -> Iterator[Message]:
    nodes = journey.draft.get("nodes")
    steps = nodes.values() if isinstance(nodes, dict) else []
    ids = [step["message"] for step in steps if isinstance(step, dict) and isinstance(step.get("message"), int)]
    yield from Message.objects.filter(pk__in=ids, body__contains=BLANK).order_by("pk")


def _in_order(installation: Installation) -> list[Journey]:
    """Drafts, those first that others hand over to."""
    pieces = list(installation.pieces.filter(kind=InstalledPiece.Kind.JOURNEY))
    drafts = Journey.objects.filter(pk__in=[one.object_id for one in pieces], state=Journey.State.DRAFT).in_bulk()
    waiting = {piece.name: piece for piece in pieces if piece.object_id in drafts}
    ordered = []
    while waiting:
        free = [name for name, piece in waiting.items() if not journeys_named(piece.given["graph"]) & waiting.keys()]
        for name in free or list(waiting):
            ordered.append(drafts[waiting.pop(name).object_id])
    return ordered
