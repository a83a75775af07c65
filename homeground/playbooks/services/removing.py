"""Taking a pack out: what nobody edited and nothing stands on goes; the rest stays, as the brand's own."""

from dataclasses import dataclass, field

from django.db import transaction

from homeground.playbooks.errors import NotInstalled
from homeground.playbooks.models import Installation, InstalledPiece
from homeground.playbooks.services.pieces import PIECES
from homeground.playbooks.services.upgrading import is_edited


@dataclass
class Removed:
    """What became of the pieces, by their names on screen. gone: they were deleted before."""

    removed: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@transaction.atomic
def remove(slug: str) -> Removed:
    """Uninstall. Raises NotInstalled."""
    installation = Installation.objects.select_for_update().filter(pack=slug).first()
    if installation is None:
        raise NotInstalled(slug)
    told = Removed()
    for piece in reversed(list(installation.pieces.all())):  # What names others goes before them.
        _part_with(piece, told)
    installation.delete()
    return told


def _part_with(piece: InstalledPiece, told: Removed) -> None:
    kind = PIECES[piece.kind]
    label = kind.label(piece.given)
    if kind.state(piece.object_id) is None:
        told.gone.append(label)
    elif is_edited(piece):
        told.edited.append(label)
    elif kind.remove(piece.object_id):
        told.removed.append(label)
    else:
        told.used.append(label)
