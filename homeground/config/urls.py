"""Which address belongs to which room; each room's urls.py has the rest. Lists end in a slash, nothing else does."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from homeground.config.api import api

_ROOMS = {
    "events/": "events",
    "segments/": "segments",
    "messages/": "content",
    "campaigns/": "journeys",
    "playbooks/": "playbooks",
    "reviews/": "insights",
    "channels/": "channels",
    "sandbox/": "sandbox",
    "data/": "ingest",
    "wecom/": "wecom",
    "doors/": "growth",
    "loyalty/": "loyalty",
    "service/": "service",
}
_LISTS = ["customers/", "journeys/", "calendar/", "timing/", *_ROOMS]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("homeground.console.urls")),
    *(path(prefix, include(f"homeground.{room}.urls")) for prefix, room in _ROOMS.items()),
    *(path(name.rstrip("/"), RedirectView.as_view(url=f"/{name}", query_string=True)) for name in _LISTS),
    path("", include("homeground.channels.public_urls")),  # t/ and o/: customers' links.
    path("journeys/", include("homeground.journeys.journey_urls")),
    path("calendar/", include("homeground.journeys.calendar_urls")),
    path("timing/", include("homeground.insights.timing_urls")),
    path("callbacks/wecom/", include("homeground.wecom.callback_urls")),
    path("wecom-login/", include("homeground.wecom.oauth_urls")),
    path("", include("homeground.growth.public_urls")),  # g/: doors; p/: staff profiles are service's.
    path("", include("homeground.service.public_urls")),  # staff/: the staff's page and sidebar.
    path("api/v1/", api.urls),
    path("v1/", include("homeground.ingest.api.segment")),  # Segment's own addresses.
]
