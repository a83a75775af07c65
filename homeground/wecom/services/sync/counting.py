"""How far a run has come, for whoever watches."""

from django.db import connection

from homeground.core import time
from homeground.wecom.models import SyncRun

_ADD = """
UPDATE wecom_syncrun SET written_at = %(at)s, counts = counts || (
    SELECT jsonb_object_agg(said.name, coalesce((counts ->> said.name)::bigint, 0) + said.value)
    FROM unnest(%(names)s::text[], %(values)s::bigint[]) AS said(name, value)
)
WHERE id = %(run)s
"""


def count(run: SyncRun, **more: int) -> None:
    """Add to a run's counts, in the transaction that wrote what is counted."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, {"run": run.pk, "at": time.now(), "names": list(more), "values": list(more.values())})
