"""Faults on purpose: what the next calls of an API meet."""

from django.db import connection

from homeground.sandbox.models import Fault

_TAKE = """
    UPDATE sandbox_fault SET times_left = times_left - 1
    WHERE id = (
        SELECT id FROM sandbox_fault WHERE times_left > 0 AND api IN (%s, '') ORDER BY api DESC, id LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING kind, errcode, seconds
"""


def plant(kind: str, api: str = "", *, times: int = 1, errcode: int = -1, seconds: int = 15) -> Fault:
    """Let the next calls of an API ("": of any) go wrong, so many times."""
    kind = Fault.Kind(kind)
    return Fault.objects.create(api=api, kind=kind, errcode=errcode, seconds=seconds, times_left=times)


def clear() -> None:
    """Take every fault out."""
    Fault.objects.all().delete()


def take(api: str) -> Fault | None:
    """The fault that this call meets, used up by it: its own API's first, then one for any."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [api])
        row = cursor.fetchone()
    return Fault(api=api, kind=row[0], errcode=row[1], seconds=row[2]) if row else None
