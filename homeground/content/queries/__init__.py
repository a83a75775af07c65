"""Reads of the room, for its pages and for the rooms above."""

from homeground.content.queries.calendar import (
    Day,
    month_of,
    plans_of_moments,
    plans_of_month,
    same_place_in,
)
from homeground.content.queries.feeds import Mix, Outlook, limit_at, mixes, outlook_of
from homeground.content.queries.people import preview_customer
from homeground.content.queries.personas import Regularity, persona_of, regularities
from homeground.content.queries.posts import AudienceShare, StaffPost, audience_share, named, staff_posts, unplanned
from homeground.content.queries.replies import ReplyFacts, Suggestion, favourites_of, replies_matching, suggested
from homeground.content.queries.trust import (
    FriendValue,
    Sight,
    TrustPath,
    before_first_order,
    friend_values,
    trust_path,
)

__all__ = [
    "AudienceShare", "Day", "FriendValue", "Mix", "Outlook", "Regularity", "ReplyFacts", "Sight", "StaffPost",
    "Suggestion", "TrustPath", "audience_share", "before_first_order", "favourites_of", "friend_values", "limit_at",
    "mixes", "month_of", "named", "outlook_of", "persona_of", "plans_of_moments", "plans_of_month", "preview_customer",
    "regularities", "replies_matching", "same_place_in", "staff_posts", "suggested", "trust_path", "unplanned",
]  # fmt: skip
