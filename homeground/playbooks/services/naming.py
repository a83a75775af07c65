"""What a pack's own names mean here: slugs and ids of what it installed, or is about to."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeground.channels.models import Channel
from homeground.journeys.models import Journey
from homeground.playbooks.models import Installation, InstalledPiece
from homeground.playbooks.pack.nodes import Pack
from homeground.playbooks.pack.wording import Names, segments_named
from homeground.playbooks.services.pieces.kind import free
from homeground.segments.models import Segment

Kind = InstalledPiece.Kind
_LONGEST_SLUG = 60


def names_for(pack: Pack, installation: Installation) -> Names:
    """Of pieces that are there, their names; of those to come, free ones. Messages and coupons as they are made."""
    known: dict[str, dict[str, int]] = {kind: {} for kind in Kind.values}
    for piece in installation.pieces.all():
        known[piece.kind][piece.name] = piece.object_id
    choices = installation.choices
    return Names(
        segments=_slugs(Segment, pack.slug, pack.segments, known[Kind.SEGMENT]),
        journeys=_slugs(Journey, pack.slug, pack.journeys, known[Kind.JOURNEY]),
        messages=known[Kind.MESSAGE],
        coupons=known[Kind.COUPON],
        channels=_channels(pack, choices.get("channels", {})),
        door=choices.get("door"),
    )


def usual_channels() -> dict[str, str]:
    """By kind, the slug of the channel that messages take: one that is on, the oldest first."""
    rows = Channel.objects.order_by("is_enabled", "-pk").values_list("kind", "slug")
    return dict(rows)  # The last one of a kind stays.


def in_order(segments: Mapping[str, Any]) -> list[str]:
    """Local names, each after those that its rule names. What names itself stays last: its room refuses it."""
    waiting, ordered = dict(segments), list[str]()
    while waiting:
        ready = [name for name, piece in waiting.items() if not segments_named(piece["rule"]) & waiting.keys()]
        for name in ready or list(waiting):
            ordered.append(name)
            del waiting[name]
    return ordered


def _slugs(model: Any, pack: str, local: Iterable[str], known: Mapping[str, int]) -> dict[str, str]:
    there = dict(model.objects.filter(pk__in=known.values()).values_list("pk", "slug"))
    found: dict[str, str] = {name: there[pk] for name, pk in known.items() if pk in there}

    def taken(slug: str) -> bool:
        return slug in found.values() or bool(model.objects.filter(slug=slug).exists())

    for name in local:
        if name not in known:
            found[name] = free(f"{pack}-{name}", taken, _LONGEST_SLUG)
    return found


def _channels(pack: Pack, chosen: Mapping[str, str]) -> dict[str, str]:
    by_kind = usual_channels() | dict(chosen)
    return {name: by_kind.get(message.channel_kind, "") for name, message in pack.messages.items()}
