"""Pictures that the API's answers point to. Open to all, as the platform's own are: a code hangs on a wall."""

from io import BytesIO

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from homeground.sandbox.models import ContactWay, JoinWay, Media

_MODULE_PIXELS = 8


@require_safe
def code(request: HttpRequest, config_id: str) -> HttpResponse:
    """The QR code of a contact way or a join way, as PNG: it leads to the page where a phone scans it."""
    ways = (ContactWay.objects.filter(config_id=config_id), JoinWay.objects.filter(config_id=config_id))
    if not any(rows.exists() for rows in ways):
        raise Http404
    picture = BytesIO()
    address = request.build_absolute_uri(f"/sandbox/wecom/scan/{config_id}")
    segno.make(address, error="m").save(picture, kind="png", scale=_MODULE_PIXELS, border=2)
    return HttpResponse(picture.getvalue(), content_type="image/png")


@require_safe
def image(_request: HttpRequest, media_id: str) -> HttpResponse:
    """An image of media/uploadimg."""
    found = get_object_or_404(Media, media_id=media_id, is_permanent=True)
    kind = "image/png" if bytes(found.body[:4]) == b"\x89PNG" else "image/jpeg"
    return HttpResponse(bytes(found.body), content_type=kind)
