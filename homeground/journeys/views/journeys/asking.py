"""How the pages of journeys ask who may, and which journey is meant."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from homeground.journeys.models import Journey

View = Callable[..., HttpResponseBase]
TONES = {"draft": "neutral", "live": "green", "paused": "amber", "ended": "dark"}


def may(*actions: str) -> Callable[[View], View]:
    """Signed in, and permitted each of these actions: "view_journey"; else the sign-in page, or 403."""
    named = [action if "." in action else f"journeys.{action}" for action in actions]
    return lambda view: login_required(permission_required(named, raise_exception=True)(view))


def who(request: HttpRequest) -> str:
    """The name of the login."""
    return str(request.user.get_username())


def journey_of(slug: str) -> Journey:
    """The journey of an address."""
    return get_object_or_404(Journey.objects.select_related("live"), slug=slug)
