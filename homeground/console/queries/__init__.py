"""Reads across rooms for the frame, the home page, the search box, the settings and whoever watches."""

from homeground.console.queries.beginning import Beginning, beginning
from homeground.console.queries.found import Hit, hits
from homeground.console.queries.metrics import Figure, figures
from homeground.console.queries.today import Matter, matters
from homeground.console.queries.users import Colleague, users
from homeground.people.queries import brand

__all__ = [
    "Beginning",
    "Colleague",
    "Figure",
    "Hit",
    "Matter",
    "beginning",
    "brand",
    "figures",
    "hits",
    "matters",
    "users",
]
