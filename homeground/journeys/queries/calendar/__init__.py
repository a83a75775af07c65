"""Everything planned before it is sent, by day of the brand's zone: content, activity and data on one page (M49)."""

from homeground.journeys.queries.calendar.entries import Choice, Entry, Span, entries, unscheduled
from homeground.journeys.queries.calendar.pressure import (
    Pressure,
    PressureDay,
    planned_segments,
    pressure,
    pressures,
)
from homeground.journeys.queries.calendar.variety import Variety, variety

__all__ = [
    "Choice",
    "Entry",
    "Pressure",
    "PressureDay",
    "Span",
    "Variety",
    "entries",
    "planned_segments",
    "pressure",
    "pressures",
    "unscheduled",
    "variety",
]
