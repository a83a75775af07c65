"""Journeys before they go live: made, copied, changed, thrown away."""

import re
from collections.abc import Mapping
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from homeground.journeys.errors import DraftRefused, JourneyInWrongState, JourneySlugTaken
from homeground.journeys.graph.parse import bounded
from homeground.journeys.models import Journey, Outcome
from homeground.journeys.services.locking import hold_journey

EMPTY: Mapping[str, Any] = {"entries": [], "variants": [], "nodes": {}}
RESERVED = {"new"}  # First steps of the pages' own addresses.
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)
_LONGEST_NAME = 60
_MEASURED = ("primary_outcome", "window_days", "holdout_bp")


def create(
    *,
    name: str,
    link: str,
    by: str = "",
    draft: Any = None,
    slug: str = "",
    hypothesis: str = "",
    primary_outcome: str = Outcome.ORDERED,
    window_days: int = 30,
    holdout_bp: int = 1000,
) -> Journey:
    """A new journey in draft. draft: a graph in JSON, complete or not (None: an empty one). slug: made of the name.

    Raises DraftRefused, JourneySlugTaken; then nothing is kept.
    """
    draft = dict(EMPTY) if draft is None else draft
    bounded(draft)
    journey = Journey(
        slug=slug or free_slug(name),
        name=name,
        link=link,
        draft=draft,
        hypothesis=hypothesis,
        primary_outcome=primary_outcome,
        window_days=window_days,
        holdout_bp=holdout_bp,
        created_by=by,
    )
    return _insert(journey)


def copy(journey_id: int, *, by: str = "") -> Journey:
    """A new draft with the same graph and the same plan. People, versions and numbers are not copied."""
    old = Journey.objects.get(pk=journey_id)
    kept = ("link", "hypothesis", "primary_outcome", "window_days", "holdout_bp")
    name = _("%s 副本") % old.name[:55]
    return create(name=name, by=by, draft=old.draft, **{field: getattr(old, field) for field in kept})


@transaction.atomic
def save_draft(journey_id: int, draft: Any) -> Journey:
    """Keep a draft, complete or not; who walks notices nothing. Raises DraftRefused, JourneyInWrongState when ended."""
    bounded(draft)
    journey = locked(journey_id)
    _refuse_ended(journey)
    journey.draft = draft
    journey.save(update_fields=["draft"])
    return journey


@transaction.atomic
def save_settings(
    journey_id: int,
    *,
    name: str,
    link: str,
    hypothesis: str,
    primary_outcome: str,
    window_days: int,
    holdout_bp: int,
) -> Journey:
    """Change what a journey is called and how it will be judged; the latter only before it was ever published.

    Raises JourneyInWrongState, with nothing changed.
    """
    journey = locked(journey_id)
    _refuse_ended(journey)
    measured = {"primary_outcome": primary_outcome, "window_days": window_days, "holdout_bp": holdout_bp}
    if journey.live_id and any(getattr(journey, field) != value for field, value in measured.items()):
        raise JourneyInWrongState(
            _("旅程发布后不能再改主要指标、观察天数和对照组比例，否则复盘的分组检查就不成立；请复制一条新旅程。")
        )
    for field, value in {"name": name, "link": link, "hypothesis": hypothesis, **measured}.items():
        setattr(journey, field, value)
    journey.save(update_fields=["name", "link", "hypothesis", *_MEASURED])
    return journey


@transaction.atomic
def delete_draft(journey_id: int) -> None:
    """Throw away a journey that was never published. Raises JourneyInWrongState for one that was."""
    journey = locked(journey_id)
    if journey.live_id:
        raise JourneyInWrongState(_("发布过的旅程要留作记录，不能删除；可以结束它。"))
    journey.delete()


def locked(journey_id: int) -> Journey:
    """The journey's row, held until the transaction ends: whoever changes a journey holds it first."""
    hold_journey(journey_id)
    return Journey.objects.select_for_update().get(pk=journey_id)


def free_slug(name: str) -> str:
    """A slug for a name that no journey has: its Latin words, else a number."""
    stem = slugify(name)[:40] or "journey"
    taken = set(Journey.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | RESERVED
    numbered = (f"{stem}-{number}" for number in count(2))
    return stem if stem not in taken and stem != "journey" else next(one for one in numbered if one not in taken)


def _refuse_ended(journey: Journey) -> None:
    if journey.state == Journey.State.ENDED:
        raise JourneyInWrongState(_("旅程已结束，不能再修改；可以复制一条。"))


def _insert(journey: Journey) -> Journey:
    if not _SLUG.fullmatch(journey.slug):
        raise DraftRefused(_("标识只能用字母、数字、- 和 _，最多 60 个字符。"))
    if not journey.name.strip() or len(journey.name) > _LONGEST_NAME:
        raise DraftRefused(_("请给旅程起个名字，最多 %(most)d 个字。") % {"most": _LONGEST_NAME})
    if journey.slug in RESERVED:
        raise JourneySlugTaken(journey.slug)
    try:
        with transaction.atomic():
            journey.save(force_insert=True)
    except IntegrityError as error:
        if Journey.objects.filter(slug=journey.slug).exists():
            raise JourneySlugTaken(journey.slug) from error
        raise
    return journey
