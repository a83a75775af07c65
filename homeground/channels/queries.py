"""What others read of channels."""

from homeground.channels.models import Channel


def channel(slug: str) -> Channel:
    """The channel of this slug. Raises Channel.DoesNotExist."""
    return Channel.objects.get(slug=slug)
