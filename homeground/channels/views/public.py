"""What customers' phones and mail programs call: traced links, the opening picture, the opt-out page. No login."""

import base64
from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from homeground.channels import queries
from homeground.channels.errors import NotKnown, TokenRefused
from homeground.channels.services import clicks, opt_out
from homeground.channels.tokens import Trace, trace_of
from homeground.people.queries import brand
from homeground.ui.visitors import is_person
from homeground.wecom.queries.visitors import visitor

_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


class _View(Protocol):
    def __call__(self, request: HttpRequest, token: str) -> HttpResponse: ...


def _friendly(view: _View) -> _View:
    """Speak the language of the customer's phone; a link that is not ours any more gets a page of its own."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            try:
                return view(request, token)
            except (TokenRefused, NotKnown) as refusal:
                page = {"brand": brand(), "reason": str(refusal)}
                return render(request, "channels/gone.html", page, status=404)

    return wrapped


@never_cache
@require_safe
@_friendly
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Count the click, and lead on."""
    trace = trace_of(token, "link")
    url = clicks.target_of(trace)
    if is_person(request):
        clicks.record_click(trace, url)
    return HttpResponseRedirect(url)


@never_cache
@require_safe
@_friendly
def pixel(request: HttpRequest, token: str) -> HttpResponse:
    """One transparent pixel; a mail program that fetches it has shown the mail."""
    trace = trace_of(token, "link")
    if is_person(request):
        clicks.record_open(trace)
    return HttpResponse(_PIXEL, content_type="image/gif")


@csrf_exempt  # The token is the proof of who asks, and mail programs post with no cookie (RFC 8058).
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_friendly
def opt_out_page(request: HttpRequest, token: str) -> HttpResponse:
    """Say what will stop, and stop it by one tap. Reading the page changes nothing.

    A link that everybody got the same leads by way of WeCom, which says who is asking, to that person's own.
    """
    trace = trace_of(token, "opt_out")
    if opt_out.is_shared(trace):
        return _to_own_page(request, trace)
    if request.method != "POST":
        return _page(request, trace)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        opt_out.withdraw(trace, is_everywhere=False, source="one_click", shown="List-Unsubscribe=One-Click")
        return HttpResponse(_("已退订。"), content_type="text/plain; charset=utf-8")
    _decide(trace, request.POST.get("choice", ""), words(trace))
    return HttpResponseRedirect(request.path)


def _to_own_page(request: HttpRequest, trace: Trace) -> HttpResponse:
    who = visitor(request)
    if who is None:
        asked = urlencode({"for": "customer", "next": request.path})
        return HttpResponseRedirect(f"{reverse('wecom_oauth:enter')}?{asked}")
    return HttpResponseRedirect(opt_out.own_url(trace, who.external_userid))


def words(trace: Trace) -> dict[str, str]:
    """The buttons of the page, by choice: what the customer reads is what the proof keeps."""
    channel = queries.channel(clicks.slug_of(trace))
    return {
        "channel": _("不再接收「%s」的促销消息") % channel.title,
        "everywhere": _("不再接收任何渠道的促销消息"),
        "restore": _("恢复接收促销消息"),
    }


def _decide(trace: Trace, choice: str, shown: dict[str, str]) -> None:
    if choice == "restore":
        is_everywhere = queries.standing(trace.customer_id, clicks.slug_of(trace)).is_everywhere
        opt_out.restore(trace, is_everywhere=is_everywhere, shown=shown[choice])
    elif choice in shown:
        opt_out.withdraw(trace, is_everywhere=choice == "everywhere", source="opt_out_page", shown=shown[choice])


def _page(request: HttpRequest, trace: Trace) -> HttpResponse:
    page: dict[str, Any] = {
        "brand": brand(),
        "channel": queries.channel(clicks.slug_of(trace)),
        "standing": queries.standing(trace.customer_id, clicks.slug_of(trace)),
        "words": words(trace),
        "is_test": opt_out.is_test(trace),
    }
    return render(request, "channels/opt_out.html", page)
