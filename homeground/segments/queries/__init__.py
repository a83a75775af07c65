"""Reads of segments: what rules may name, who belongs, what stands on them."""

from homeground.segments.queries.dictionary import dictionary_for, slugs_in
from homeground.segments.queries.members import (
    SQL,
    Described,
    live_customers,
    member_page,
    members,
    segment_of,
    slugs_used,
)
from homeground.segments.queries.uses import User, uses
from homeground.segments.queries.vocabulary import Vocabulary, labels, property_names, values_of, vocabulary

__all__ = [
    "SQL",
    "Described",
    "User",
    "Vocabulary",
    "dictionary_for",
    "labels",
    "live_customers",
    "member_page",
    "members",
    "property_names",
    "segment_of",
    "slugs_in",
    "slugs_used",
    "uses",
    "values_of",
    "vocabulary",
]
