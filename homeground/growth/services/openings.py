"""入口打开: phones that opened a door's page."""

from datetime import datetime

from django.db import connection, transaction

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.growth import DoorOpened
from homeground.growth.models import Door
from homeground.people.queries import brand

_COUNT = """
INSERT INTO growth_dooropening AS known (door_id, day, opened) VALUES (%s, %s, 1)
ON CONFLICT (door_id, day) DO UPDATE SET opened = known.opened + 1
"""


@transaction.atomic
def count_opening(door: Door, at: datetime | None = None) -> None:
    """Count one phone that opened the door's page, and tell the stream. Who it is, nobody knows yet."""
    now = at or time.now()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [door.pk, time.day_of(now, brand().time_zone)])
    events.record(DoorOpened(door_id=door.pk, source_id=door.source_id, happened_at=now))
