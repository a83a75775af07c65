"""A journey's people and what each did in the days after their own first entry, as columns: no row by row."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import polars as pl

from homeground.insights.queries.people import ABSORBED, BEFORE, MEASURES, SQL, copied, frame
from homeground.journeys.models import Journey

_SPAN = timedelta(days=31)  # Events read at once: what is in memory does not grow with the life of the journey.
_DAY_MS = 86_400_000
_DEEDS = ("orders", "net_spend", "opted_out", "refused")
_ENTRY = {
    "person": pl.Int64,
    "arms": pl.Int64,
    "arm": pl.String,
    "version_id": pl.Int64,
    "variant": pl.String,
    "entered_ms": pl.Int64,
    "relation": pl.String,
    "messages": pl.Int64,
    "cost_minor": pl.Int64,
}


def entrants(journey: Journey, until: datetime) -> pl.DataFrame:
    """Everyone who entered up to a moment, once each: see journey_people.sql; is_open: their days are not over yet."""
    rows = copied(
        (SQL / "journey_people.sql").read_text(), _ENTRY, journey_id=journey.pk, until=until, days=journey.window_days
    )
    ends = pl.col("entered_ms") + journey.window_days * _DAY_MS
    return rows.with_columns((ends > int(until.timestamp() * 1000)).alias("is_open"))


def measured(people: pl.DataFrame, window_days: int, currency: str) -> pl.DataFrame:
    """These people with their measures, each from the own entry over window_days; who did nothing has zeros.

    orders, net_spend (minor units), opted_out, refused, ordered (0/1), first_day (full days to the first order, -1
    without one); orders and net_spend of the year before the entry as *_before.
    """
    did = pl.concat([_none(), *_deeds(people, window_days, currency)]).group_by("person").agg(*_summed())
    joined = people.join(did, on="person", how="left").with_columns(
        *(pl.col(name).fill_null(0.0) for name in MEASURES), pl.col("first_day").fill_null(-1)
    )
    return joined.with_columns((pl.col("orders") > 0).cast(pl.Float64).alias("ordered"))


def _deeds(people: pl.DataFrame, window_days: int, currency: str) -> Iterator[pl.DataFrame]:
    """Span after span: what these people did, split into before and after their own entry, summed by person."""
    if people.is_empty():
        return
    starts = people.select("person", "entered_ms")
    absorbed = copied(ABSORBED, {"person": pl.Int64, "survivor": pl.Int64})
    since = _moment(starts["entered_ms"].min()) - BEFORE
    until = _moment(starts["entered_ms"].max()) + timedelta(days=window_days, milliseconds=1)
    while since < until:
        edge = min(since + _SPAN, until)
        rows = frame(SQL / "journey_deeds.sql", since=since, until=edge, currency=currency)
        yield _placed(_followed(rows, absorbed).join(starts, on="person"), window_days)
        since = edge


def _followed(rows: pl.DataFrame, absorbed: pl.DataFrame) -> pl.DataFrame:
    rows = rows.with_columns(pl.col("person").cast(pl.Int64), pl.col("at").cast(pl.Int64))
    if absorbed.is_empty():
        return rows
    joined = rows.join(absorbed, on="person", how="left")
    return joined.with_columns(pl.coalesce("survivor", "person").alias("person")).drop("survivor")


def _placed(rows: pl.DataFrame, window_days: int) -> pl.DataFrame:
    since = pl.col("at") - pl.col("entered_ms")
    after = (since > 0) & (since <= window_days * _DAY_MS)
    before = (since <= 0) & (since > -int(BEFORE.total_seconds() * 1000))
    return rows.select(
        "person",
        *(pl.when(after).then(pl.col(name)).otherwise(0.0).alias(name) for name in _DEEDS),
        *(pl.when(before).then(pl.col(name)).otherwise(0.0).alias(f"{name}_before") for name in _DEEDS[:2]),
        pl.when(after & (pl.col("orders") > 0)).then(since // _DAY_MS).alias("first_day"),
    )


def _summed() -> list[pl.Expr]:
    sums = pl.col("orders", "net_spend", "orders_before", "net_spend_before").sum()
    return [sums, pl.col("opted_out", "refused").max(), pl.col("first_day").min()]


def _none() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"person": pl.Int64, **dict.fromkeys([*_DEEDS, "orders_before", "net_spend_before"], pl.Float64)}
        | {"first_day": pl.Int64}
    )


def _moment(ms: object) -> datetime:
    assert isinstance(ms, int)
    return datetime.fromtimestamp(ms / 1000, UTC)
