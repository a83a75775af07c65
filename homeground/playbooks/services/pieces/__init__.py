"""What a pack installs, kind by kind: how its room's services make, change and remove such an object.

PIECES holds them in the order in which they are made: what others name comes first.
"""

from collections.abc import Mapping

from homeground.playbooks.models import InstalledPiece
from homeground.playbooks.services.pieces.content import MESSAGES, PERSONAS, POSTS, REPLIES
from homeground.playbooks.services.pieces.coupons import COUPONS
from homeground.playbooks.services.pieces.journeys import JOURNEYS
from homeground.playbooks.services.pieces.kind import Making, PieceKind, fingerprint
from homeground.playbooks.services.pieces.limits import CAPS, FEEDS, SHARES
from homeground.playbooks.services.pieces.segments import SEGMENTS
from homeground.playbooks.services.pieces.staff import FOLLOW_UPS

Kind = InstalledPiece.Kind
PIECES: Mapping[str, PieceKind] = {
    Kind.SEGMENT: SEGMENTS,
    Kind.MESSAGE: MESSAGES,
    Kind.COUPON: COUPONS,
    Kind.JOURNEY: JOURNEYS,
    Kind.REPLY: REPLIES,
    Kind.PERSONA: PERSONAS,
    Kind.POST: POSTS,
    Kind.FOLLOW_UP: FOLLOW_UPS,
    Kind.FEED: FEEDS,
    Kind.CAP: CAPS,
    Kind.SHARE: SHARES,
}

__all__ = ["PIECES", "Making", "PieceKind", "fingerprint"]
