"""Ways in, where they come from, and who came; one module a subject."""

from homeground.growth.models.arrivals import Arrival, DoorOpening, StaffDay
from homeground.growth.models.doors import Door, DoorChange, DoorGroup, DoorStaff, Shift
from homeground.growth.models.sources import Source, SourceCost
from homeground.growth.models.welcomes import Welcome, WelcomePicture

__all__ = [
    "Arrival", "Door", "DoorChange", "DoorGroup", "DoorOpening", "DoorStaff", "Shift", "Source", "SourceCost",
    "StaffDay", "Welcome", "WelcomePicture",
]  # fmt: skip
