"""What every page needs to know before it is made: the language, the brand's zone, and how messages reach htmx."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from homeground.console import queries

LANGUAGES = {code for code, _name in settings.LANGUAGES}
Answer = Callable[[HttpRequest], HttpResponse]


class Speak:
    """Chinese until the person switches: the browser's own language does not decide, a team shares its words."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language of the cookie for this request."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, ["Cookie"])
            return response


class Place:
    """Pages show moments in the brand's zone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave no zone behind for the next request of this thread."""
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Event endpoints are exempt from CSRF and show no page: they are spared the query."""
        if not getattr(view, "csrf_exempt", False):
            timezone.activate(queries.brand().time_zone)


class Tell:
    """Messages that wait for a page go out at once when htmx asked: it shows no whole page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Move the waiting messages into the HX-Trigger header, which kit.js shows."""
        response = self.get_response(request)
        is_shown = response.status_code in (200, 422) and "HX-Redirect" not in response
        if (
            request.headers.get("HX-Request")
            and is_shown
            and (lines := [_line(m) for m in messages.get_messages(request)])
        ):
            response.headers["HX-Trigger"] = json.dumps({**_triggers(response), "toasts": lines})
        return response


def _triggers(response: HttpResponse) -> dict[str, Any]:
    given = response.headers.get("HX-Trigger", "")
    if given.startswith("{"):
        triggers: dict[str, Any] = json.loads(given)
        return triggers
    return {name.strip(): None for name in given.split(",") if name.strip()}


def _line(message: Message) -> dict[str, str]:
    return {"text": str(message.message), "level": message.level_tag, "undo": message.extra_tags or ""}
