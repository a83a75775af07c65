"""Where the platform tells us what happened."""

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from homeground.wecom.services import callbacks
from homeground.wecom.services.callbacks.receiving import MOST_BYTES, CallbackRefused


@csrf_exempt  # What comes is signed.
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, app: str) -> HttpResponse:
    """/callbacks/wecom/APP: GET checks the address; POST brings one event, kept first, answered by an empty 200."""
    try:
        if request.method == "GET":
            return _plain(200, callbacks.address_check(app, request.GET.dict()))
        callbacks.receive(app, request.GET.dict(), _body(request))
    except CallbackRefused as refusal:
        return _plain(refusal.status, str(refusal).encode())
    return _plain(200, b"")


def _body(request: HttpRequest) -> bytes:
    """The body, not read further than its limit."""
    try:
        return request.read(MOST_BYTES + 1)
    except UnreadablePostError:
        raise CallbackRefused(400, "the body broke off") from None


def _plain(status: int, text: bytes) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
