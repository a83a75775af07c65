"""Where a door leads."""

from urllib.parse import quote

from homeground.core.env import env
from homeground.growth.models import Door


def page_url(door: Door) -> str:
    """Our page of the door: what is printed, because it stays the same whatever is behind it."""
    return f"{env.base_url}/g/{door.token}"


def platform_url(door: Door) -> str:
    """What the platform's code or link leads to; empty: it is not there yet. A link says through which door it was."""
    if door.kind == Door.Kind.LINK and door.url:
        return f"{door.url}?customer_channel={quote(door.token)}"
    return door.url
