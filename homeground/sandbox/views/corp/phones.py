"""What the phones have in common: one address a phone, its screens as fragments, deeds that lead to a screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from homeground.core.errors import BusinessError
from homeground.ui.toasts import toast


@dataclass(frozen=True)
class Screen:
    """One screen of a phone."""

    name: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    pk: int | None = None  # Of what it shows: a chat, a group, a customer.
    back: str = ""  # The screen one leaves to; none on the four of the bar below.
    back_pk: int | None = None
    composer: str = ""  # The deed that its line of writing does.
    count: int = 0  # When it grew, the newest comes into sight.


@dataclass(frozen=True)
class Place:
    """Where a phone is: the screen's name and of what."""

    screen: str
    pk: int | None = None

    @property
    def query(self) -> str:
        """As the address carries it."""
        return f"?screen={self.screen}" + (f"&id={self.pk}" if self.pk else "")


@dataclass(frozen=True)
class Phone:
    """Whose phone a request is for, and how to draw any place of it."""

    url: str
    owner: Any
    page: str
    context: dict[str, Any]
    draw: Callable[[Place, QueryDict], Screen]


Deed = Callable[[Any, QueryDict], Place | None]


def whereabouts(given: QueryDict, usual: str) -> Place:
    """The place that a request names. Raises Http404 for an id that is none."""
    return Place(given.get("screen") or usual, number(given.get("id", "")))


def number(text: str) -> int | None:
    """The id in a request, or none. Raises Http404 for what is no id."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Http404
    return int(text)


def show(request: HttpRequest, phone: Phone, place: Place) -> HttpResponse:
    """The whole page; the screen alone, or its middle alone, when htmx asked for that."""
    screen = phone.draw(place, request.GET)
    page = {
        **phone.context,
        "phone_url": phone.url,
        "screen": screen,
        "can_play": request.user.has_perm("sandbox.play_phone"),
        **screen.context,
    }
    answer = render(request, _template(request, phone), page)
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


def act(request: HttpRequest, phone: Phone, deeds: Mapping[str, Deed], deed: str) -> HttpResponse:
    """Do the deed and show where it leads; what is refused is said, and the phone stays where it was."""
    if deed not in deeds:
        raise Http404
    place = whereabouts(request.POST, "chats")
    try:
        place = deeds[deed](phone.owner, request.POST) or place
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    if request.headers.get("HX-Request"):
        return show(request, phone, place)
    return redirect(phone.url + place.query)


def _template(request: HttpRequest, phone: Phone) -> str:
    if request.headers.get("HX-History-Restore-Request"):
        return phone.page
    return {"phone-body": "sandbox/corp/body.html", "phone-screen": "sandbox/corp/screen.html"}.get(
        request.headers.get("HX-Target", ""), phone.page
    )
