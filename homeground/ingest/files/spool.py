"""Order lines on their way into whole orders, whose lines may lie anywhere in a file larger than the memory."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

MOST_LINES = 200_000  # About how many lines a parcel has; whole orders only.


class Spool:
    """Lines go to the parcel in which their order was first seen, on disk; 12 bytes an order stay in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = pl.DataFrame(schema={"order": pl.UInt64, "parcel": pl.UInt32})
        self._lines = [0]  # Of each parcel.
        self._files = 0

    def add(self, lines: pl.DataFrame) -> None:
        """Put away checked lines, in the order of the file."""
        if not lines.height:
            return
        current = len(self._lines) - 1
        hashed = lines.with_columns(pl.col("order_no").hash(seed=0).alias("order"))
        placed = hashed.join(self._seen, "order", "left", maintain_order="left").with_columns(
            pl.col("parcel").fill_null(current)
        )
        new = placed.filter(pl.col("parcel") == current).select("order", "parcel").unique("order")
        self._seen = pl.concat([self._seen, new.join(self._seen, "order", "anti")])
        for (parcel,), part in placed.group_by("parcel"):
            self._write(int(parcel), part.drop("order", "parcel"))
        if self._lines[current] >= MOST_LINES:
            self._lines.append(0)

    def parcels(self) -> Iterator[pl.DataFrame]:
        """The lines of whole orders, parcel by parcel, with line_no counted within each order."""
        for parcel in range(len(self._lines)):
            files = sorted(self._folder.glob(f"{parcel}-*.arrow"))
            if files:
                lines = pl.concat([pl.read_ipc(file) for file in files])
                yield lines.with_columns(pl.int_range(1, pl.len() + 1).over("order_no").alias("line_no"))

    def _write(self, parcel: int, lines: pl.DataFrame) -> None:
        lines.write_ipc(self._folder / f"{parcel}-{self._files:08}.arrow")
        self._files += 1
        self._lines[parcel] += lines.height
