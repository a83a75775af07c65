"""What a customer's phone opens by a printed code: the code that works now. No login."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from homeground.core import time
from homeground.growth import qr
from homeground.growth.models import Door
from homeground.growth.queries import addresses, duty
from homeground.growth.services.openings import count_opening
from homeground.growth.services.pictures import kind_of
from homeground.people.queries import brand
from homeground.ui.visitors import is_person

_DAY = 24 * 3600


@never_cache
@require_safe
def door_page(request: HttpRequest, token: str) -> HttpResponse:
    """The code or link that works now, with what adding agrees to. Each phone counts once a day."""
    door = Door.objects.filter(token=token).first()
    with translation.override(translation.get_language_from_request(request)):
        if door is None or door.retired_at:
            return render(request, "growth/gone.html", {"brand": brand()}, status=404)
        answer = render(request, "growth/door_page.html", _shown(door))
    if is_person(request):
        _count_once(request, answer, door)
    return answer


@never_cache
@require_safe
def door_code(request: HttpRequest, token: str) -> HttpResponse:
    """The platform's own drawing of the code; where it gave an address instead, the address drawn here."""
    door = Door.objects.filter(token=token, retired_at=None).first()
    if door is None or not addresses.platform_url(door):
        raise Http404
    if door.picture is not None:
        picture = bytes(door.picture)
        return HttpResponse(picture, content_type=kind_of(picture))
    return HttpResponse(qr.png(addresses.platform_url(door), scale=12), content_type="image/png")


def _shown(door: Door) -> dict[str, Any]:
    line = duty.lines([door.pk]).get(door.pk)
    return {
        "brand": brand(),
        "door": door,
        "is_ready": bool(addresses.platform_url(door)),
        "url": addresses.platform_url(door) if door.kind == Door.Kind.LINK else "",
        "group": line.open[0] if line and line.open else None,
        "is_full": bool(line and not line.open and not door.opens_groups),
    }


def _count_once(request: HttpRequest, answer: HttpResponse, door: Door) -> None:
    name, today = f"door-{door.pk}", str(time.day_of(time.now(), brand().time_zone))
    if request.COOKIES.get(name) != today:
        count_opening(door)
        answer.set_cookie(name, today, max_age=_DAY, path=f"/g/{door.token}", httponly=True, samesite="Lax")
