"""Customers out, as a file; who took them is kept."""

import csv
import os
from pathlib import Path

from django.db import connection, transaction

from homeground.ingest.errors import UnreadableFile
from homeground.ingest.files.rejects import safe_cell
from homeground.ingest.models import CustomerExport

SQL = Path(__file__).parent.parent / "sql"
COLUMNS = [
    "customer_id", "name", "relation", "source", "created_at", "phone", "email", "member_no", "other_identities",
    "tags", "attributes",
]  # fmt: skip


def export_customers(path: Path, by: str) -> int:
    """Write every living customer to a CSV file, whole or not at all. Returns how many.

    Streams; no cell can run as a formula. Raises UnreadableFile when the file cannot be written.
    """
    beside = path.with_name(path.name + ".part")
    try:
        with transaction.atomic():
            count = _write(beside)
            CustomerExport.objects.create(file_name=path.name[:255], customers=count, exported_by=by[:150])
            beside.replace(path)
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
    return count


def _write(path: Path) -> int:
    count = 0
    private = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(private, "w", encoding="utf-8-sig", newline="") as file, connection.cursor() as cursor:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        with cursor.copy((SQL / "customers.sql").read_text()) as copy:
            for row in copy.rows():
                writer.writerow([safe_cell(cell or "") for cell in row])
                count += 1
    return count
