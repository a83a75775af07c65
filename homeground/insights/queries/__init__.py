"""Reads of the room for others: reviews, and the loop for the home page."""

from homeground.insights.queries.loop import days_with_data, loop
from homeground.insights.queries.loop_shape import Count, Link, Loop
from homeground.insights.queries.reviews import Told, newest, tell

__all__ = ["Count", "Link", "Loop", "Told", "days_with_data", "loop", "newest", "tell"]
