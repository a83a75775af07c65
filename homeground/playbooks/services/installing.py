"""Installing a pack: everything in one transaction, or nothing; ordinary objects that anybody may edit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.people.services.attributes import declare_attributes
from homeground.playbooks.errors import CannotInstall
from homeground.playbooks.models import Installation, InstalledPiece
from homeground.playbooks.pack.nodes import Pack
from homeground.playbooks.pack.wording import Unknown, worded
from homeground.playbooks.services.naming import in_order, names_for
from homeground.playbooks.services.pieces import PIECES, Making, fingerprint
from homeground.playbooks.services.pieces.kind import Given
from homeground.segments.models import Segment
from homeground.segments.services import refresh_soon

Kind = InstalledPiece.Kind


@dataclass(frozen=True)
class Asked:
    """What the operator chose. channels: slug by kind, where not the usual one. door: of a group."""

    language: str = "zh"
    channels: Mapping[str, str] = field(default_factory=dict)
    door: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """One piece before it is made. kept: what the brand has in its place already, so that nothing is made."""

    kind: str
    name: str
    label: str
    given: Given
    kept: str

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)


def planned(pack: Pack, language: str) -> list[Planned]:
    """What installing would make, in its order. Nothing is written."""
    return [
        Planned(kind, name, PIECES[kind].label(given), given, PIECES[kind].kept(given))
        for kind, name, given in pieces_of(pack, language)
    ]


def pieces_of(pack: Pack, language: str) -> Iterator[tuple[str, str, Given]]:
    """Kind, local name and content of every piece, each after those that it names."""
    document = worded(pack, language)
    for kind, piece in PIECES.items():
        given = piece.given(document)
        for name in in_order(given) if kind == Kind.SEGMENT else given:
            yield kind, name, given[name]


@transaction.atomic
def install(pack: Pack, asked: Asked, *, by: str, at: datetime | None = None) -> Installation:
    """Make what the pack holds. Journeys are drafts. One that is installed stays as it is: nothing is made again.

    Raises CannotInstall, naming the piece, with nothing made.
    """
    at = at or time.now()
    installation, is_new = _row(pack, asked, by, at)
    if not is_new:
        return installation
    _declare(pack, asked.language)
    making = Making(pack.slug, names_for(pack, installation), asked.language, by, at)
    for one in planned(pack, asked.language):
        if not one.kept:
            make(installation, one.kind, one.name, one.given, making)
    refresh_segments(installation)
    return installation


def make(installation: Installation, kind: str, name: str, given: Given, making: Making) -> InstalledPiece:
    """One piece, made by its room and noted. Raises CannotInstall."""
    piece = PIECES[kind]
    try:
        object_id = piece.create(name, given, making)
    except (BusinessError, Unknown) as refusal:
        raise refused(kind, piece.label(given), refusal) from refusal
    if kind in (Kind.MESSAGE, Kind.COUPON):  # Journeys, made later, name it.
        made = making.names.messages if kind == Kind.MESSAGE else making.names.coupons
        made[name] = object_id  # type: ignore[index]
    return InstalledPiece.objects.create(
        installation=installation, kind=kind, name=name, object_id=object_id, given=given,
        fingerprint=fingerprint(piece.state(object_id)), version=installation.version,
    )  # fmt: skip


def refused(kind: str, label: str, refusal: Exception) -> CannotInstall:
    """The refusal of a room, with the piece that it is about."""
    why = _("包里没有“%(name)s”") % {"name": refusal.name} if isinstance(refusal, Unknown) else str(refusal)
    return CannotInstall(_("%(kind)s“%(label)s”：%(why)s") % {"kind": Kind(kind).label, "label": label, "why": why})


def refresh_segments(installation: Installation) -> None:
    """Have the members of its segments computed soon, of those that never were."""
    ids = installation.pieces.filter(kind=Kind.SEGMENT).values("object_id")
    for segment in Segment.objects.filter(pk__in=ids, generation=0):
        refresh_soon(segment)


def _row(pack: Pack, asked: Asked, by: str, at: datetime) -> tuple[Installation, bool]:
    choices = {"channels": dict(asked.channels), "door": asked.door}
    return Installation.objects.get_or_create(
        pack=pack.slug,
        defaults={
            "version": pack.version, "document": pack.model_dump(mode="json"), "language": asked.language,
            "choices": choices, "answers": dict(asked.answers), "installed_by": by[:150], "installed_at": at,
        },
    )  # fmt: skip


def _declare(pack: Pack, language: str) -> None:
    needed = worded(pack, language)["attributes"]
    declare_attributes((key, one["label"], one["kind"]) for key, one in needed.items())
