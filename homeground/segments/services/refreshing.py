"""Generations: who belongs now, and who came and went since the last time."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from time import perf_counter

from django.db import transaction
from django.db.models import F, Q
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from homeground.core import time
from homeground.events import warehouse
from homeground.events.catalog.segments import SegmentEntered, SegmentLeft
from homeground.events.services import record_for
from homeground.segments.errors import ListIsFixed, SegmentBusy
from homeground.segments.models import Generation, Segment
from homeground.segments.queries import SQL
from homeground.segments.services.counting import compiled

_LEASE = timedelta(minutes=15)  # Far above any refresh that was measured; a dead one is taken over after it.
_log = logging.getLogger(__name__)


def refresh(segment: Segment, at: datetime | None = None) -> Generation:
    """Compute the next generation, counting events up to `at`, and tell the stream who entered and who left.

    A repeat makes a further generation and, where nothing changed, no events.
    Raises ListIsFixed, and SegmentBusy while another refresh holds the lease. After any other failure the old
    generation still counts.
    """
    if not segment.is_dynamic and segment.generation:
        raise ListIsFixed(segment.name)
    at = at or time.now()
    number = lease(segment)
    with release_on_failure(segment, number):
        started = perf_counter()
        statement = compiled(segment.rule, at, slug=segment.slug)
        warehouse.run(
            "INSERT INTO events.segment_members SELECT {the_segment:UInt64}, {the_generation:UInt32}, customer_id"
            f" FROM ({statement.sql})",
            the_segment=segment.pk,
            the_generation=number,
            **statement.params,
        )
        return publish(segment, number, at, perf_counter() - started)


def refresh_soon(segment: Segment, after_seconds: int = 0) -> None:
    """Have a worker refresh it; asking again before it began changes nothing."""
    key = f"segments.refresh:{segment.pk}"
    job = app.configure_task("segments.refresh", lock=key, queueing_lock=key, schedule_in={"seconds": after_seconds})
    with suppress(AlreadyEnqueued), transaction.atomic():  # The refusal of the database spoils only this much.
        job.defer(segment_id=segment.pk)


def publish(segment: Segment, number: int, at: datetime, seconds: float) -> Generation:
    """Make a generation whose members are in the warehouse the one that counts."""
    with transaction.atomic():
        held = Segment.objects.select_for_update().get(pk=segment.pk)
        if held.last_generation != number:  # Another took the lease over after it ran out.
            raise SegmentBusy(held.name)
        entered = _difference(held, present=number, absent=held.generation)
        left = _difference(held, present=held.generation, absent=number)
        generation = _keep(held, number, at, seconds, len(entered), len(left))
        _tell(held, number, at, entered, left)
    _prune(held)
    segment.refresh_from_db()
    return generation


def due(now: datetime | None = None) -> list[Segment]:
    """Dynamic segments whose time has come, longest overdue first."""
    now = now or time.now()
    segments = Segment.objects.listed().filter(is_dynamic=True)
    free = segments.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
    waiting = [segment for segment in free if _is_due(segment, now)]
    return sorted(waiting, key=lambda segment: segment.refreshed_at or segment.created_at)


def _is_due(segment: Segment, now: datetime) -> bool:
    return segment.refreshed_at is None or now >= segment.refreshed_at + timedelta(minutes=segment.refresh_minutes)


def lease(segment: Segment) -> int:
    """Take the right to refresh; the number it gives is used by this refresh alone."""
    now = time.now()
    free = Segment.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=now), pk=segment.pk, archived_at__isnull=True
    )
    if not free.update(lease_until=now + _LEASE, last_generation=F("last_generation") + 1):
        raise SegmentBusy(segment.name)
    segment.refresh_from_db()
    return segment.last_generation


@contextmanager
def release_on_failure(segment: Segment, number: int) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        mine = Segment.objects.filter(pk=segment.pk, last_generation=number)
        mine.update(lease_until=None, failure=str(error)[:1000], refreshed_at=time.now())
        raise


def _difference(segment: Segment, *, present: int, absent: int) -> list[int]:
    if not present:
        return []
    found = warehouse.frame(SQL / "difference.sql", segment=segment.pk, present=present, absent=absent)
    return [int(one) for one in found["survivor"].to_list()]


def _keep(segment: Segment, number: int, at: datetime, seconds: float, entered: int, left: int) -> Generation:
    segment.generation, segment.as_of, segment.refreshed_at = number, at, time.now()
    segment.customers = _size(segment.pk, number)
    segment.lease_until, segment.failure = None, ""
    segment.save(update_fields=["generation", "as_of", "refreshed_at", "customers", "lease_until", "failure"])
    return Generation.objects.create(
        segment=segment,
        number=number,
        as_of=at,
        refreshed_at=segment.refreshed_at,
        customers=segment.customers,
        entered=entered,
        left=left,
        seconds=seconds,
    )


def _size(segment_id: int, number: int) -> int:
    return int(
        warehouse.value(
            "SELECT count() FROM events.segment_members"
            " WHERE segment_id = {segment:UInt64} AND generation = {generation:UInt32}",
            segment=segment_id,
            generation=number,
        )
    )


def _tell(segment: Segment, number: int, at: datetime, entered: Sequence[int], left: Sequence[int]) -> None:
    cause = f"{segment.slug}:{number}"
    record_for(SegmentEntered(segment=segment.slug, generation=number, happened_at=at, cause=cause), entered)
    record_for(SegmentLeft(segment=segment.slug, generation=number, happened_at=at, cause=cause), left)


def _prune(segment: Segment) -> None:
    """The newest and the one before it stay. A failure here harms nothing: the next refresh prunes again."""
    before = Generation.objects.filter(segment=segment, number__lt=segment.generation).order_by("-number").first()
    kept = [segment.generation, *([before.number] if before else [])]
    try:
        warehouse.run(SQL / "prune.sql", segment=segment.pk, kept=kept)
    except Exception:
        _log.exception("pruning generations of %s", segment.slug)
