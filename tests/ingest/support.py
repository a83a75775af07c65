"""Requests as senders make them."""

import base64
import gzip
import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from homeground.ingest.models import Token
from homeground.ingest.services.tokens import create_token

_texts: dict[int, str] = {}


def token(scope: str = "ingest") -> str:
    """A token with this scope; one a test and scope."""
    found = Token.objects.filter(name=f"test {scope}").first()
    if not found or found.pk not in _texts:
        text = create_token(f"test {scope}", [scope])
        _texts[Token.objects.get(name=f"test {scope}").pk] = text
        return text
    return _texts[found.pk]


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(f"{text}:".encode()).decode()


def post(
    address: str, body: Any, *, authorization: str | None = "", zipped: bool = False, **headers: str
) -> HttpResponse:
    """POST a body (bytes as they are, anything else as JSON) with a valid token unless told otherwise."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    if authorization == "":
        authorization = basic(token()) if address.startswith("/v1/") else f"Bearer {token()}"
    if authorization is not None:
        headers["Authorization"] = authorization
    return Client().post(address, gzip.compress(raw) if zipped else raw, "text/plain", headers=headers)
