"""Files as people bring them."""

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from homeground.ingest.files.reading import Wish
from homeground.ingest.services.imports import import_file

ORDERS = "order_no,sku,product_name,quantity,unit_price,at,member_no\n"


def write(folder: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def zipped(folder: Path, text: str) -> Path:
    return write(folder, gzip.compress(text.encode()), "file.csv.gz")


def sheet(folder: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(folder / "file.xlsx")
    return folder / "file.xlsx"


def take(path: Path, kind: str = "orders", **wish: Any) -> dict[str, Any]:
    dry_run = wish.pop("dry_run", False)
    return import_file(path, Wish(kind, **{"currency": "CNY", "time_zone": "Asia/Shanghai"} | wish), dry_run=dry_run)
