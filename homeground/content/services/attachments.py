"""What a message on WeCom carries beside its text: in our form, checked; and in the platform's, uploaded.

Our form, a list of objects: {"kind": "image" | "video", "material": id},
{"kind": "link", "title", "url", "description", "material": id of the cover or null},
{"kind": "miniprogram", "title", "appid", "page", "material": id of the cover}.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeground.content.errors import BadAttachment
from homeground.content.models import Material, MaterialBytes, MaterialUpload
from homeground.content.services.materials import thumbnail
from homeground.core import time
from homeground.wecom import client
from homeground.wecom.client import media

Attachment = dict[str, Any]
MASS, MOMENTS = MaterialUpload.Use.MASS, MaterialUpload.Use.MOMENTS
MOST = 9
_MOST_ID = 2**63
_KEPT_BY_PLATFORM = timedelta(days=2, hours=20)  # Three days, less what a slow send needs.
_COVER_PIXELS = 600
_WORDS = {"image": (), "video": (), "link": ("title", "url", "description"), "miniprogram": ("title", "appid", "page")}


def checked(given: Any, use: str) -> list[Attachment]:
    """Attachments in our form, rid of what does not belong. use: mass or moments.

    Raises BadAttachment when the platform would refuse them, or a file is not there.
    """
    if not isinstance(given, list):
        raise BadAttachment(_("附件的格式不对，请重新添加。"))
    found = [trimmed(item) for item in given]
    if len(found) > MOST:
        raise BadAttachment(_("附件最多 9 个。"))
    if use == MOMENTS:
        _refuse_mixture(found)
    _refuse_missing_files(found)
    for item in found:
        _CHECKS[item["kind"]](item, use)
    return found


def platform_attachments(given: Sequence[Mapping[str, Any]], use: str) -> list[Attachment]:
    """The same in the platform's form, with every file uploaded whose upload is older than the platform keeps it.

    Call it with no transaction open. Raises the client's failures, with what was uploaded before them kept.
    """
    return [_PLATFORM[item["kind"]](item, use) for item in given]


def media_id(material_id: int, use: str) -> str:
    """What the platform calls a file now; uploaded anew when it may have forgotten it."""
    fresh = MaterialUpload.objects.filter(material=material_id, use=use)
    if use != MaterialUpload.Use.URL:
        fresh = fresh.filter(uploaded_at__gt=time.now() - _KEPT_BY_PLATFORM)
    known = fresh.first()
    return known.media_id if known else _uploaded(Material.objects.get(pk=material_id), use)


def _uploaded(material: Material, use: str) -> str:
    content = bytes(MaterialBytes.objects.get(pk=material.pk).content)
    called = str(_UPLOADS[MaterialUpload.Use(use)](client.connect(), material, content))
    values = {"media_id": called, "uploaded_at": time.now()}
    MaterialUpload.objects.update_or_create(material=material, use=use, defaults=values)
    return called


def _upload_name(material: Material) -> str:
    return f"{material.digest[:16]}.{material.content_type.split('/')[1].replace('jpeg', 'jpg')}"


_UPLOADS: dict[MaterialUpload.Use, Callable[[Any, Material, bytes], Any]] = {
    MASS: lambda api, material, content: media.upload(api, material.kind, _upload_name(material), content),
    MOMENTS: lambda api, material, content: media.upload_attachment(
        api, material.kind, _upload_name(material), content
    )[0],
    MaterialUpload.Use.URL: lambda api, material, content: media.upload_image(
        api, f"{material.digest[:16]}.jpg", thumbnail(content, _COVER_PIXELS)
    ),
}


def trimmed(item: Any) -> Attachment:
    """One attachment with the fields of its kind alone, each of its type. Raises BadAttachment for what is none."""
    kind = item.get("kind") if isinstance(item, Mapping) else None
    if not isinstance(kind, str) or kind not in _WORDS:
        raise BadAttachment(_("不支持这种附件。"))
    words = {name: str(item.get(name) or "").strip() for name in _WORDS[kind]}
    material = item.get("material")
    is_number = type(material) is int and 0 < material < _MOST_ID
    return {"kind": kind, **words, "material": material if is_number else None}


def _refuse_mixture(items: Sequence[Attachment]) -> None:
    kinds = {item["kind"] for item in items}
    if len(kinds) > 1:
        raise BadAttachment(_("一条朋友圈只能带一种附件：最多 9 张图片，或 1 段视频，或 1 个链接。"))
    if kinds & {"video", "link"} and len(items) > 1:
        raise BadAttachment(_("视频或链接只能带 1 个。"))
    if "miniprogram" in kinds:
        raise BadAttachment(_("朋友圈不能带小程序。"))


def _refuse_missing_files(items: Iterable[Attachment]) -> None:
    wanted = {item["material"]: _file_kind(item) for item in items if item["material"]}
    found = dict(Material.objects.filter(pk__in=wanted).values_list("pk", "kind"))
    if wanted != found:
        raise BadAttachment(_("有附件的文件不在了，或种类不对，请重新上传。"))


def _file_kind(item: Attachment) -> str:
    return "video" if item["kind"] == "video" else "image"


def _check_file(item: Attachment, use: str) -> None:
    if not item["material"]:
        raise BadAttachment(_("请上传附件的文件。"))


def _check_link(item: Attachment, use: str) -> None:
    _refuse_long(item["title"], 128, 64 if use == MOMENTS else None, _("链接标题"))
    _refuse_long(item["description"], 512, None, _("链接描述"), is_needed=False)
    _refuse_long(item["url"], 2048, None, _("链接地址"))
    if not item["url"].startswith(("https://", "http://")):
        raise BadAttachment(_("链接地址要以 https:// 开头。"))
    if use == MOMENTS and not item["material"]:
        raise BadAttachment(_("朋友圈的链接需要一张封面图。"))


def _check_miniprogram(item: Attachment, use: str) -> None:
    _refuse_long(item["title"], 64, None, _("小程序标题"))
    if not (item["appid"] and item["page"] and item["material"]):
        raise BadAttachment(_("小程序需要 AppID、页面路径和封面图。"))


def _refuse_long(text: str, most_bytes: int, most_characters: int | None, what: str, *, is_needed: bool = True) -> None:
    if is_needed and not text:
        raise BadAttachment(_("请填写%s。") % what)
    if len(text.encode()) > most_bytes or (most_characters and len(text) > most_characters):
        raise BadAttachment(_("%(what)s太长，最多 %(most)d 字节（约 %(words)d 个汉字）。") % {
            "what": what, "most": most_bytes, "words": most_bytes // 3,
        })  # fmt: skip


_CHECKS: dict[str, Callable[[Attachment, str], None]] = {
    "image": _check_file,
    "video": _check_file,
    "link": _check_link,
    "miniprogram": _check_miniprogram,
}


def _platform_file(item: Mapping[str, Any], use: str) -> Attachment:
    return {"msgtype": item["kind"], item["kind"]: {"media_id": media_id(item["material"], use)}}


def _platform_link(item: Mapping[str, Any], use: str) -> Attachment:
    link = {"title": item["title"], "url": item["url"]}
    if use == MOMENTS:
        return {"msgtype": "link", "link": link | {"media_id": media_id(item["material"], use)}}
    cover = {"picurl": media_id(item["material"], MaterialUpload.Use.URL)} if item["material"] else {}
    described = {"desc": item["description"]} if item.get("description") else {}
    return {"msgtype": "link", "link": link | described | cover}


def _platform_miniprogram(item: Mapping[str, Any], use: str) -> Attachment:
    card = {name: item[name] for name in ("title", "appid", "page")}
    return {"msgtype": "miniprogram", "miniprogram": card | {"pic_media_id": media_id(item["material"], use)}}


_PLATFORM: dict[str, Callable[[Mapping[str, Any], str], Attachment]] = {
    "image": _platform_file,
    "video": _platform_file,
    "link": _platform_link,
    "miniprogram": _platform_miniprogram,
}
