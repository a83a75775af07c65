"""From the platform to us."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.people import services as people

_IN_STEP = "UPDATE wecom_followtag SET is_in_step = true WHERE id = ANY(%s::bigint[])"
_SQL = Path(__file__).parents[2] / "sql" / "tags"
_TAKE_OFF, _PUT_ON, _GONE, _NEW = (
    (_SQL / f"{name}.sql").read_text() for name in ("take_off_given", "put_on_given", "gone", "new")
)


def keep_given(cursor: Any) -> None:
    """Make the tags of the follows in wecom_given what the platform shows; ours go where the platform's went."""
    cursor.execute(_TAKE_OFF)
    gone = cursor.fetchall()
    cursor.execute(_PUT_ON)
    if gone:
        _untag(cursor, gone)


@transaction.atomic
def bring_in(external_userids: Sequence[str] | None = None) -> int:
    """Put our tags on whom the corp's were put on since. Returns how many. None: whoever it is.

    A repeat changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEW, {"external_userids": None if external_userids is None else list(external_userids)})
        found = cursor.fetchall()
        put = sum(people.tag(customers, name, "import", "wecom") for name, customers, _rows in found)
        cursor.execute(_IN_STEP, [[row for _name, _customers, rows in found for row in rows]])
    return put


def _untag(cursor: Any, gone: Sequence[tuple[int, int]]) -> None:
    """Take our tag off those who have the corp's from no other member."""
    cursor.execute(_GONE, [list(column) for column in zip(*gone, strict=True)])
    by_name: dict[str, list[int]] = defaultdict(list)
    for customer, name in cursor.fetchall():
        by_name[name].append(customer)
    for name, customers in by_name.items():
        people.untag(customers, name)
