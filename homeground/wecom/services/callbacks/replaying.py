"""重放: a person has callbacks handled again; what they did already does not happen twice."""

from django.db import connection, transaction
from django.db.models import QuerySet

from homeground.core import time
from homeground.wecom.errors import CallbackNotWaiting
from homeground.wecom.models import Callback


def replay(callback_id: int) -> None:
    """Have one callback handled again, whatever became of it. Raises CallbackNotWaiting when there is none."""
    if not _again(Callback.objects.filter(pk=callback_id, is_known=True)):
        raise CallbackNotWaiting


def replay_failed() -> int:
    """Have all failed ones, and those that wait for their next try, handled now. Returns how many."""
    waiting = Callback.objects.filter(state=Callback.State.WAITING, attempts__gt=0, error__gt="")
    return _again(Callback.objects.filter(state=Callback.State.FAILED)) + _again(waiting)


@transaction.atomic
def _again(found: QuerySet[Callback]) -> int:
    count = found.update(state=Callback.State.WAITING, attempts=0, try_at=time.now(), handled_at=None, error="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('wecom_callback', '')")
    return count
