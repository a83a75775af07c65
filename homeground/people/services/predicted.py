"""预测: attributes that are computed, not told, by sets; withdrawn when they no longer hold."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection, transaction

from homeground.core import time
from homeground.people.models import Attribute
from homeground.people.queries import survivors
from homeground.people.services.attributes import declare_attributes

SQL = Path(__file__).parent.parent / "sql"
SOURCE = "predicted"
NEXT_ORDER_ON, ALIVE_PROBABILITY, EXPECTED_VALUE = "next_order_on", "alive_probability", "expected_value"
PREDICTED = [
    (NEXT_ORDER_ON, "预计下次购买", Attribute.Kind.DATE),
    (ALIVE_PROBABILITY, "活跃概率", Attribute.Kind.NUMBER),
    (EXPECTED_VALUE, "未来一年预期消费", Attribute.Kind.NUMBER),
]
_KEYS = [key for key, _label, _kind in PREDICTED]


def declare_predicted() -> None:
    """Have the predicted attributes in the dictionary, so that rules can name them before the first prediction."""
    declare_attributes((key, label, kind.value) for key, label, kind in PREDICTED)


@transaction.atomic
def set_predicted(table: pl.DataFrame, low: int, high: int, at: datetime | None = None) -> int:
    """Have exactly these predictions of the customers with low <= id < high: what was predicted before goes.

    table: customer_id (survivors), and a column of text for each of next_order_on (YYYY-MM-DD), alive_probability (0-1)
    and expected_value (major unit); null where there is none. A repeat changes nothing. Returns how many changed.
    """
    declare_predicted()
    rows = table.unpivot(_KEYS, index="customer_id", variable_name="key").drop_nulls("value")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS predicted_row")
        cursor.execute("CREATE TEMP TABLE predicted_row (customer_id bigint, key text, value text) ON COMMIT DROP")
        with cursor.copy("COPY predicted_row FROM STDIN (FORMAT csv)") as copy:
            copy.write(rows.select("customer_id", "key", "value").write_csv(include_header=False))
        cursor.execute("ANALYZE predicted_row")
        params: dict[str, Any] = {"keys": _KEYS, "source": SOURCE, "at": at or time.now(), "low": low, "high": high}
        cursor.execute((SQL / "set_predicted.sql").read_text(), params)
        return int(cursor.fetchone()[0])


@transaction.atomic
def withdraw_predicted(customer_ids: Iterable[int]) -> int:
    """Take every prediction off the persons of these customers. Returns how many had one; a repeat finds none."""
    roots = sorted(set(survivors(customer_ids).values()))
    if not roots:
        return 0
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"keys": _KEYS, "source": SOURCE, "roots": roots}
        cursor.execute((SQL / "withdraw_predicted.sql").read_text(), params)
        return int(cursor.fetchone()[0])
