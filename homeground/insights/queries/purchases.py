"""The brand's orders as purchases, in columns."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from homeground.insights.queries.people import copied
from homeground.insights.value.dates import Cycles
from homeground.insights.value.purchases import Ints, Purchases, purchases_of
from homeground.people.queries import brand

SQL = Path(__file__).parent.parent / "sql"
LEAST_GAPS, LEAST_BUYERS = 30, 20  # Of a product, before its cycle says anything.
_PURCHASES = {"person": pl.Int64, "day": pl.Int64, "orders": pl.Int64, "spend": pl.Int64, "last_at": pl.Int64}
_CYCLES = {"person": pl.Int64, "product": pl.Int64, "low": pl.Float64, "middle": pl.Float64, "high": pl.Float64}


@dataclass(frozen=True)
class Bought:
    """What everybody bought. last_at: of each person's newest order, microseconds since 1970."""

    purchases: Purchases
    last_at: Ints


@dataclass(frozen=True)
class ProductCycles:
    """By customer: the product whose cycle counts (0: none), and its days."""

    product: Ints
    days: Cycles


def bought(at: datetime) -> Bought:
    """Purchases up to a moment, by day of the brand's zone; spend in minor units, net of refunds.

    An order given back whole is no purchase. A refund that names no order lowers all of the person's spend alike; who
    gave back all of it is left out.
    """
    ground = brand()
    days = _rows("purchases.sql", _PURCHASES, zone=ground.time_zone, currency=ground.currency, at=at)
    loose = _rows("loose_refunds.sql", {"person": pl.Int64, "amount": pl.Int64}, currency=ground.currency, at=at)
    people = days.group_by("person").agg(
        pl.col("last_at").max(), pl.col("spend").sum().alias("total"), pl.col("orders").sum()
    )
    people = people.join(loose, on="person", how="left").with_columns(pl.col("amount").fill_null(0))
    people = people.filter(pl.col("orders") > 0, (pl.col("amount") == 0) | (pl.col("amount") < pl.col("total")))
    share = (1 - pl.col("amount") / pl.max_horizontal("total", 1)).alias("share")
    people = people.with_columns(share).sort("person")
    kept = days.filter(pl.col("orders") > 0).join(people.select("person", "share"), on="person")
    spend = (kept["spend"] * kept["share"]).to_numpy()
    return Bought(purchases_of(kept["person"].to_numpy(), kept["day"].to_numpy(), spend), people["last_at"].to_numpy())


def product_cycles(purchases: Purchases, at: datetime) -> ProductCycles:
    """The cycle of the product that each customer of `purchases` bought last, as of a moment."""
    limits = {"least_gaps": LEAST_GAPS, "least_buyers": LEAST_BUYERS}
    found = _rows("product_cycles.sql", _CYCLES, zone=brand().time_zone, at=at, **limits)
    joined = pl.DataFrame({"person": purchases.people}).join(found, on="person", how="left", maintain_order="left")
    low, middle, high = (joined[name].fill_null(np.nan).to_numpy() for name in ("low", "middle", "high"))
    return ProductCycles(joined["product"].fill_null(0).to_numpy(), Cycles(low, middle, high))


def _rows(name: str, columns: dict[str, Any], **params: Any) -> pl.DataFrame:
    return copied((SQL / name).read_text(), columns, **params)
