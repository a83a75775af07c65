"""Segments as rows: made, changed, put away and brought back."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from homeground.core import time
from homeground.segments.errors import SegmentInUse, SlugTaken
from homeground.segments.models import Segment
from homeground.segments.queries import dictionary_for, users_of
from homeground.segments.rules.check import check
from homeground.segments.rules.parse import document_of, parse


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
    if users := users_of(locked):
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


def checked(rule: Any, slug: str) -> Any:
    """The rule as it is stored, after every check."""
    node = parse(rule)
    check(node, dictionary_for(node), slug=slug)
    return document_of(node)


def _insert(segment: Segment) -> Segment:
    try:
        with transaction.atomic():
            segment.save(force_insert=True)
    except IntegrityError as error:
        if Segment.objects.filter(slug=segment.slug).exists():
            raise SlugTaken(segment.slug) from error
        raise
    return segment
