"""Event files: a row an event; columns that are no field become properties."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from homeground.core import time
from homeground.events.services import Incoming, key_of, receive
from homeground.ingest.files.checking import checked, checks_of
from homeground.ingest.files.presets import NEEDED
from homeground.ingest.files.reading import Reading
from homeground.ingest.files.rejects import Reject, RejectsFile
from homeground.ingest.files.tables import LINE, Piece, Table
from homeground.ingest.protocols import values
from homeground.ingest.protocols.problems import Unfit

_ROWS = 5_000  # A transaction.


def take(table: Table, reading: Reading, rejects: RejectsFile, source: str) -> dict[str, Any]:
    """Take events in, some thousands a transaction."""
    checks, accepted, new = checks_of(reading), 0, 0
    others = [name for name in table.columns if name not in reading.columns.values()]
    for piece in table.pieces:
        rows, unfit = checked(piece, reading, checks, NEEDED["events"], one_of=reading.identities)
        rejects.write(unfit)
        for part in _with_properties(rows, piece, others).iter_slices(_ROWS):
            bad: list[tuple[int, Unfit]] = []
            events = list(_readable(part, reading.identities, others, source, bad))
            rejects.write(_with_cells(bad, piece))
            with transaction.atomic():
                new += receive(events)
            accepted += len(events)
    return {
        "rows": accepted + rejects.count,
        "accepted": accepted,
        "rejected": rejects.count,
        "events": accepted,
        "new": {"events": new},
    }


def _with_properties(rows: pl.DataFrame, piece: Piece, others: Sequence[str]) -> pl.DataFrame:
    """The checked rows and, under their place, the cells that are properties."""
    cells = piece.rows.select(LINE, *(pl.col(name).alias(_place(at)) for at, name in enumerate(others)))
    return rows.join(cells, LINE, "left", maintain_order="left")


def _readable(
    rows: pl.DataFrame, kinds: Sequence[str], others: Sequence[str], source: str, bad: list[tuple[int, Unfit]]
) -> Iterator[Incoming]:
    now = time.now()
    for row in rows.iter_rows(named=True):
        properties = {name: cell for at, name in enumerate(others) if (cell := row[_place(at)])}
        try:
            yield _event(row, kinds, properties, source, now)
        except Unfit as problem:
            bad.append((row[LINE], problem))


def _with_cells(bad: Sequence[tuple[int, Unfit]], piece: Piece) -> Iterator[Reject]:
    for line, problem in bad:
        yield Reject(line, problem.message, piece.rows.filter(pl.col(LINE) == line).drop(LINE).row(0))


def _event(
    row: Mapping[str, Any], kinds: Sequence[str], properties: dict[str, str], source: str, now: datetime
) -> Incoming:
    at = row.get("at")
    identities = [(kind, row[kind]) for kind in kinds if row[kind]]
    known_by = row.get("id") or values.digest(
        {"name": row["name"], "at": at and at.isoformat(), "identities": identities, "properties": properties}
    )
    return Incoming(
        name=values.event_name(row["name"]),
        key=key_of("file", known_by),
        # Without a time the day must not depend on when the file is imported, or a second import would add all again.
        stated_at=at or datetime.fromtimestamp(0, now.tzinfo),
        happened_at=at or now,
        source=source,
        identities=identities,
        properties=values.written(properties),
    )


def _place(at: int) -> str:
    return f"\x00{at}"
