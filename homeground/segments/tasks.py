"""What segments do by the clock."""

import logging
from zlib import crc32

from procrastinate.contrib.django import app

from homeground.core.errors import BusinessError
from homeground.segments import services
from homeground.segments.models import Segment

_SPREAD_SECONDS = 50  # Within the minute in which they fell due: each at its own second.
_log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="segments.refresh_due", queueing_lock="segments.refresh_due", pass_context=False)
def refresh_due(timestamp: int) -> None:
    """Defer a refresh of each dynamic segment whose time has come, spread over the minute."""
    for segment in services.due():
        services.refresh_soon(segment, after_seconds=crc32(segment.slug.encode()) % _SPREAD_SECONDS)


@app.task(name="segments.refresh", pass_context=False)
def refresh_one(segment_id: int) -> None:
    """One refresh. One that is refused (busy, changed rule) is written down; the next minute asks again."""
    segment = Segment.objects.get(pk=segment_id)
    try:
        services.refresh(segment)
    except BusinessError as refusal:
        _log.warning("refresh of %s: %s", segment.slug, refusal)
