"""What others ask of people."""

from homeground.people.queries.lists import CustomerFilter, first_matches, matching
from homeground.people.queries.persons import addresses, brand, ids_of, survivor_of, survivors

__all__ = [
    "CustomerFilter", "addresses", "brand", "first_matches", "ids_of", "matching", "survivor_of", "survivors",
]  # fmt: skip
