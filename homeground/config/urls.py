"""Which address belongs to which room; each room's urls.py has the rest."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from homeground.config.api import api

_ROOMS = {
    "": "console",
    "customers/": "people",
    "orders/": "commerce",
    "events/": "events",
    "segments/": "segments",
    "messages/": "content",
    "campaigns/": "journeys",
    "reviews/": "insights",
    "channels/": "channels",
    "sandbox/": "sandbox",
    "data/": "ingest",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"homeground.{room}.urls"))
    for prefix, room in _ROOMS.items()
    if find_spec(f"homeground.{room}.urls")
]
urlpatterns += [
    path("", include("homeground.channels.public_urls")),  # t/ and o/: customers' links.
    path("api/v1/", api.urls),
    path("v1/", include("homeground.ingest.api.segment")),  # Segment's own addresses.
]
