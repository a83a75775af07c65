"""Keeping pictures and films in the form that the platform takes."""

import hashlib
import io
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from homeground.content.errors import BadFile
from homeground.content.films import seconds_of
from homeground.content.models import Material, MaterialBytes

MOST_BYTES = 10 * 1024 * 1024  # Of one file, at the platform.
MOST_UPLOADED_BYTES = 30 * 1024 * 1024  # Of a picture before we make it smaller.
_MOST_PIXELS = 60_000_000  # 180 MB decoded.
_LONG_SIDE, _SHORT_SIDE = 10_800, 1_080  # Pixels, of a picture in Moments.
_MOST_SECONDS = 30
_FORMATS = ("JPEG", "PNG", "WEBP")


def keep_material(file: "File[bytes]", by: str) -> Material:
    """Keep a picture or an MP4 film, once however often it is given.

    A picture is turned upright, scaled to the platform's limits and loses what the camera wrote into it, the place too.
    Raises BadFile, with nothing kept.
    """
    if not 0 < (file.size or 0) <= MOST_UPLOADED_BYTES:
        raise BadFile(_("文件为空，或超过 30 MB。"))
    given = file.read()
    return _kept(_film(given) if given[4:8] == b"ftyp" else _picture(given), _name(file), by)


def _kept(found: dict[str, Any], name: str, by: str) -> Material:
    content = found.pop("content")
    digest = hashlib.sha256(content).hexdigest()
    values = found | {"name": name, "size_bytes": len(content), "added_by": by[:150]}
    with transaction.atomic():
        material, is_new = Material.objects.get_or_create(digest=digest, defaults=values)
        if is_new:
            MaterialBytes.objects.create(material=material, content=content)
    return material


def _name(file: "File[bytes]") -> str:
    return Path(file.name or "").name.replace("\0", "")[-100:] or "file"


def _film(content: bytes) -> dict[str, Any]:
    seconds = seconds_of(content)
    if seconds is None:
        raise BadFile(_("读不出这段视频，请换成 MP4。"))
    if seconds > _MOST_SECONDS or len(content) > MOST_BYTES:
        raise BadFile(_("视频最长 30 秒、最大 10 MB，请剪短或压缩后再上传。"))
    return {"kind": Material.Kind.VIDEO, "content_type": "video/mp4", "seconds": seconds, "content": content}


def _picture(given: bytes) -> dict[str, Any]:
    try:
        with Image.open(io.BytesIO(given), formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise BadFile(_("图片太大，请缩小到 6000 万像素以内。"))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail(_fitting(upright.size))
            content, content_type = _encoded(upright)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        raise BadFile(_("读不出这张图片，请换成 JPG、PNG 或 WebP。")) from None
    width, height = upright.size
    size = {"width": width, "height": height, "content": content}
    return {"kind": Material.Kind.IMAGE, "content_type": content_type} | size


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """The largest frame of these proportions within the limits."""
    scale = min(1.0, _SHORT_SIDE / min(size), _LONG_SIDE / max(size))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _encoded(image: Image.Image) -> tuple[bytes, str]:
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if has_alpha:
        content = _saved(image.convert("RGBA"), "PNG", optimize=True)
        if len(content) <= MOST_BYTES:
            return content, "image/png"
    return _saved(image.convert("RGB"), "JPEG", quality=88, optimize=True), "image/jpeg"


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    kept = io.BytesIO()
    image.info.clear()  # What the camera wrote: time, model, place.
    image.save(kept, form, **options)
    return kept.getvalue()


def thumbnail(content: bytes, side: int) -> bytes:
    """A JPEG of a picture that fits into a square of this side."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        image.thumbnail((side, side))
        return _saved(image.convert("RGB"), "JPEG", quality=82)
