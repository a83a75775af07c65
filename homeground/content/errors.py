"""Refusals of the room."""

from homeground.core.errors import BusinessError


class BadPlaceholder(BusinessError):
    """A place in a text that cannot be filled; nothing was saved."""


class BadText(BusinessError):
    """A text that its channel cannot carry; nothing was saved."""


class BadAttachment(BusinessError):
    """Something attached that the platform would refuse; nothing was saved."""


class BadFile(BusinessError):
    """A file that cannot be used; nothing was kept."""


class BadPlan(BusinessError):
    """A post that cannot be planned as it is; nothing was changed."""


class OneSidedFeed(BadPlan):
    """A post that would make the feed a shelf (M51); an owner may make an exception, with a reason."""


class BadPersona(BusinessError):
    """A persona that cannot be kept; nothing was saved."""


class BadLimit(BusinessError):
    """A limit of the feed that cannot count; nothing was saved."""


class BadReply(BusinessError):
    """A prepared answer that cannot be kept; nothing was saved."""


class BadReplyFile(BusinessError):
    """A file of prepared answers that cannot be read; nothing was taken from it. str() has the lines."""


class NameTaken(BusinessError):
    """Another one has this name."""
