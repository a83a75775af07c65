"""Entries by the clock: dates of customers, times of a schedule, and who was in a segment at publication."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import takewhile

from django.db import connection, transaction
from django.db.models import F
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from homeground.core import time
from homeground.events.bearing import reason_of, trace_of
from homeground.journeys.graph.ways_in import ByDate, BySchedule, BySegment, Entry
from homeground.journeys.models import Enrolment, Intake, Journey, Version
from homeground.journeys.services.entering import Entered, Entrant, enter
from homeground.journeys.services.walking import clocks
from homeground.journeys.services.walking.dates import SQL
from homeground.journeys.services.walking.graphs import graph_of
from homeground.people import queries as people
from homeground.people.models import Customer
from homeground.segments import services as segments
from homeground.segments.models import Segment

_WITH_DATE = (SQL / "with_date.sql").read_text()
_LOOK_BACK = timedelta(days=1)  # Who was down longer does not greet for birthdays that are over.
_PART = 10_000  # Members of one transaction.
_log = logging.getLogger(__name__)


def look(at: datetime | None = None) -> int:
    """Let in whose date has come, and begin what a schedule says. A repeat lets nobody in again.

    Returns how many entered by their dates.
    """
    at = at or time.now()
    entered = sum(_look_at(journey, at) for journey in Journey.objects.filter(state=Journey.State.LIVE).order_by("pk"))
    for pk in Intake.objects.filter(done_at=None).values_list("pk", flat=True):
        queue_intake(pk)
    return entered


def begin_existing(version_id: int, at: datetime | None = None) -> int:
    """Begin to let in who is in the segments of this version's entries already. Returns how many intakes are new."""
    version = Version.objects.select_related("journey").get(pk=version_id)
    slugs = [e.segment for e in graph_of(version_id).entries if isinstance(e, BySegment) and e.has_existing]
    return sum(_begin(version.journey, f"existing:{slug}", slug, at or time.now()) for slug in slugs)


def take_in(intake_id: int, at: datetime | None = None) -> int:
    """Let the members in, part by part; a crash goes on after the last part. Returns how many entered now.

    Raises SegmentBusy while another refresh of the segment is under way, and SegmentUnknown.
    """
    intake = Intake.objects.select_related("journey").get(pk=intake_id)
    if intake.done_at:
        return 0
    members = [one for one in _members(intake.segment, at) if one > intake.after]
    entered = 0
    for start in range(0, len(members), _PART):
        entered += _take_part(intake, members[start : start + _PART], at)
    Intake.objects.filter(pk=intake_id).update(done_at=at or time.now())
    return entered


def queue_intake(intake_id: int) -> None:
    """Ask the worker to take its members in; asked twice, it is done once."""
    key = f"journeys.intake:{intake_id}"
    with suppress(AlreadyEnqueued), transaction.atomic():
        jobs.configure_task("journeys.take_in", lock=key, queueing_lock=key).defer(intake_id=intake_id)


def _look_at(journey: Journey, at: datetime) -> int:
    """One journey whose entries cannot be asked (its segment's rule broke) does not keep the others from theirs."""
    assert journey.live_id
    entered = 0
    for entry in graph_of(journey.live_id).entries:
        try:
            if isinstance(entry, ByDate):
                entered += _enter_by_date(journey, entry, at)
            if isinstance(entry, BySchedule):
                _begin_turns(journey, entry, at)
        except Exception as error:
            if not connection.is_usable():
                raise
            _log.error(
                "nobody enters journey %d by %s: %s\n%s", journey.pk, entry.by, reason_of(error), trace_of(error)
            )
    return entered


def _members(slug: str, at: datetime | None) -> list[int]:
    segment = Segment.objects.listed().filter(slug=slug).first()
    if segment is None:
        return []  # It was archived meanwhile: nobody is in it.
    if segment.is_dynamic:
        segments.refresh(segment, at)
        segment.refresh_from_db()
    return segments.members(segment)


@transaction.atomic
def _take_part(intake: Intake, members: Sequence[int], at: datetime | None) -> int:
    entrants = [Entrant(one, f"{intake.cause}:{one}") for one in members]
    said = enter(intake.journey, entrants, at)
    entered = said.entered + said.held_out
    Intake.objects.filter(pk=intake.pk).update(after=members[-1], entered=F("entered") + entered)
    return entered


def _begin_turns(journey: Journey, entry: BySchedule, at: datetime) -> None:
    since = max(at - _LOOK_BACK, said_since(journey, entry))
    for moment in clocks.turns(entry, since, at, people.brand().time_zone):
        _begin(journey, f"schedule:{entry.segment}:{moment:%Y-%m-%dT%H:%MZ}"[:100], entry.segment, at)


def _begin(journey: Journey, cause: str, slug: str, at: datetime) -> bool:
    intake, is_new = Intake.objects.get_or_create(
        journey=journey, cause=cause, defaults={"segment": slug, "begun_at": at}
    )
    if not intake.done_at:
        queue_intake(intake.pk)
    return is_new


def said_since(journey: Journey, entry: Entry) -> datetime:
    """Since when a live journey has had this entry without a break: it looks back no further."""
    versions = list(journey.versions.order_by("-number").values_list("pk", "published_at"))
    kept = takewhile(lambda one: entry in graph_of(one[0]).entries, versions)
    return min((published_at for _pk, published_at in kept), default=versions[0][1])


def _enter_by_date(journey: Journey, entry: ByDate, at: datetime) -> int:
    since = max(at - _LOOK_BACK, said_since(journey, entry))
    found = _with_date(entry, since, at)
    zones = dict(Customer.objects.filter(pk__in=found).exclude(time_zone="").values_list("pk", "time_zone"))
    home = people.brand().time_zone
    entrants = [
        Entrant(customer, f"date:{entry.attribute}:{on}:{entry.lead_days}:{customer}", at=moment)
        for customer, day in found.items()
        for on in _turns_of(entry, day, at)
        if since < (moment := clocks.lead(on, entry.lead_days, entry.time, zones.get(customer, home))) <= at
    ]
    entrants = _among(entry, _unknown(journey, entrants), at)
    said = enter(journey, entrants, at) if entrants else Entered()
    return said.entered + said.held_out


def _with_date(entry: ByDate, since: datetime, at: datetime) -> dict[int, date]:
    with connection.cursor() as cursor:
        cursor.execute(_WITH_DATE, {"key": entry.attribute, "days": _texts(entry, since, at), "yearly": entry.yearly})
        return dict(_read(cursor.fetchall()))


def _read(rows: Sequence[tuple[int, str]]) -> Iterator[tuple[int, date]]:
    for customer, text in rows:
        with suppress(ValueError):
            yield customer, date.fromisoformat(text)


def _texts(entry: ByDate, since: datetime, at: datetime) -> list[str]:
    """How the dates may be written whose moment, in any zone, lies between the two."""
    first = since.date() - timedelta(days=1)
    days = [first + timedelta(days=n + entry.lead_days) for n in range((at.date() - first).days + 2)]
    if not entry.yearly:
        return [day.isoformat() for day in days]
    return sorted(
        {f"{day:%m-%d}" for day in days} | ({"02-29"} if any(_is_last_of_february(d) for d in days) else set())
    )


def _is_last_of_february(day: date) -> bool:
    return day.month == 2 and (day + timedelta(days=1)).month == 3


def _turns_of(entry: ByDate, day: date, at: datetime) -> list[date]:
    """The date itself, or its anniversaries that may be meant."""
    if not entry.yearly:
        return [day]
    return [clocks.in_year(day, year) for year in range(at.year - 2, at.year + 3)]


def _unknown(journey: Journey, entrants: Sequence[Entrant]) -> list[Entrant]:
    causes = [one.cause for one in entrants]
    known = set(Enrolment.objects.filter(journey=journey, cause__in=causes).values_list("cause", flat=True))
    return [one for one in entrants if one.cause not in known]


def _among(entry: ByDate, entrants: list[Entrant], at: datetime) -> list[Entrant]:
    if not entry.segment or not entrants:
        return entrants
    inside = segments.matching({"segment": entry.segment}, [one.customer_id for one in entrants], at)
    return [one for one in entrants if one.customer_id in inside]
