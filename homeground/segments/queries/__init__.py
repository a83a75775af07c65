"""Reads of segments: what rules may name, who belongs, what stands on them."""

from homeground.segments.queries.dictionary import dictionary_for, slugs_in
from homeground.segments.queries.editor_words import LIMITS, editor_urls, editor_words
from homeground.segments.queries.members import (
    SQL,
    Described,
    live_customers,
    member_page,
    members,
    segment_of,
    slugs_used,
)
from homeground.segments.queries.standing import Coming, Standing, standing, standings_of
from homeground.segments.queries.uses import User, also_used_by, uses
from homeground.segments.queries.vocabulary import (
    Property,
    Vocabulary,
    labels,
    properties_of,
    property_values,
    values_of,
    vocabulary,
)

__all__ = [
    "LIMITS",
    "SQL",
    "Coming",
    "Described",
    "Property",
    "Standing",
    "User",
    "Vocabulary",
    "also_used_by",
    "dictionary_for",
    "editor_urls",
    "editor_words",
    "labels",
    "live_customers",
    "member_page",
    "members",
    "properties_of",
    "property_values",
    "segment_of",
    "slugs_in",
    "slugs_used",
    "standing",
    "standings_of",
    "uses",
    "values_of",
    "vocabulary",
]
