"""Old callbacks go: what they changed stands in the tables, and who knows what they said of a customer is limited."""

from datetime import datetime, timedelta

from django.db import connection

from homeground.core import time

KEPT_FOR = timedelta(days=90)
_BATCH = 10_000
_FORGET = """
DELETE FROM wecom_callback WHERE id IN (
    SELECT id FROM wecom_callback WHERE received_at < %(before)s AND state = 'handled'
    ORDER BY received_at LIMIT %(most)s
)
"""


def forget_old(at: datetime | None = None) -> int:
    """Drop those that were handled and came more than 90 days ago; what waits or failed stays. Returns how many."""
    before, gone = (at or time.now()) - KEPT_FOR, 0
    while batch := _forget(before):
        gone += batch
    return gone


def _forget(before: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"before": before, "most": _BATCH})
        return int(cursor.rowcount)
