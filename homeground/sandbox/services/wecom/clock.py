"""The corp's clock: the real one plus an offset, so that every window can be tried without waiting."""

from datetime import datetime, timedelta

from django.db.models import F

from homeground.core import time
from homeground.sandbox.models import Corp


def now() -> datetime:
    """This moment in the sandbox corp, UTC."""
    offset = Corp.objects.filter(pk=1).values_list("clock_offset_seconds", flat=True).first()
    return time.now() + timedelta(seconds=offset or 0)


def shift(seconds: int) -> datetime:
    """Move the corp's clock on (or back), and say what it shows then."""
    Corp.objects.filter(pk=1).update(clock_offset_seconds=F("clock_offset_seconds") + seconds)
    return now()
