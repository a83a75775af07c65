"""The one family of refusals that are fit to show."""


class BusinessError(Exception):
    """A request that cannot be done; str() is the sentence the person reads, in their language."""
