"""Use cases of the room: save a template, fill it for a batch of customers, measure it."""

from homeground.content.services.messages import delete_message, save_message
from homeground.content.services.rendering import Rendered, render
from homeground.content.services.sizes import Size, size_of

__all__ = ["Rendered", "Size", "delete_message", "render", "save_message", "size_of"]
