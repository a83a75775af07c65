"""Moving the stream to another PostgreSQL cluster: its transactions are counted from the start again, so every position
of the dump lies ahead of all that will come, and new events would never be carried."""

from django.db import connection, transaction

from homeground.events.batches import SQL, handled_up_to, position
from homeground.events.models import HandlerProgress, StreamBatch

_ALL = 2**62  # An id above every event's.
_DONE, _UNDER_WAY = 3, 4  # Transactions before every one of a live cluster.


def is_ahead() -> bool:
    """Whether the stream bears transactions that this cluster has not counted yet: it came from another one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(%s::text::xid8, (SELECT xid FROM stream_event ORDER BY xid DESC LIMIT 1))"
            " >= pg_snapshot_xmax(pg_current_snapshot())",
            [position()[0]],
        )
        return bool(cursor.fetchone()[0])


def rebase_if_ahead() -> None:
    """Mend a stream that came from another cluster. Otherwise it changes nothing."""
    if is_ahead():
        rebase()


@transaction.atomic
def rebase() -> None:
    """Give every event a position that this cluster can go on from; nothing is carried twice or left out.

    Handlers of a batch under way begin it again: they are called at least once.
    """
    done, newest = handled_up_to(), position()
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE stream_event IN EXCLUSIVE MODE")
        cursor.execute(
            (SQL / "rebase.sql").read_text(),
            {"done_xid": done[0], "done_id": done[1], "newest_xid": newest[0], "newest_id": newest[1]},
        )
    _move_batches()


def _move_batches() -> None:
    newest = StreamBatch.objects.order_by("-id").first()
    if not newest:
        return
    StreamBatch.objects.exclude(id=newest.id).delete()
    HandlerProgress.objects.filter(batch=newest).exclude(batch__state=StreamBatch.State.HANDLED).delete()
    handled = newest.state == StreamBatch.State.HANDLED
    newest.from_xid, newest.from_id = (0, 0) if handled else (_DONE, _ALL)
    newest.to_xid, newest.to_id = (_DONE if handled else _UNDER_WAY, _ALL)
    newest.save()
