"""Order files: lines anywhere in the file become whole orders."""

import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from homeground.commerce.services import ImportedOrders, import_orders
from homeground.core.env import env
from homeground.ingest.files.checking import checked, checks_of
from homeground.ingest.files.presets import NEEDED
from homeground.ingest.files.reading import Reading
from homeground.ingest.files.rejects import RejectsFile
from homeground.ingest.files.spool import Spool
from homeground.ingest.files.tables import LINE, Table
from homeground.people.services import upsert_customers


def take(table: Table, reading: Reading, rejects: RejectsFile, source: str) -> dict[str, Any]:
    """Take order lines in; a number's lines in one transaction, many numbers in each."""
    checks = checks_of(reading)
    with tempfile.TemporaryDirectory(dir=env.folder, prefix="import-") as folder:
        spool = Spool(Path(folder))
        for piece in table.pieces:
            lines, bad = checked(piece, reading, checks, NEEDED["orders"])
            rejects.write(bad)
            spool.add(_with_kinds(lines, reading))
        total = ImportedOrders()
        for parcel in spool.parcels():
            total += import_orders(parcel.drop(LINE), source=source, currency=reading.currency)
            _keep_countries(parcel, reading, source)
    return _result(total, rejects.count)


def _with_kinds(lines: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Order numbers of some files say by their first letter what they are."""
    if not reading.order_kinds:
        return lines
    letter = pl.col("order_no").str.slice(0, 1)
    return lines.with_columns(
        letter.replace_strict(reading.order_kinds, default=None, return_dtype=pl.String).alias("kind")
    )


def _keep_countries(lines: pl.DataFrame, reading: Reading, source: str) -> None:
    """Where an order's customer lives, as the latest order says it."""
    if "country" not in lines.columns or not reading.identities:
        return
    known = lines.filter(pl.col("country").is_not_null() & pl.any_horizontal(pl.col(reading.identities).is_not_null()))
    newest = known.sort("at").group_by(reading.identities, maintain_order=True).last()
    upsert_customers(newest.select(*reading.identities, "country"), source=source, at=max(lines["at"]))


def _result(total: ImportedOrders, rejected: int) -> dict[str, Any]:
    return {
        "rows": total.rows + rejected,
        "accepted": total.rows,
        "rejected": rejected,
        "orders": total.orders,
        "refunds": total.refunds,
        "customers": len(total.customer_ids),
        "guest_orders": total.guest_orders,
        "line_total": format(total.line_total, "f"),
        "new": {"orders": total.new_orders, "refunds": total.new_refunds, "customers": total.new_customers},
    }
