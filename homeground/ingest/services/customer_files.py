"""Customer files: identities, attributes, tags and consents. For a consent the file and the line are the proof."""

from typing import Any

from homeground.ingest.files.checking import checked, checks_of
from homeground.ingest.files.presets import NEEDED
from homeground.ingest.files.reading import Reading
from homeground.ingest.files.rejects import RejectsFile
from homeground.ingest.files.tables import LINE, Table
from homeground.people.services import UpsertedCustomers, upsert_customers

_ROWS = 10_000  # A transaction.


def take(table: Table, reading: Reading, rejects: RejectsFile, source: str) -> dict[str, Any]:
    """Take customers in, some thousands a transaction."""
    checks, total = checks_of(reading), UpsertedCustomers()
    for piece in table.pieces:
        rows, bad = checked(piece, reading, checks, NEEDED["customers"], one_of=reading.identities)
        rejects.write(bad)
        for part in rows.rename({LINE: "proof_line"}).iter_slices(_ROWS):
            total += upsert_customers(part, source=source, proof={"file": source.removeprefix("file:")})
    return _result(total, rejects.count)


def _result(total: UpsertedCustomers, rejected: int) -> dict[str, Any]:
    return {
        "rows": total.rows + rejected,
        "accepted": total.rows,
        "rejected": rejected,
        "customers": len(total.customer_ids),
        "new": {"customers": total.new},
        "updated": total.updated,
    }
