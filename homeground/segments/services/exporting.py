"""Lists that leave the house: CSV that cannot run as formulas, and a record of who took it."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from homeground.people.models import Customer
from homeground.segments.models import Export, Segment
from homeground.segments.queries import members

_CHUNK = 5_000
_COLUMNS = ["customer_id", "name", "source", "relation", "created_at"]


def record_export(segment: Segment, by: str) -> Export:
    """Note who takes the newest generation away. Call it before the first line goes out."""
    return Export.objects.create(
        segment=segment, generation=segment.generation, customers=segment.customers, exported_by=by
    )


def export_lines(segment: Segment) -> Iterator[str]:
    """The newest generation as CSV, a line a customer, by customer id; names as they are, no numbers or addresses."""
    yield _line(_COLUMNS)
    waiting = iter(members(segment))
    while ids := list(islice(waiting, _CHUNK)):
        rows = Customer.objects.filter(pk__in=ids).order_by("pk")
        for pk, name, source, relation, created_at in rows.values_list("pk", *_COLUMNS[1:]):
            yield _line([str(pk), name, source, relation, created_at.isoformat()])


def safe(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) else cell


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return buffer.getvalue()
