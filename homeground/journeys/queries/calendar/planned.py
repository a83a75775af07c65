"""Which promotion is planned for whom on which day, as columns: sets against sets, no customer asked by itself."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from django.db import connection
from django.db.models import Q
from numpy.typing import NDArray

from homeground.journeys.holdout import buckets
from homeground.journeys.models import Campaign, State
from homeground.journeys.queries.calendar.entries import dated
from homeground.journeys.queries.calendar.shape import Choice, Span
from homeground.journeys.queries.calendar.walks import due, graph_of, messages_ahead
from homeground.journeys.queries.policy import Policy
from homeground.segments import queries as segments

SQL = Path(__file__).parent.parent.parent / "sql" / "calendar"
_WEAK = ("none", "one_way")
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class People:
    """Persons, ascending, with their relation stage."""

    ids: Ids
    relations: NDArray[np.str_]

    def rows_of(self, ids: Ids) -> Ids:
        """Their places among these people; who is not among them is left out."""
        if not len(self.ids):
            return np.empty(0, np.int64)
        places = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        found: Ids = places[self.ids[places] == ids].astype(np.int64)
        return found


@dataclass(frozen=True)
class Touches:
    """One row a planned or sent promotion: who (a place in People), on which day (its ordinal), through what."""

    rows: Ids
    days: Ids
    channels: NDArray[np.str_]


def people_of() -> People:
    """Everybody."""
    frame = _copied(
        "SELECT id, relation FROM people_customer WHERE merged_into_id IS NULL ORDER BY id",
        {"id": pl.Int64, "relation": pl.String},
    )
    return People(frame["id"].to_numpy(), frame["relation"].to_numpy().astype(np.str_))


def touches_of(people: People, span: Span, policy: Policy) -> Touches:
    """Promotions to these people from the longest window before the span on: sent, waiting, and planned."""
    lots = [_written(people, span, policy), *_drafted(people, span, policy), _walking(people, span)]
    return Touches(
        np.concatenate([lot.rows for lot in lots]),
        np.concatenate([lot.days for lot in lots]),
        np.concatenate([lot.channels for lot in lots]),
    )


def _written(people: People, span: Span, policy: Policy) -> Touches:
    """Touches that exist: past ones count against the caps of the first days."""
    since = span.starts - timedelta(days=max(policy.longest_days, 7))
    later = Q(finished_at=None) | Q(finished_at__gte=since)
    sending = Campaign.objects.filter(later, frozen_at__lt=span.ends, is_promotion=True).exclude(state=State.CANCELLED)
    params = {
        "since": since,
        "until": span.ends,
        "now": span.at,
        "zone": span.zone,
        "campaigns": list(sending.values_list("pk", flat=True)),
    }
    columns = {"person": pl.Int64, "day": pl.Date, "channel": pl.String}
    return _kept(people, _copied((SQL / "touches.sql").read_text(), columns, params))


def _drafted(people: People, span: Span, policy: Policy) -> list[Touches]:
    """Drafts with a schedule: who would be treated of their segment, by the same hash that the freeze will use."""
    to_people = Q(state=State.DRAFT, message__is_promotion=True, groups__isnull=True)  # A group is no person's cap.
    coming = dated().filter(to_people, planned_at__gte=max(span.starts, span.at), planned_at__lt=span.ends)
    return [
        _lot(people, _treated(draft, policy), span.day_of(draft.planned_at), draft)
        for draft in coming.select_related("segment", "need")
    ]


def _treated(draft: Campaign, policy: Policy) -> Ids:
    assert draft.segment
    ids = np.array(segments.members(draft.segment), np.int64)
    if draft.need:
        ids = np.intersect1d(ids, np.array(segments.members(draft.need), np.int64))
    kept = buckets(f"campaign:{draft.pk}", ids) >= draft.holdout_bp
    if policy.holdout and policy.holdout.share_bp:
        kept &= buckets(policy.holdout.salt, ids) >= policy.holdout.share_bp
    return ids[kept]


def _lot(people: People, ids: Ids, on: date, draft: Campaign) -> Touches:
    rows = people.rows_of(ids)
    channels = np.full(len(rows), draft.channel, dtype="<U30")
    if draft.weak_channel:
        channels[np.isin(people.relations[rows], _WEAK)] = draft.weak_channel
    return Touches(rows, np.full(len(rows), on.toordinal(), np.int64), channels)


def _walking(people: People, span: Span) -> Touches:
    """Walks whose next step sends a promotion for sure; the channel for strong ties stands for both."""
    pairs: dict[tuple[int, str], list[str]] = {}
    for row in due(span, Choice()):
        if (row.version_id, row.node) not in pairs:
            pairs[row.version_id, row.node] = _channels(row.version_id, row.node)
    sending = [(pair, channel) for pair, channels in pairs.items() for channel in channels]
    params = {
        "since": span.starts,
        "until": span.ends,
        "now": span.at,
        "zone": span.zone,
        "versions": [pair[0] for pair, _channel in sending],
        "nodes": [pair[1] for pair, _channel in sending],
    }
    columns = {"person": pl.Int64, "day": pl.Date, "place": pl.Int64}
    rows = _copied((SQL / "walkers.sql").read_text(), columns, params)
    named = pl.DataFrame(
        {"place": range(len(sending)), "channel": [channel for _pair, channel in sending]},
        schema={"place": pl.Int64, "channel": pl.String},
    )
    return _kept(people, rows.join(named, on="place"))


def _channels(version_id: int, node: str) -> list[str]:
    """Through what the promotions go that surely follow."""
    ahead = messages_ahead(graph_of(version_id), node)
    steps = Campaign.objects.filter(version=version_id, node__in=ahead, is_promotion=True)
    return list(steps.values_list("channel", flat=True))


def _kept(people: People, frame: pl.DataFrame) -> Touches:
    """The rows of these people; people whom nobody asked about are left out."""
    ids = frame["person"].to_numpy()
    order = np.isin(ids, people.ids)
    days = frame["day"].to_physical().to_numpy().astype(np.int64) + date(1970, 1, 1).toordinal()
    channels = frame["channel"].to_numpy().astype("<U30")
    return Touches(people.rows_of(ids[order]), days[order], channels[order])


def _copied(sql: str, columns: Mapping[str, Any], params: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """A PostgreSQL query's answer by COPY."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, params)
        with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER)") as copy:
            for block in copy:
                buffer.write(block)
    return pl.read_csv(buffer.getvalue(), schema=dict(columns))


def sums(counts: Sequence[int], days: int) -> list[int]:
    """For each place the sum of the last `days` counts up to it."""
    totals = np.concatenate([[0], np.cumsum(counts)])
    return [int(totals[at + 1] - totals[max(at + 1 - days, 0)]) for at in range(len(counts))]
