"""Reads of the room for others: reviews, and the loop for the home page."""

from homeground.insights.queries.loop import days_with_data, loop
from homeground.insights.queries.loop_shape import Count, Link, Loop
from homeground.insights.queries.report import campaign_document, campaign_text, journey_document, journey_text
from homeground.insights.queries.reviews import CampaignTold, findings_of, newest, tell

__all__ = [
    "CampaignTold",
    "Count",
    "Link",
    "Loop",
    "campaign_document",
    "campaign_text",
    "days_with_data",
    "findings_of",
    "journey_document",
    "journey_text",
    "loop",
    "newest",
    "tell",
]
