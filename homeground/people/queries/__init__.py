"""What others ask of people."""

from homeground.people.queries.lists import NEWEST_FIRST, CustomerFilter, first_matches, matching
from homeground.people.queries.persons import (
    addresses,
    all_ids_of,
    brand,
    ids_of,
    recent_sources,
    survivor_of,
    survivors,
    tags_of,
)

__all__ = [
    "NEWEST_FIRST", "CustomerFilter", "addresses", "all_ids_of", "brand", "first_matches", "ids_of", "matching",
    "recent_sources", "survivor_of", "survivors", "tags_of",
]  # fmt: skip
