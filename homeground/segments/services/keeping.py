"""Segments as rows: made, changed, put away and brought back."""

from datetime import datetime
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from homeground.core import time
from homeground.segments.errors import SegmentInUse, SlugTaken
from homeground.segments.models import Segment
from homeground.segments.queries import dictionary_for, slugs_used, uses
from homeground.segments.rules.check import check
from homeground.segments.rules.parse import document_of, parse
from homeground.segments.starters import Pair

RESERVED = {"new", "preview", "lists", "pairs", "values", "properties"}  # First steps of this room's own addresses.


def create(
    *, slug: str, name: str, rule: Any, link: str = "", created_by: str = "", refresh_minutes: int = 60
) -> Segment:
    """A dynamic segment; its first members come with the first refresh. Raises RuleRefused, SegmentCycle, SlugTaken."""
    return _insert(
        Segment(
            slug=slug,
            name=name,
            link=link,
            rule=checked(rule, slug),
            created_by=created_by,
            refresh_minutes=refresh_minutes,
        )
    )


@transaction.atomic
def save(segment: Segment, *, name: str, rule: Any, link: str = "", refresh_minutes: int = 60) -> Segment:
    """Change a segment; members follow with the next refresh. A list keeps its members: only its name changes.

    Raises RuleRefused, SegmentCycle.
    """
    locked = Segment.objects.select_for_update().get(pk=segment.pk)
    locked.name, locked.link, locked.refresh_minutes = name, link, refresh_minutes
    if locked.is_dynamic:
        locked.rule = checked(rule, locked.slug)
    locked.save(update_fields=["name", "link", "refresh_minutes", "rule"])
    return locked


@transaction.atomic
def archive(segment: Segment, at: datetime | None = None) -> None:
    """Put a segment away: not listed, not refreshed; restore() brings it back. Raises SegmentInUse."""
    locked = Segment.objects.select_for_update().get(pk=segment.pk)
    if users := uses([locked])[locked.pk]:
        raise SegmentInUse([f"{user.kind} {user.name}" for user in users])
    locked.archived_at = at or time.now()
    locked.save(update_fields=["archived_at"])


@transaction.atomic
def restore(segment: Segment) -> None:
    """Bring an archived segment back, where its rule still makes sense. Raises RuleRefused."""
    locked = Segment.objects.select_for_update().get(pk=segment.pk)
    if locked.is_dynamic:
        checked(locked.rule, locked.slug)
    locked.archived_at = None
    locked.save(update_fields=["archived_at"])


def install_pair(pair: Pair, created_by: str = "") -> list[Segment]:
    """Both segments of a pair; those whose slug is there already stay as they are. A repeat adds nothing."""
    taken = slugs_used([half.slug for half in pair.halves])
    return [
        create(slug=half.slug, name=str(half.name), rule=half.rule, link=half.link, created_by=created_by)
        for half in pair.halves
        if half.slug not in taken
    ]


def free_slug(name: str) -> str:
    """A slug for a name that nobody has: its Latin words, else a number."""
    stem = slugify(name)[:40] or "segment"
    taken = set(Segment.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | RESERVED
    numbered = (f"{stem}-{number}" for number in count(2))
    return stem if stem not in taken and stem != "segment" else next(one for one in numbered if one not in taken)


def checked(rule: Any, slug: str) -> Any:
    """The rule as it is stored, after every check."""
    node = parse(rule)
    check(node, dictionary_for(node), slug=slug)
    return document_of(node)


def _insert(segment: Segment) -> Segment:
    if segment.slug in RESERVED:
        raise SlugTaken(segment.slug)
    try:
        with transaction.atomic():
            segment.save(force_insert=True)
    except IntegrityError as error:
        if Segment.objects.filter(slug=segment.slug).exists():
            raise SlugTaken(segment.slug) from error
        raise
    return segment
