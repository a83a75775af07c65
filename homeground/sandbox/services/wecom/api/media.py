"""素材: files up and down."""

from homeground.sandbox.models import Media
from homeground.sandbox.services.wecom.attachments import MEDIA_DAYS
from homeground.sandbox.services.wecom.fields import Given, number, text
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Blob, Caller, Upload, get, post

_MB = 1024 * 1024
_MOST = {"image": 10 * _MB, "voice": 2 * _MB, "video": 10 * _MB, "file": 20 * _MB}
_ATTACHMENT_MOST = 10 * _MB
_LEAST = 6  # Bytes: more than 5.
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@post("media/upload", text("type", among=list(_MOST), needed=40058))
def upload(caller: Caller, given: Given) -> Answer:
    """Keep a file for three days."""
    kept = _keep(caller, given["type"], _MOST[given["type"]])
    return {"type": kept.kind, "media_id": kept.media_id, "created_at": str(caller.stamp)}


@post(
    "media/upload_attachment",
    text("media_type", among=("image", "video", "file"), needed=40058),
    number("attachment_type", among=(1, 2), needed=40058),
)
def upload_attachment(caller: Caller, given: Given) -> Answer:
    """Keep a file for Moments or the product album."""
    kept = _keep(caller, given["media_type"], _ATTACHMENT_MOST, attachment_type=given["attachment_type"])
    return {"type": kept.kind, "media_id": kept.media_id, "created_at": caller.stamp}


@post("media/uploadimg")
def upload_image(caller: Caller, _given: Given) -> Answer:
    """Keep an image for good, under a URL."""
    kept = _keep(caller, "image", 2 * _MB, is_permanent=True)
    return {"url": f"{caller.base}media/{kept.media_id}"}


@get("media/get", text("media_id", size=128, needed=41006, wrong=40007))
def download(caller: Caller, given: Given) -> Blob:
    """A file that was uploaded within three days."""
    found = Media.objects.filter(media_id=given["media_id"], is_permanent=False).first()
    if found is None:
        raise Refused(40007, "invalid media_id")
    if found.created_at <= caller.ago(days=MEDIA_DAYS):
        raise Refused(40145, "media expired")
    return Blob(found.name, found.content_type, bytes(found.body))


def _keep(caller: Caller, kind: str, most: int, *, attachment_type: int = 0, is_permanent: bool = False) -> Media:
    file = _file(caller.upload, kind, most)
    Media.objects.filter(created_at__lt=caller.ago(days=2 * MEDIA_DAYS), is_permanent=False).delete()
    return Media.objects.create(
        media_id=new("" if is_permanent else "3", 64),
        kind=kind,
        name=file.name.replace("\x00", "")[:255],
        content_type=file.content_type[:100],
        body=file.body,
        is_permanent=is_permanent,
        attachment_type=attachment_type,
        created_at=caller.at,
    )


def _file(file: Upload | None, kind: str, most: int) -> Upload:
    if file is None:
        raise Refused(41006, "missing media")
    if len(file.body) < _LEAST:
        raise Refused(44001, "empty media data")
    if len(file.body) > most:
        raise Refused(45001, "media size out of limit")
    if kind == "image" and not file.body.startswith(_IMAGES):
        raise Refused(40123, "invalid image: JPG or PNG")
    return file
