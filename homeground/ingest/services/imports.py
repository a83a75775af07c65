"""Files in: read, checked, handed to the rooms that own what they say. The same file again changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

from homeground.ingest.files.reading import Wish, settled
from homeground.ingest.files.rejects import RejectsFile
from homeground.ingest.files.tables import Table, opened
from homeground.ingest.services import customer_files, event_files, order_files

Progress = Callable[[int, float], None]  # Rows so far; the share of the file that is read, 0 to 1.
_KINDS = {"orders": order_files.take, "customers": customer_files.take, "events": event_files.take}


def import_file(path: Path, wish: Wish, *, dry_run: bool = False, progress: Progress | None = None) -> dict[str, Any]:
    """Take a file in. Returns what it holds and, under "new", what was not there before.

    Rows that cannot be taken go to FILE.rejects.csv with line and reason; the good ones go in. A dry run does it all
    and takes it back, but for the rejects file. Raises a refusal, with nothing done, when the file, a column, the
    currency or the zone is not what the wish says.
    """
    with opened(path) as table, RejectsFile(path, table.columns) as rejects:
        reading = settled(wish, table.columns)
        with _taken_back(dry_run):
            result = _KINDS[wish.kind](_reported(table, progress), reading, rejects, f"file:{path.name}"[:60])
    return result | {"rejects_file": str(rejects.path) if rejects.path else None}


def preview(path: Path, rows: int = 5) -> tuple[list[str], list[list[str]]]:
    """The columns and the first rows, as text. Raises UnreadableFile."""
    with opened(path) as table:
        piece = next(table.pieces)
        shown = piece.rows.select(table.columns).head(rows)
        return table.columns, [list(row) for row in shown.iter_rows()]


def _reported(table: Table, progress: Progress | None) -> Table:
    if not progress:
        return table

    def pieces() -> Iterator[Any]:
        rows = 0
        for piece in table.pieces:
            yield piece
            rows += piece.rows.height + len(piece.rejects)
            progress(rows, piece.done)

    return Table(table.columns, table.header, pieces())


@contextmanager
def _taken_back(dry_run: bool) -> Iterator[None]:
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
