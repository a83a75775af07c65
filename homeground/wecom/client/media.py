"""Uploads: temporary media, attachments of Moments, and images with a lasting URL (document 90253)."""

import mimetypes
from datetime import datetime

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import moment, text
from homeground.wecom.client.transport import Files

MOMENT, ALBUM = 1, 2


def upload(api: Api, kind: str, name: str, content: bytes) -> str:
    """A media_id good for 3 days, in the whole corp. kind: image, voice, video or file (10, 2, 10, 20 MB)."""
    answer = api.call("media/upload", params={"type": kind}, files=_file(name, content), may_repeat=True)
    return text(answer, "media_id")


def upload_attachment(
    api: Api, kind: str, name: str, content: bytes, attachment_type: int = MOMENT
) -> tuple[str, datetime | None]:
    """A media_id for Moments or the album, and when it was made; at most 10 MB, a video at most 30 s."""
    answer = api.call(
        "media/upload_attachment",
        params={"media_type": kind, "attachment_type": attachment_type},
        files=_file(name, content),
        may_repeat=True,
    )
    return text(answer, "media_id"), moment(answer, "created_at")


def upload_image(api: Api, name: str, content: bytes) -> str:
    """A lasting URL for an image of at most 2 MB; 1000 a day and 3000 a month."""
    return text(api.call("media/uploadimg", files=_file(name, content)), "url")


def _file(name: str, content: bytes) -> Files:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"media": (name, content, kind)}
