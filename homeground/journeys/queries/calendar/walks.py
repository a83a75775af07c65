"""Journeys on the calendar: whose next step comes when, and who will come in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from homeground.journeys.graph.nodes import (
    Branch,
    ChooseChannel,
    Graph,
    HandOver,
    Outcome,
    SendMessage,
    Split,
    WaitForEvent,
    Waiting,
)
from homeground.journeys.graph.parse import parse
from homeground.journeys.graph.ways_in import ByDate, BySchedule
from homeground.journeys.models import Journey, Version
from homeground.journeys.queries.calendar.shape import ACTIVITY, Choice, Entry, Span
from homeground.segments.models import Segment

_Fork = Branch | Split | ChooseChannel | Outcome
SQL = Path(__file__).parent.parent.parent / "sql" / "calendar"
_DUE, _DATES = (SQL / "due.sql").read_text(), (SQL / "dates.sql").read_text()


@dataclass(frozen=True)
class Due:
    """Walks of one version that take their next step, at one node, on one day."""

    journey_id: int
    version_id: int
    node: str
    on: date
    walks: int


def due(span: Span, choice: Choice) -> list[Due]:
    """The walks of running journeys whose next step is on these days."""
    params: dict[str, Any] = {
        "since": span.starts,
        "until": span.ends,
        "now": span.at,
        "zone": span.zone,
        "journeys": [journey.pk for journey in running(choice)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, params)
        return [Due(*row) for row in cursor.fetchall()]


def running(choice: Choice) -> list[Journey]:
    """Live journeys of the chosen link that use the chosen channel and segment."""
    rows = Journey.objects.filter(state=Journey.State.LIVE).select_related("live")
    rows = rows.filter(link=choice.link) if choice.link else rows
    return [journey for journey in rows if _fits(journey, choice)]


def _fits(journey: Journey, choice: Choice) -> bool:
    if not choice.channel and not choice.segment:
        return True
    assert journey.live
    graph = graph_of(journey.live.pk)
    channels = {each for step in graph.nodes.values() for each in _channels(step)}
    return (not choice.channel or choice.channel in channels) and (
        not choice.segment or choice.segment.slug in segments_of(journey)
    )


def segments_of(journey: Journey) -> set[str]:
    """The slugs of the segments through which people come into a running journey."""
    assert journey.live
    return {slug for entry in graph_of(journey.live.pk).entries if (slug := getattr(entry, "segment", None))}


def _channels(step: object) -> list[str]:
    return [step.channel, step.weak_channel] if isinstance(step, SendMessage) else []


@lru_cache(512)
def graph_of(version_id: int) -> Graph:
    """The graph of a version; it never changes."""
    return parse(Version.objects.values_list("graph", flat=True).get(pk=version_id))


def messages_ahead(graph: Graph, node: str) -> list[str]:
    """The messages that whoever takes this step meets for sure before waiting again.

    Nobody knows which way a fork leads, so it stops there: what it gives is "at least".
    """
    found: list[str] = []
    seen: set[str] = set()
    at: str | None = node
    while at is not None and at not in seen and at in graph.nodes:
        step = graph.nodes[at]
        if (isinstance(step, Waiting) and seen) or isinstance(step, _Fork | HandOver):
            break
        seen.add(at)
        if isinstance(step, SendMessage):
            found.append(at)
        at = step.otherwise if isinstance(step, WaitForEvent) else step.next  # Due: its time is out.
    return found


def due_walks(span: Span, choice: Choice) -> Iterator[Entry]:
    """A journey a day: how many walks take a step, and how many messages that sends at least."""
    names = dict(Journey.objects.values_list("pk", "name"))
    walks: defaultdict[tuple[int, date], int] = defaultdict(int)
    messages: defaultdict[tuple[int, date], int] = defaultdict(int)
    for row in due(span, choice):
        walks[row.journey_id, row.on] += row.walks
        messages[row.journey_id, row.on] += row.walks * len(messages_ahead(graph_of(row.version_id), row.node))
    for (journey_id, on), count in walks.items():
        title = _due_title(names[journey_id], count, messages[journey_id, on])
        key = f"journey:{journey_id}"
        tone = "green" if messages[journey_id, on] else "neutral"
        yield Entry(ACTIVITY, "journey", key, title, on, state=_("运行中"), tone=tone, people=count)


def _due_title(name: str, walks: int, messages: int) -> str:
    shown = {"name": name, "walks": walks, "messages": messages}
    if messages:
        return _("%(name)s：至少 %(messages)d 条消息") % shown
    return _("%(name)s：%(walks)d 人到下一步") % shown


def coming_in(span: Span, choice: Choice) -> Iterator[Entry]:
    """Who will come in by a schedule or a date, from today on: as many as the segment or the dates say now."""
    for journey in running(choice):
        assert journey.live
        for entry in graph_of(journey.live.pk).entries:
            counts = _coming(entry, span)
            for on, people in counts.items():
                yield _coming_entry(journey, on, people)


def _coming_entry(journey: Journey, on: date, people: int) -> Entry:
    title = _("%(name)s：约 %(people)d 人进入") % {"name": journey.name, "people": people}
    return Entry(ACTIVITY, "entry", f"entry:{journey.pk}", title, on, state=_("运行中"), tone="blue", people=people)


def _coming(entry: object, span: Span) -> Mapping[date, int]:
    if isinstance(entry, BySchedule):
        return _scheduled(entry, span)
    return _on_dates(entry, span) if isinstance(entry, ByDate) else {}


def _scheduled(entry: BySchedule, span: Span) -> Mapping[date, int]:
    people = Segment.objects.filter(slug=entry.segment).values_list("customers", flat=True).first() or 0
    clock = datetime.strptime(entry.time, "%H:%M").time()  # noqa: DTZ007  # A time of day alone.
    zone = ZoneInfo(span.zone)
    days = [on for on in span.days if datetime.combine(on, clock, zone) > span.at and _is_on(entry, on)]
    return dict.fromkeys(days, people)


def _is_on(entry: BySchedule, on: date) -> bool:
    if entry.on is not None:
        return on.isoformat() == entry.on
    if entry.weekday is not None:
        return on.isoweekday() == entry.weekday
    last = (on.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return entry.day is not None and on.day == min(entry.day, last.day)


def _on_dates(entry: ByDate, span: Span) -> Mapping[date, int]:
    pairs = [(on, key) for on in span.days if on >= span.today for key in _keys(entry, on)]
    params: dict[str, Any] = {
        "attribute": entry.attribute,
        "days": [on for on, _key in pairs],
        "keys": [key for _on, key in pairs],
        "yearly": entry.yearly,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DATES, params)
        return dict(cursor.fetchall())


def _keys(entry: ByDate, on: date) -> Sequence[str]:
    """How a date is written for which this is the day, less the lead. 29 February falls on the 28th in other years."""
    target = on + timedelta(days=entry.lead_days)
    if not entry.yearly:
        return [target.isoformat()]
    is_eve = (target.month, target.day) == (2, 28) and (target + timedelta(days=1)).month == 3
    return [f"{target:%m-%d}", *(["02-29"] if is_eve else [])]
