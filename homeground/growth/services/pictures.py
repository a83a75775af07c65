"""Pictures: the platform's drawing of a code, fetched once; pictures of welcomes, uploaded before they are needed."""

from datetime import datetime, timedelta

import httpx
from django.db.models import Q, QuerySet

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.growth.models import Welcome, WelcomePicture
from homeground.wecom.client import connect, media
from homeground.wecom.models import Corp

_BYTES = 1024 * 1024
_FRESH = timedelta(days=2)  # The platform forgets a media_id after three.
_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif"}
_KINDS = ("image/png", "image/jpeg", "image/gif")
_TIMES = httpx.Timeout(10.0, connect=5.0)


def code_picture(url: str) -> bytes | None:
    """The picture at the address that the platform gave; None where there is none: then we draw the address itself."""
    if not url.startswith(("http://", "https://")):
        return None
    try:
        with (
            httpx.Client(timeout=_TIMES, trust_env=False, follow_redirects=True, max_redirects=3) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != 200 or answer.headers.get("content-type", "").split(";")[0] not in _KINDS:
                return None
            return _read(answer)
    except httpx.HTTPError:
        return None


def _read(answer: httpx.Response) -> bytes | None:
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > _BYTES:
            return None
    return body


def kind_of(picture: bytes) -> str:
    """The content type, from the first bytes."""
    if picture.startswith(b"\x89PNG"):
        return "image/png"
    return "image/gif" if picture.startswith(b"GIF8") else "image/jpeg"


def upload_pictures(at: datetime | None = None) -> int:
    """Upload what welcomes need: each picture once, covers of mini-programs again before they expire. Returns how many.

    What failed stands on the picture, and is tried again by the next call.
    """
    now = at or time.now()
    due = list(_due(now))
    if not due or not Corp.objects.exists():
        return 0
    for picture in due:
        _upload(picture, now)
    return len(due)


def _due(now: datetime) -> QuerySet[WelcomePicture]:
    covers = Welcome.objects.filter(attachment=Welcome.Attachment.MINI_PROGRAM).values("picture")
    is_stale = Q(pk__in=covers) & (Q(media_at=None) | Q(media_at__lte=now - _FRESH))
    return WelcomePicture.objects.filter(pk__in=Welcome.objects.values("picture")).filter(Q(url="") | is_stale)


def _upload(picture: WelcomePicture, now: datetime) -> None:
    name = f"welcome-{picture.pk}{_ENDINGS[kind_of(bytes(picture.body))]}"
    try:
        api, body = connect(), bytes(picture.body)
        picture.url = picture.url or media.upload_image(api, name, body)
        if Welcome.objects.filter(picture=picture, attachment=Welcome.Attachment.MINI_PROGRAM).exists():
            picture.media_id, picture.media_at = media.upload(api, "image", name, body), now
        picture.error = ""
    except BusinessError as failure:
        picture.error = str(failure)[:300]
    picture.save(update_fields=["url", "media_id", "media_at", "error"])
