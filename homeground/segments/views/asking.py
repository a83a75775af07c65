"""How this room's pages ask who may."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from homeground.segments import queries
from homeground.segments.errors import SegmentUnknown
from homeground.segments.models import Segment

View = Callable[..., HttpResponseBase]


def may(action: str) -> Callable[[View], View]:
    """Signed in, and permitted this action on segments; else the sign-in page, or 403."""
    return lambda view: login_required(permission_required(f"segments.{action}_segment", raise_exception=True)(view))


def who(request: HttpRequest) -> str:
    """The name of the login."""
    return str(request.user.get_username())


def segment_or_404(slug: str) -> Segment:
    """The segment of an address."""
    try:
        return queries.segment_of(slug)
    except SegmentUnknown as error:
        raise Http404(str(error)) from error
