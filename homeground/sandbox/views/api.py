"""The gateway's API, as senders call it: signed JSON."""

import json
from collections.abc import Callable
from functools import wraps
from time import sleep
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from homeground.core import time, webhooks
from homeground.sandbox.models import Gateway
from homeground.sandbox.services import gateway
from homeground.sandbox.services.receipts import secret

MOST = 1000  # Messages or keys in one request.
_Answer = Callable[[dict[str, Any]], JsonResponse]
_View = Callable[[HttpRequest], JsonResponse]


def _signed(answer: _Answer) -> _View:
    """Read a signed JSON object: 401 wrong signature, 413 too large, 400 not an object."""

    @csrf_exempt  # The body is signed.
    @require_POST
    @wraps(answer)
    def view(request: HttpRequest) -> JsonResponse:
        try:
            body = request.body
        except RequestDataTooBig:
            return _refusal(413, "too_large", "at most 5 MB a request")
        if not webhooks.verify(secret(), request.headers, body, time.now()):
            return _refusal(401, "wrong_signature", "sign the body with the channel's secret (Standard Webhooks)")
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            return _refusal(400, "malformed", "a JSON object")
        return answer(document)

    return view


@_signed
def messages(document: dict[str, Any]) -> JsonResponse:
    """POST {"messages": [{"key", "reference", "address", "sender", "subject", "body", "at"}], "receipts_url"}."""
    given, receipts_url = document.get("messages"), document.get("receipts_url")
    if not isinstance(given, list) or len(given) > MOST:
        return _refusal(400, "malformed", f"messages: a list of at most {MOST}")
    if not isinstance(receipts_url, str) or not 0 < len(receipts_url) <= 500:
        return _refusal(400, "malformed", "receipts_url: where receipts go")
    fault, seconds = gateway.next_fault()
    if fault == Gateway.Fault.BUSY:
        return _refusal(429, "busy", "slow down")
    if fault == Gateway.Fault.BROKEN:
        return _refusal(500, "broken", "the gateway is out of order")
    answer = JsonResponse({"results": gateway.take(given, receipts_url)})
    if fault == Gateway.Fault.SILENT:
        sleep(seconds)
    return answer


@_signed
def known(document: dict[str, Any]) -> JsonResponse:
    """POST {"keys": […]} → {"arrived": […]}: which of them were taken."""
    keys = document.get("keys")
    if not isinstance(keys, list) or len(keys) > MOST:
        return _refusal(400, "malformed", f"keys: a list of at most {MOST}")
    return JsonResponse({"arrived": gateway.arrived([str(key) for key in keys])})


def _refusal(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
