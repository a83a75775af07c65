"""Time: moments are UTC and aware; days are days of a named zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, UTC. Tests replace it here."""
    return datetime.now(UTC)


def day_of(moment: datetime, zone: str) -> date:
    """The calendar day of a moment in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """The first moment of a day in a zone, as UTC; where midnight does not exist, the first moment after it."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return midnight.astimezone(UTC)


def days_before(moment: datetime, days: int) -> datetime:
    """Exactly days × 24 hours earlier."""
    return moment - timedelta(days=days)
