"""BG/NBD fitted to CDNOW against `lifetimes` in the same run; and the night's predictions of a brand's customers."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
from django.db import connection

from benchmarks import Result

CDNOW = Path(__file__).parents[2] / "shared/data/cdnow/master.csv.gz"
CALIBRATED = date(1997, 9, 30)
SIZES = (100_000, 1_000_000)  # Customers.
NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
_EPOCH = date(1970, 1, 1)
_PEOPLE = """
INSERT INTO people_customer (name, source, time_zone, relation, created_at)
SELECT '', '', '', 'none', now() FROM generate_series(1, %(size)s);
INSERT INTO commerce_product (sku, name) SELECT n::text, '' FROM generate_series(1, 10) AS n
"""
_LINES = """
INSERT INTO commerce_orderline (order_id, line_no, product_id, quantity, unit_price)
SELECT bought.id, 1, product.id, 1, 10 FROM commerce_order AS bought
JOIN commerce_product AS product ON product.sku = (1 + mod(bought.customer_id, 10))::text
"""
_COPY = """
COPY commerce_order (order_no, kind, customer_id, source, currency, amount_minor, paid_at, content_hash)
FROM STDIN (FORMAT csv)
"""
_BARE = """
CREATE TABLE bench_bare (LIKE insights_prediction INCLUDING ALL);
INSERT INTO bench_bare SELECT * FROM insights_prediction;
CREATE TABLE bench_values (LIKE people_attributevalue INCLUDING ALL);
INSERT INTO bench_values SELECT * FROM people_attributevalue
"""


def bench() -> list[Result]:
    """The fit, where the data and the peer are there; then whole nights at two sizes."""
    return [*_fit(), *(result for size in SIZES for result in _night(size))]


def _fit() -> list[Result]:
    if not CDNOW.exists():
        print(f"fit on CDNOW: skipped, {CDNOW.name} is not beside the checkout", file=sys.stderr)
        return []
    try:
        from lifetimes import BetaGeoFitter
    except ImportError:
        print("fit on CDNOW: skipped, install the dependency group `bench` for lifetimes", file=sys.stderr)
        return []
    from homeground.insights.value import bg_nbd

    summary = _cdnow()
    fitted, peer = bg_nbd.fit(summary), BetaGeoFitter()
    bare = min(_seconds(lambda: peer.fit(summary.x, summary.t_x, summary.age)) for _ in range(3))
    ours = min(_seconds(lambda: bg_nbd.fit(summary)) for _ in range(5))
    # lifetimes reports the likelihood of times that it scaled: both are asked for in ours.
    theirs = bg_nbd.Likelihood(summary).curve(np.array([peer.params_[name] for name in ("r", "alpha", "a", "b")]))[0]
    assert fitted.optimum.converged
    assert f"{fitted.optimum.log_likelihood:.4f}" == f"{theirs:.4f}", (fitted.optimum.log_likelihood, theirs)
    return [Result("BG/NBD fit on CDNOW", len(summary.x), "customers", ours, bare, goal=20.0)]


def _cdnow() -> Any:
    from homeground.insights.value.purchases import purchases_of, summary_of

    orders = pl.read_csv(CDNOW, columns=["customer_id", "date"], try_parse_dates=True)
    days, until = orders["date"].to_physical().to_numpy().astype(np.int64), (CALIBRATED - _EPOCH).days
    return summary_of(purchases_of(orders["customer_id"].to_numpy(), days).until(until), until)


def _night(size: int) -> list[Result]:
    """A first night, and the next with a day's drift, against the bare INSERT of the rows that the first wrote."""
    from homeground.events.stores import open_stores
    from homeground.insights.services import predict

    open_stores()
    _run("TRUNCATE people_customer, commerce_product, commerce_orderline RESTART IDENTITY CASCADE")
    _run("DROP TABLE IF EXISTS bench_bare, bench_values")
    _run(_PEOPLE, size=size)
    _copy(_orders(size))
    _run(_LINES)
    _run("VACUUM ANALYZE")
    with patch("homeground.core.time.now", lambda: NOW):
        first = _seconds(lambda: predict(NOW))
        next_night = _seconds(lambda: predict(NOW + timedelta(days=1)))
    bare = _seconds(lambda: _run(_BARE))
    return [
        Result("predictions, the first night", size, "customers", first, bare, goal=None, at_least=False),
        Result("predictions, each night after", size, "customers", next_night, bare, goal=None, at_least=False),
    ]


def _orders(size: int) -> pl.DataFrame:
    """Two years of customers with the parameters of CDNOW: 1.6 purchases a customer on average."""
    draw = np.random.default_rng(1)
    rate, leaves, worth = draw.gamma(0.25, 1 / 4.5, size), draw.beta(0.8, 2.5, size), draw.gamma(4, 2000, size)
    week, here = draw.uniform(0, 90, size), np.ones(size, bool)
    who, when = [np.arange(size)], [week]
    while here.any():
        week = week + draw.exponential(1 / np.maximum(rate, 1e-9))
        here = here & (week < 104)
        who.append(np.flatnonzero(here))
        when.append(week[here])
        here = here & (draw.uniform(size=size) >= leaves)
    person, hour = np.concatenate(who), np.round(np.concatenate(when) * 168).astype(np.int64)
    return pl.DataFrame({"customer_id": person + 1, "hour": hour, "spend": worth[person]}).select(
        pl.row_index().cast(pl.String).alias("order_no"), pl.lit("sale"), "customer_id",
        pl.lit("bench").alias("source"), pl.lit("CNY").alias("currency"), pl.col("spend").cast(pl.Int64),
        (pl.lit(NOW - timedelta(weeks=104)) + pl.duration(hours="hour")).alias("paid_at"), pl.lit("").alias("hash"),
    )  # fmt: skip


def _copy(orders: pl.DataFrame) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(orders.write_csv(include_header=False, datetime_format="%Y-%m-%dT%H:%M:%SZ"))


def _run(sql: str, **params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)


def _seconds(work: Any) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started
