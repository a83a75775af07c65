"""What the canvas says on screen: its modules have no catalogue of their own."""

from homeground.journeys.views.journeys.words.canvas import Words, canvas_words
from homeground.journeys.views.journeys.words.forms import forms, more_forms
from homeground.journeys.views.journeys.words.frame import frame
from homeground.journeys.views.journeys.words.setup import filters, measures, setup

__all__ = ["canvas_words", "editor_words", "field_words"]


def editor_words() -> Words:
    """Texts of the other modules beside it."""
    return {**frame(), **forms(), **more_forms(), **setup(), **measures(), **filters()}


def field_words() -> dict[str, str]:
    """What the forms call the parts of a graph, for problems that name them."""
    said = {**editor_words()}
    same = ("weak_channel", "urgency", "title", "how", "door", "url", "journey", "time", "event", "ways")
    other = {
        "name": "name",
        "message": "template",
        "channel": "which_channel",
        "deadline_hours": "deadline",
        "add": "tags_add",
        "remove": "tags_remove",
        "points": "points_count",
        "reason": "points_reason",
        "expires_days": "points_days",
        "coupon": "coupon_kind",
        "attribute": "which_attribute",
        "span": "how_long",
        "at_most": "wait_at_most",
        "of": "of_message",
        "next": "next_step",
        "valid_days": "valid_days",
        "entries": "entries",
        "again": "again",
        "variants": "variants",
        "goal": "goal",
        "exits": "exits",
    }
    return {field: str(said[word]) for field, word in {**dict(zip(same, same, strict=True)), **other}.items()}
