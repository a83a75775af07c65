"""Bringing an installation to another version of its pack: piece by piece, as chosen, and never over an edit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.people.services.attributes import declare_attributes
from homeground.playbooks.errors import CannotUpgrade, NotInstalled
from homeground.playbooks.models import Installation, InstalledPiece
from homeground.playbooks.pack.nodes import Pack
from homeground.playbooks.pack.wording import Names, Unknown, worded
from homeground.playbooks.services.installing import Kind, make, pieces_of, refresh_segments, refused
from homeground.playbooks.services.naming import names_for
from homeground.playbooks.services.pieces import PIECES, Making, fingerprint
from homeground.playbooks.services.pieces.kind import Given

Status = Literal["same", "updated", "edited", "new", "gone", "deleted", "kept"]
APPLICABLE: tuple[Status, ...] = ("updated", "new")
_ABSENT = "—"


@dataclass(frozen=True)
class Difference:
    """One field of a piece: what the pack said, and what it says now."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What another version of the pack means for one piece.

    same: the pack says the same. updated: it says something else, and nobody edited the object. edited: it says
    something else, but you edited it, so it stays. new: only the pack has it; kept: but you have such a thing already.
    gone: the pack has it no more; the object stays. deleted: you deleted the object.
    """

    kind: str
    name: str
    label: str
    status: Status
    differences: list[Difference]

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def key(self) -> str:
        """As forms and the command line name it."""
        return f"{self.kind}:{self.name}"

    @property
    def is_applicable(self) -> bool:
        return self.status in APPLICABLE


def changes(installation: Installation, pack: Pack) -> list[Change]:
    """Every piece of the installation and of the pack, in the pack's order; what is gone last."""
    there = {(piece.kind, piece.name): piece for piece in installation.pieces.all()}
    found = [
        _change(kind, name, given, there.pop((kind, name), None))
        for kind, name, given in pieces_of(pack, installation.language)
    ]
    gone = [Change(one.kind, one.name, PIECES[one.kind].label(one.given), "gone", []) for one in there.values()]
    return [*found, *gone]


@transaction.atomic
def upgrade(pack: Pack, chosen: Collection[str], *, by: str, at: datetime | None = None) -> list[Change]:
    """Apply the chosen changes (keys like "segment:replenish"), all or none. A repeat finds nothing to apply.

    Raises NotInstalled; CannotUpgrade for a key that is unknown, edited, or needs a piece that is not there.
    """
    at = at or time.now()
    installation = Installation.objects.select_for_update().filter(pack=pack.slug).first()
    if installation is None:
        raise NotInstalled(pack.slug)
    wanted = _wanted(changes(installation, pack), chosen)
    _note(installation, pack, at)
    names = _known_names(names_for(pack, installation), installation, wanted)
    making = Making(pack.slug, names, installation.language, by, at)
    contents = {(kind, name): given for kind, name, given in pieces_of(pack, installation.language)}
    for change in wanted:
        _apply(installation, change, contents[change.kind, change.name], making)
    refresh_segments(installation)
    return wanted


def is_edited(piece: InstalledPiece) -> bool:
    """Whether the object is other than it was installed; also when it is gone."""
    return fingerprint(PIECES[piece.kind].state(piece.object_id)) != piece.fingerprint


def _change(kind: str, name: str, given: Given, piece: InstalledPiece | None) -> Change:
    label = PIECES[kind].label(given)
    if piece is None:
        return Change(kind, name, label, "kept" if PIECES[kind].kept(given) else "new", [])
    return Change(kind, name, label, _status(piece, given), _differences(piece.given, given))


def _status(piece: InstalledPiece, given: Given) -> Status:
    if PIECES[piece.kind].state(piece.object_id) is None:
        return "deleted"
    if piece.given == given:
        return "same"
    return "edited" if is_edited(piece) else "updated"


def _known_names(names: Names, installation: Installation, wanted: list[Change]) -> Names:
    """Without the names of pieces that neither are there nor were chosen."""
    there = {*installation.pieces.values_list("kind", "name"), *((one.kind, one.name) for one in wanted)}
    segments = {name: slug for name, slug in names.segments.items() if (Kind.SEGMENT, name) in there}
    journeys = {name: slug for name, slug in names.journeys.items() if (Kind.JOURNEY, name) in there}
    return replace(names, segments=segments, journeys=journeys)


def _wanted(found: list[Change], chosen: Collection[str]) -> list[Change]:
    by_key = {change.key: change for change in found}
    for key in chosen:
        change = by_key.get(key)
        if change is None:
            raise CannotUpgrade(_("没有“%(key)s”这一项") % {"key": key})
        if not change.is_applicable:
            raise CannotUpgrade(_("“%(label)s”不能更新：你改过它、删了它，或者没有变化。") % {"label": change.label})
    return [change for change in found if change.key in chosen]


def _note(installation: Installation, pack: Pack, at: datetime) -> None:
    installation.version, installation.document = pack.version, pack.model_dump(mode="json")
    installation.upgraded_at = at
    installation.save(update_fields=["version", "document", "upgraded_at"])
    needed = worded(pack, installation.language)["attributes"]
    declare_attributes((key, one["label"], one["kind"]) for key, one in needed.items())


def _apply(installation: Installation, change: Change, given: Given, making: Making) -> None:
    try:
        if change.status == "new":
            make(installation, change.kind, change.name, given, making)
        else:
            _update(installation, change, given, making)
    except (BusinessError, Unknown) as refusal:
        why = refusal if isinstance(refusal, BusinessError) else refused(change.kind, change.label, refusal)
        raise CannotUpgrade(_("%(why)s（它依赖的部分也要一起选上）") % {"why": why}) from refusal


def _update(installation: Installation, change: Change, given: Given, making: Making) -> None:
    piece = installation.pieces.get(kind=change.kind, name=change.name)
    kind = PIECES[change.kind]
    piece.object_id = kind.update(piece.object_id, given, making)
    piece.given, piece.version = dict(given), installation.version
    piece.fingerprint = fingerprint(kind.state(piece.object_id))
    piece.save()


def _differences(before: Given, after: Given) -> list[Difference]:
    old, new = _flat(before), _flat(after)
    fields = [*old, *(field for field in new if field not in old)]
    return [
        Difference(field, old.get(field, _ABSENT), new.get(field, _ABSENT))
        for field in fields
        if old.get(field) != new.get(field)
    ]


def _flat(value: Any, path: str = "") -> dict[str, str]:
    """Every value by its path."""
    if isinstance(value, Mapping):
        parts = [(f"{path}.{key}" if path else key, one) for key, one in value.items()]
    elif isinstance(value, list):
        parts = [(f"{path}[{at}]", one) for at, one in enumerate(value)]
    else:
        return {path: str(value)}
    return {field: text for at, one in parts for field, text in _flat(one, at).items()}
