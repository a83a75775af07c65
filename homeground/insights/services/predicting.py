"""购买时机: the night's computation of when everybody buys next, and the withdrawal when somebody does."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from homeground.core import time
from homeground.core.money import digits
from homeground.insights.models import Basis, PredictionRun
from homeground.insights.queries.purchases import Bought, ProductCycles, bought, product_cycles
from homeground.insights.value import bg_nbd, gamma_gamma
from homeground.insights.value.back_test import LEAST_REPEATERS, BackTest, back_test, weeks_to_hold
from homeground.insights.value.dates import BASES, NONE, UNIT_DAYS, Expected, expected_dates
from homeground.insights.value.ladder import ladder_of
from homeground.insights.value.purchases import Floats, Purchases, Summary, summary_of
from homeground.people.queries import brand, survivors
from homeground.people.services.predicted import set_predicted, withdraw_predicted

SQL = Path(__file__).parent.parent / "sql"
YEAR_WEEKS = 365 / 7
NIGHT_HOUR = 3  # Of the brand's day.
_CHUNK = 10_000  # Customers of one transaction: a purchase that is told meanwhile waits for it, about a second.
VALUED = 0.9  # Who spent more than this share of all buyers is missed most (M13).
_LOCK = 0x74696D65  # "time": predictions are either being written or withdrawn.
_EPOCH = date(1970, 1, 1)
_ROW = """
CREATE TEMP TABLE prediction_row (
    customer_id bigint, basis text, next_on date, low_on date, high_on date, product_id bigint, alive float8,
    expected_minor bigint, spent_minor bigint, orders int, last_order_at timestamptz, as_on date
) ON COMMIT DROP
"""


@dataclass(frozen=True)
class _Models:
    """The fitted models; None where the orders do not carry one."""

    counting: bg_nbd.Fit | None
    worth: gamma_gamma.Fit | None


def predict(at: datetime | None = None, by: str = "") -> PredictionRun:
    """Predict everybody's next purchase as of a moment, and have attributes say it. A repeat adds a run, no more.

    Each part of the customers is a transaction of its own: stopped half-way, the others keep yesterday's predictions.
    """
    started, moment = perf_counter(), at or time.now()
    ground = brand()
    until = (time.day_of(moment, ground.time_zone) - _EPOCH).days
    orders = bought(moment)
    summary = summary_of(orders.purchases, until, UNIT_DAYS)
    models, cycles = _fit(summary), product_cycles(orders.purchases, moment)
    model = models.counting.model if models.counting else None
    expected = expected_dates(orders.purchases, until, model, cycles.days)
    table = _table(orders, summary, models, expected, cycles, until)
    for low, high, chunk in _chunks(table):
        _keep(chunk, low, high, moment, ground.currency)
    return PredictionRun.objects.create(
        made_by=by[:150],
        as_on=_EPOCH + timedelta(days=until),
        customers=len(summary.x),
        repeat_customers=int((summary.x > 0).sum()),
        weeks=_weeks(orders.purchases, until),
        model=_told(models.counting),
        worth=_told(models.worth),
        valued_minor=_valued(orders.purchases) if models.counting else None,
        by_basis={name: int((expected.basis == place).sum()) for place, name in enumerate(BASES)},
        ladder=[asdict(rung) for rung in ladder_of(orders.purchases, until)],
        back_test=_tested(orders.purchases, until, ground.time_zone),
        seconds=perf_counter() - started,
    )


def predict_tonight(at: datetime | None = None) -> PredictionRun | None:
    """predict(), once a day of the brand's zone, from three in the morning on; None where it is not time or done."""
    moment, zone = at or time.now(), brand().time_zone
    today = time.day_of(moment, zone)
    is_night_over = moment >= time.start_of(today, zone) + timedelta(hours=NIGHT_HOUR)
    if not is_night_over or PredictionRun.objects.filter(as_on__gte=today).exists():
        return None
    return predict(moment, by="night")


def predict_soon() -> None:
    """Have a worker compute everybody now; asking again before it began changes nothing."""
    job = app.configure_task("insights.predict_now", queueing_lock="insights.predict_now")
    with suppress(AlreadyEnqueued), transaction.atomic():  # The refusal of the database spoils only this much.
        job.defer()


def withdraw_predictions(purchases: Iterable[tuple[int, datetime]]) -> int:
    """Withdraw what was predicted of customers who bought at these moments. Returns of how many.

    An order that the prediction knows of withdraws nothing, so a repeat is harmless.
    """
    newest: dict[int, datetime] = {}
    for customer, moment in purchases:
        newest[customer] = max(moment, newest.get(customer, moment))
    roots = survivors(newest)
    by_moment = sorted(newest.items(), key=lambda each: each[1])
    latest = {roots[customer]: moment for customer, moment in by_moment if customer in roots}
    return _withdraw(latest) if latest else 0


@transaction.atomic
def _withdraw(latest: dict[int, datetime]) -> int:
    _lock()
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"ids": list(latest), "moments": list(latest.values())}
        cursor.execute((SQL / "withdraw_predictions.sql").read_text(), params)
        gone = [row[0] for row in cursor.fetchall()]
    withdraw_predicted(gone)
    return len(gone)


def _fit(summary: Summary) -> _Models:
    """Models that may be used: enough repeat customers, converged, and for value: a mean, and independent of number."""
    if (summary.x > 0).sum() < LEAST_REPEATERS:
        return _Models(None, None)
    counting, worth = bg_nbd.fit(summary), gamma_gamma.fit(summary)
    is_worthy = worth is not None and worth.optimum.converged and worth.is_independent and worth.model.q > 1
    return _Models(counting if counting.optimum.converged else None, worth if is_worthy else None)


def _table(
    orders: Bought, summary: Summary, models: _Models, expected: Expected, cycles: ProductCycles, until: int
) -> pl.DataFrame:
    """A row of the prediction table for every customer, in its order, by id."""
    has_date = expected.basis != NONE
    alive, worth = _values(summary, models)
    names = np.array([*BASES, ""])
    table = pl.DataFrame(
        {
            "customer_id": orders.purchases.people,
            "basis": names[expected.basis],
            "next_on": expected.on,
            "low_on": expected.low,
            "high_on": expected.high,
            "product_id": cycles.product,
            "alive": alive,
            "expected_minor": worth,
            "spent_minor": np.rint(_spent(orders.purchases)).astype(np.int64),
            "orders": orders.purchases.counts,
            "last_order_at": orders.last_at,
        }
    ).with_columns(pl.Series("has_date", has_date))
    dates = ("next_on", "low_on", "high_on")
    days = [pl.when("has_date").then(pl.col(name).cast(pl.Int32).cast(pl.Date)).alias(name) for name in dates]
    product = pl.when(pl.col("basis") == Basis.CYCLE.value).then("product_id").alias("product_id")
    return table.with_columns(
        *days, product, pl.col("alive", "expected_minor").fill_nan(None),
        pl.from_epoch("last_order_at", time_unit="us").dt.replace_time_zone("UTC"),
        pl.lit(_EPOCH + timedelta(days=until)).alias("as_on"),
    ).with_columns(pl.col("expected_minor").round().cast(pl.Int64)).drop("has_date")  # fmt: skip


def _values(summary: Summary, models: _Models) -> tuple[Floats, Floats]:
    """The chance of being a customer still, and what the coming year brings; NaN where no model says.

    Who bought once has no chance: to the model nobody leaves before a second purchase, so it would say 1 of everybody.
    """
    nothing = np.full(len(summary.x), np.nan)
    if not models.counting:
        return nothing, nothing
    model, history = models.counting.model, (summary.x, summary.t_x, summary.age)
    alive = np.where(summary.x > 0, model.p_alive(*history), np.nan)
    worth = models.worth.model.expected(summary.x, summary.value) if models.worth else _own_means(summary)
    return alive, model.expected_from(*history, YEAR_WEEKS) * worth


def _spent(purchases: Purchases) -> Floats:
    """What each customer spent in all."""
    return np.add.reduceat(purchases.spend, purchases.offsets[:-1]) if len(purchases.people) else np.zeros(0)


def _valued(purchases: Purchases) -> int:
    """The net spend from which somebody is among the tenth that spent most."""
    return max(round(float(np.quantile(_spent(purchases), VALUED))), 1)


def _own_means(summary: Summary) -> Floats:
    """Without a model of value: each one's own mean, and that of all for who bought once."""
    again = summary.x > 0
    everyone = float((summary.x[again] * summary.value[again]).sum() / summary.x[again].sum())
    return np.where(again, summary.value, everyone)


def _chunks(table: pl.DataFrame) -> Iterator[tuple[int, int, pl.DataFrame]]:
    """Parts by id that leave no id out, so that whoever is in none loses what was predicted before."""
    ids = table["customer_id"].to_list()[::_CHUNK]
    bounds = [0, *ids[1:], 2**62]
    for place in range(len(bounds) - 1):
        yield bounds[place], bounds[place + 1], table[place * _CHUNK : (place + 1) * _CHUNK]


@transaction.atomic
def _keep(chunk: pl.DataFrame, low: int, high: int, at: datetime, currency: str) -> None:
    _lock()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS prediction_row")
        cursor.execute(_ROW)
        with cursor.copy("COPY prediction_row FROM STDIN (FORMAT csv)") as copy:
            copy.write(chunk.write_csv(include_header=False, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ"))
        cursor.execute("ANALYZE prediction_row")
        cursor.execute((SQL / "keep_predictions.sql").read_text(), {"low": low, "high": high})
        kept = [row[0] for row in cursor.fetchall()]
    told = chunk.filter(pl.col("customer_id").is_in(kept)) if len(kept) < len(chunk) else chunk
    set_predicted(_attributes(told, currency), low, high, at)


def _attributes(chunk: pl.DataFrame, currency: str) -> pl.DataFrame:
    """As attributes say it: rounded, so that a night without news changes few of them (two decimals, three digits)."""
    value = (pl.col("expected_minor") / 10 ** digits(currency)).round_sig_figs(3)
    return chunk.select(
        "customer_id",
        pl.col("next_on").dt.to_string("%Y-%m-%d").alias("next_order_on"),
        pl.col("alive").round(2).cast(pl.String).alias("alive_probability"),
        value.cast(pl.Decimal(18, 2)).cast(pl.String).alias("expected_value"),
    )


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _weeks(purchases: Purchases, until: int) -> int:
    return (until - int(purchases.days.min(initial=until)) + 1) // 7


def _tested(purchases: Purchases, until: int, zone: str) -> dict[str, Any] | None:
    weeks = weeks_to_hold(int(purchases.days.min(initial=until)), until)
    if not weeks:
        return None
    cut = until - 7 * weeks
    before = purchases.until(cut)
    cycles = product_cycles(before, time.start_of(_EPOCH + timedelta(days=cut + 1), zone))
    found = back_test(purchases, until, weeks, cycles.days)
    return _plain(found) if found else None


def _plain(found: BackTest) -> dict[str, Any]:
    return asdict(found) | {"cut_on": str(_EPOCH + timedelta(days=found.cut)), "naive_wins": found.naive_wins}


def _told(fit: bg_nbd.Fit | gamma_gamma.Fit | None) -> dict[str, Any] | None:
    return asdict(fit.model) | {"log_likelihood": fit.optimum.log_likelihood} if fit else None
