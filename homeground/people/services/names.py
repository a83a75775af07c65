"""称呼: the name on screen, the newest that anyone said of a person."""

from collections.abc import Iterable
from pathlib import Path

from django.db import connection

_SQL = (Path(__file__).parent.parent / "sql" / "newest_names.sql").read_text()


def show_newest_names(customer_ids: Iterable[int]) -> None:
    """Bring Customer.name of these persons in step with what was said of them. A repeat changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"ids": sorted(set(customer_ids))})
