"""Refusals of the room. Each changes nothing."""

from homeground.core.errors import BusinessError


class BadDoor(BusinessError):
    """A door that cannot be: nobody behind it, an impossible shift, a group twice."""


class NeedsOwner(BusinessError):
    """Only an owner may switch friend verification off, and says why (M57)."""


class BadWelcome(BusinessError):
    """A welcome that the platform would not send."""


class BadSource(BusinessError):
    """A source that cannot be, or one that is in use."""


class BadCosts(BusinessError):
    """A cost that cannot be, or a file of costs with lines that cannot; the sentence names the line."""


class CannotUndo(BusinessError):
    """The change was taken back already, or something newer stands on it."""
