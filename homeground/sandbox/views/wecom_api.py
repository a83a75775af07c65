"""The platform's API over HTTP: /sandbox/wecom/cgi-bin/…, open to whoever holds a token."""

import secrets
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt

from homeground.core import time
from homeground.sandbox.services.wecom import gate
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import ENDPOINTS, Blob, Upload

MOST_BYTES = 1024 * 1024  # Of a JSON body; ten thousand ids are half of that.
MOST_UPLOAD_BYTES = 21 * 1024 * 1024  # The largest documented file, 20 MB, and its envelope.
_QUERY_TOOL = "https://open.work.weixin.qq.com/devtool/query"


@csrf_exempt  # The access token is the proof; no cookie counts here.
def call(request: HttpRequest, path: str) -> HttpResponse:
    """Answer one API call. HTTP 200 for API errors too, as documented; 404 for a path that is not an API."""
    if path not in ENDPOINTS:
        return HttpResponse(status=404)
    try:
        done = gate.answer(_read(request, path))
    except Refused as refused:
        return _json({"errcode": refused.code, "errmsg": _words(refused, request)})
    except gate.Broken:
        return HttpResponse("<html><body>500 Internal Server Error</body></html>", status=500)
    if isinstance(done, Blob):
        return _file(done)
    return _json({"errcode": 0, "errmsg": "ok", **done})


def _read(request: HttpRequest, path: str) -> gate.Request:
    is_upload = (request.content_type or "") == "multipart/form-data"
    if _length(request) > (MOST_UPLOAD_BYTES if is_upload else MOST_BYTES):
        raise Refused(45001 if is_upload else 40206, "request body too large")
    return gate.Request(
        path=path,
        method=request.method or "",
        query=request.GET.dict(),
        body=b"" if is_upload else _body(request),
        base=request.build_absolute_uri("/sandbox/wecom/"),
        upload=_upload(request) if is_upload else None,
    )


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if str(length).isdigit() else 0


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise Refused(40206, "request body too large") from None


def _upload(request: HttpRequest) -> Upload | None:
    try:
        file = request.FILES.get("media")
    except (MultiPartParserError, RequestDataTooBig):
        return None
    if not isinstance(file, UploadedFile):
        return None
    return Upload(file.name or "file", file.content_type or "application/octet-stream", file.read())


def _words(refused: Refused, request: HttpRequest) -> str:
    """Different each time, so that nobody reads meaning from it."""
    hint = f"[{int(time.now().timestamp())}_{secrets.randbelow(1000)}_{secrets.token_hex(16)}]"
    address = request.META.get("REMOTE_ADDR", "")
    return f"{refused.text}, hint: {hint}, from ip: {address}, more info at {_QUERY_TOOL}?e={refused.code}"


def _json(document: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(document), content_type="application/json; charset=UTF-8")


def _file(blob: Blob) -> HttpResponse:
    answer = HttpResponse(blob.body, content_type=blob.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, blob.name) or "attachment"
    return answer
