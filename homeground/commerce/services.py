"""Orders in: whole files at once, every number once, every change told once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection, transaction

from homeground.commerce.errors import MissingColumn
from homeground.core.money import digits
from homeground.events import services as events
from homeground.events.catalog.commerce import OrderChanged, OrderPaid, OrderRefunded
from homeground.events.facts import Fact
from homeground.people.identities import STRENGTH
from homeground.people.services import Sighting, find_customers, lock_identities

SQL = Path(__file__).parent / "sql"
_LOCK = 0x6F726465  # "orde": one import of orders at a time.
_COLUMNS = [
    "order_no",
    "line_no",
    "sku",
    "product_name",
    "quantity",
    "unit_price",
    "at",
    "kind",
    "refund_of",
    "customer_id",
]
_OPTIONAL = {"product_name", "kind", "refund_of"}
_TABLE = """
DROP TABLE IF EXISTS pg_temp.reported_line, pg_temp.reported;
CREATE TEMP TABLE reported_line (
    order_no text, line_no integer, sku text, product_name text, quantity integer, unit_price numeric(18, 6),
    at timestamptz, kind text, refund_of text, customer_id bigint
) ON COMMIT DROP
"""


@dataclass(frozen=True)
class ImportedOrders:
    """What a report held, and what of it was not there before. Two of them add up to one."""

    rows: int = 0
    orders: int = 0  # Adjustments among them.
    refunds: int = 0
    adjustments: int = 0
    guest_orders: int = 0  # Sales without a customer.
    customer_ids: frozenset[int] = frozenset()
    line_total: Decimal = Decimal(0)  # Exact sum of quantity x unit price over all lines, major unit.
    new_orders: int = 0
    new_refunds: int = 0
    new_customers: int = 0
    changed: int = 0  # Orders and refunds reported otherwise than before.

    def __add__(self, other: "ImportedOrders") -> "ImportedOrders":
        return ImportedOrders(
            **{
                name: value | getattr(other, name) if isinstance(value, frozenset) else value + getattr(other, name)
                for name, value in vars(self).items()
            }
        )


@dataclass(frozen=True)
class _Written:
    """One order or refund that was written, and what was known of it before."""

    id: int
    number: str
    kind: str
    customer_id: int | None
    amount_minor: int
    at: datetime
    items: int
    skus: list[str]
    refunded_order_no: str | None
    is_changed: bool
    old_kind: str | None
    old_customer_id: int | None
    old_amount_minor: int | None
    old_currency: str | None


@transaction.atomic
def import_orders(lines: pl.DataFrame, *, source: str, currency: str) -> ImportedOrders:
    """Take reported order lines in; all lines of a number must come in one call.

    lines: order_no, line_no, sku, quantity, unit_price (decimal, major unit), at (UTC); where the report has them:
        product_name, kind (sale, refund or adjustment; else the quantity's sign says), refund_of (the order that a
        refund belongs to), and identities by kind (phone, email …). A line without any identity is a guest's.
    A number reported again with the same content changes nothing. With other content the row and its lines are
    replaced and commerce.order_changed tells by how much; commerce.order_paid is told once for each number. A refund
    stays until it is reported otherwise. Raises MissingColumn, with nothing written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    known, new_customers = _with_customers(_checked(lines), source)
    _load(known)
    _make_products(known)
    _group(currency)
    orders, refunds = _write("orders", source, currency), _write("refunds", source, currency)
    events.record(*_facts([*orders, *refunds], source, currency))
    return _summary(orders, refunds, new_customers)


def _checked(lines: pl.DataFrame) -> pl.DataFrame:
    for column in _COLUMNS:
        if column not in lines.columns and column not in _OPTIONAL | {"customer_id"}:
            raise MissingColumn(column)
    return lines.with_columns(pl.lit(None, pl.String).alias(name) for name in _OPTIONAL if name not in lines.columns)


def _with_customers(lines: pl.DataFrame, source: str) -> tuple[pl.DataFrame, int]:
    """The lines with customer_id, and how many customers were made."""
    kinds = [kind for kind in STRENGTH if kind in lines.columns]
    if not kinds:
        return lines.with_columns(pl.lit(None, pl.Int64).alias("customer_id")), 0
    people = (
        lines.filter(pl.any_horizontal(pl.col(kinds).is_not_null())).group_by(kinds).agg(pl.col("at").min()).sort("at")
    )
    lock_identities()  # So that whoever is new is ours.
    before = _newest_customer()
    found = find_customers([_sighting(row, kinds, source) for row in people.iter_rows(named=True)])
    found_people = people.drop("at").with_columns(pl.Series("customer_id", found, pl.Int64))
    made = len({customer for customer in found if customer and customer > before})
    return lines.join(found_people, on=kinds, how="left", nulls_equal=True, maintain_order="left"), made


def _sighting(row: dict[str, Any], kinds: Sequence[str], source: str) -> Sighting:
    return Sighting([(kind, row[kind]) for kind in kinds if row[kind]], row["at"], source)


def _load(lines: pl.DataFrame) -> None:
    rows = lines.select(_COLUMNS).write_csv(include_header=False, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy(f"COPY reported_line ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(rows)


def _make_products(lines: pl.DataFrame) -> None:
    """Products by SKU. A name is taken once, the most frequent among what was sold."""
    named = pl.col("product_name").filter(pl.col("product_name").str.len_chars() > 0, pl.col("quantity") > 0)
    products = lines.group_by("sku").agg(named.mode().sort().first().fill_null("").str.head(255)).sort("sku")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO commerce_product AS known (sku, name) SELECT * FROM unnest(%s::text[], %s::text[])"
            " ON CONFLICT (sku) DO UPDATE SET name = excluded.name WHERE known.name = '' AND excluded.name <> ''",
            [products["sku"].to_list(), products["product_name"].to_list()],
        )


def _group(currency: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reported_line")
        cursor.execute((SQL / "reported.sql").read_text(), {"factor": 10 ** digits(currency), "currency": currency})
        cursor.execute("ANALYZE reported")


def _write(what: str, source: str, currency: str) -> list[_Written]:
    """Write one kind of document with its lines; gives those that are new or changed."""
    with connection.cursor() as cursor:
        cursor.execute((SQL / f"{what}.sql").read_text(), {"source": source[:60], "currency": currency})
        written = [_Written(*row) for row in cursor.fetchall()]
        single = what.removesuffix("s")
        changed = [row.id for row in written if row.is_changed]
        cursor.execute(f"DELETE FROM commerce_{single}line WHERE {single}_id = ANY(%s::bigint[])", [changed])
        cursor.execute((SQL / f"{single}_lines.sql").read_text(), {"ids": [row.id for row in written]})
    return written


def _facts(written: Iterable[_Written], source: str, currency: str) -> Iterator[Fact]:
    for row in written:
        if row.is_changed:
            yield from _corrections(row, source, currency)
        elif row.kind == "sale":
            yield OrderPaid(
                customer_id=row.customer_id, happened_at=row.at, cause=f"order:{row.number}", source=source,
                order_no=row.number, amount_minor=row.amount_minor, currency=currency, items=row.items, skus=row.skus,
            )  # fmt: skip
        elif row.kind == "refund":
            yield OrderRefunded(
                customer_id=row.customer_id, happened_at=row.at, cause=f"refund:{row.number}", source=source,
                refund_no=row.number, order_no=row.refunded_order_no, amount_minor=row.amount_minor, currency=currency,
                skus=row.skus,
            )  # fmt: skip


def _corrections(row: _Written, source: str, currency: str) -> Iterator[Fact]:
    """What a new report takes from the old customer's spend, and gives to the new one's."""
    old, new = _spend(row.old_kind, row.old_amount_minor), _spend(row.kind, row.amount_minor)
    if (row.old_customer_id, row.old_currency) == (row.customer_id, currency):
        moves = [(row.customer_id, new - old, currency)]
    else:
        moves = [(row.old_customer_id, -old, row.old_currency or currency), (row.customer_id, new, currency)]
    for customer, amount, money in moves:
        yield OrderChanged(
            customer_id=customer, happened_at=row.at, source=source, order_no=row.number, amount_minor=amount,
            currency=money, is_refund=row.kind == "refund",
        )  # fmt: skip


def _spend(kind: str | None, amount_minor: int | None) -> int:
    """What a document adds to net spend."""
    return {"sale": 1, "refund": -1}.get(kind or "", 0) * (amount_minor or 0)


def _summary(orders: Sequence[_Written], refunds: Sequence[_Written], new_customers: int) -> ImportedOrders:
    with connection.cursor() as cursor:
        cursor.execute((SQL / "report_counts.sql").read_text())
        rows, orders_held, refunds_held, adjustments, guests, customers, line_total = cursor.fetchone()
    return ImportedOrders(
        rows=rows,
        orders=orders_held,
        refunds=refunds_held,
        adjustments=adjustments,
        guest_orders=guests,
        customer_ids=frozenset(customers),
        line_total=line_total,
        new_orders=sum(not row.is_changed for row in orders),
        new_refunds=sum(not row.is_changed for row in refunds),
        new_customers=new_customers,
        changed=sum(row.is_changed for row in [*orders, *refunds]),
    )


def _newest_customer() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM people_customer")
        return int(cursor.fetchone()[0])
