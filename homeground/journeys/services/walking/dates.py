"""Dates of customers, as their attributes say."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from django.db import connection

SQL = Path(__file__).parent.parent.parent / "sql" / "walking"
_DATES = (SQL / "dates.sql").read_text()


def days_of(attribute: str, customer_ids: Sequence[int]) -> dict[int, date]:
    """The date that each of these persons (survivors) has; those who have none are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_DATES, {"key": attribute, "ids": list(customer_ids)})
        rows = cursor.fetchall()
    found = {}
    for customer, text in rows:
        with suppress(ValueError):
            found[customer] = date.fromisoformat(text)
    return found
