"""Where gateways tell what became of messages."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from homeground.channels.models import Channel
from homeground.channels.services.receipts import take
from homeground.core import time, webhooks


@csrf_exempt  # The body is signed.
@require_POST
def receipts(request: HttpRequest) -> JsonResponse:
    """POST /channels/receipts?channel=SLUG {"receipts": [{"reference", "event", "happened_at", "id", …}]}, signed.

    200 {"accepted", "rejected": [{"index", "reason"}]}; 400 not readable; 401 wrong signature; 413 too large.
    """
    try:
        body = request.body
    except RequestDataTooBig:
        return _refusal(413, "too_large", "at most 5 MB a request")
    channel = Channel.objects.filter(slug=request.GET.get("channel", "phone")[:20]).first()
    secret = channel.settings.get("secret") if channel else None
    if channel is None or not secret or not webhooks.verify(secret, request.headers, body, time.now()):
        return _refusal(401, "wrong_signature", "sign the body with the channel's secret (Standard Webhooks)")
    found = _receipts(body)
    if found is None:
        return _refusal(400, "malformed", 'receipts: a list, like {"receipts": [{"reference": "…"}]}')
    bad = take(channel, found)
    rejected = [{"index": index, "reason": reason} for index, reason in bad.items()]
    return JsonResponse({"accepted": len(found) - len(bad), "rejected": rejected})


def _receipts(body: bytes) -> list[Any] | None:
    try:
        found = json.loads(body)["receipts"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _refusal(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
