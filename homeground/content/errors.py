"""Refusals of the room."""

from homeground.core.errors import BusinessError


class BadPlaceholder(BusinessError):
    """A place in a text that cannot be filled; nothing was saved."""


class BadText(BusinessError):
    """A text that its channel cannot carry; nothing was saved."""


class NameTaken(BusinessError):
    """Another template has this name."""
