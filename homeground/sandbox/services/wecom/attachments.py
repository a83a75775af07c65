"""What a message may carry: one text and up to nine attachments, each checked as its kind wants."""

from collections.abc import Mapping
from typing import Any

from homeground.sandbox.models import Media
from homeground.sandbox.services.wecom.fields import Field, Given, read, text
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Caller

MOST = 9
MEDIA_DAYS = 3
_MEDIA = text("media_id", size=128, needed=41006, wrong=40007)
KINDS: dict[str, tuple[Field, ...]] = {
    "image": (text("media_id", size=128, wrong=40007), text("pic_url", size=2048, wrong=40039)),
    "link": (
        text("title", size=128, needed=41016),
        text("picurl", size=2048, wrong=40039),
        text("desc", size=512),
        text("url", size=2048, needed=40094, wrong=40039),
    ),
    "miniprogram": (
        text("title", size=64, needed=41016),
        text("pic_media_id", size=128, needed=41006, wrong=40007),
        text("appid", size=64, needed=40058),
        text("page", size=1024, needed=40058),
    ),
    "video": (_MEDIA,),
    "file": (_MEDIA,),
}


def message(caller: Caller, given: Given, *, size: int = 4000, empty: int = 41089) -> dict[str, Any]:
    """The text and the attachments of a message, as they are read back. Raises Refused; `empty` when there is nothing.

    given: has `text` and `attachments` as a caller wrote them.
    """
    words = (given["text"] or {}).get("content", "")
    if not isinstance(words, str) or len(words.encode()) > size:
        raise Refused(45002, "text.content exceeds its limit")
    parts = given["attachments"] or []
    if not words and not parts:
        raise Refused(empty, "text and attachments both empty")
    if len(parts) > MOST:
        raise Refused(41064, "too many attachments")
    checked = [_attachment(part) for part in parts]
    check_media(caller, [media_id for part in checked for media_id in _media_ids(part)])
    return {"text": {"content": words} if words else {}, "attachments": checked}


def one_of(caller: Caller, given: Mapping[str, Any], kinds: tuple[str, ...]) -> dict[str, Any]:
    """The first of several kinds that is given, checked: {} or {kind: {…}}."""
    for kind in kinds:
        if given.get(kind):
            block = _given_only(read(given[kind], KINDS[kind]))
            check_media(caller, _media_ids({"msgtype": kind, kind: block}))
            return {kind: block}
    return {}


def check_media(caller: Caller, media_ids: list[str]) -> None:
    """Every file is there and not too old. Raises Refused 40007 or 40145."""
    there = dict(Media.objects.filter(media_id__in=media_ids, is_permanent=False).values_list("media_id", "created_at"))
    for media_id in media_ids:
        if media_id not in there:
            raise Refused(40007, "invalid media_id")
        if there[media_id] <= caller.ago(days=MEDIA_DAYS):
            raise Refused(40145, "media expired")


def _attachment(part: Given) -> dict[str, Any]:
    kind = part.get("msgtype")
    block = part.get(kind) if isinstance(kind, str) and kind in KINDS else None
    if not isinstance(kind, str) or not isinstance(block, dict):
        raise Refused(41065, "invalid attachment type")
    checked = _given_only(read(block, KINDS[kind]))
    if kind == "image":
        _check_image(checked)
    return {"msgtype": kind, kind: checked}


def _check_image(block: dict[str, Any]) -> None:
    """By media_id, or by a URL that media/uploadimg gave; media_id wins."""
    if block.get("media_id"):
        return
    name = str(block.get("pic_url", "")).rpartition("/")[2]
    if not name:
        raise Refused(41006, "missing media_id")
    if not Media.objects.filter(media_id=name, is_permanent=True).exists():
        raise Refused(40094, "invalid pic_url: not from media/uploadimg")


def _media_ids(part: dict[str, Any]) -> list[str]:
    block = part[part["msgtype"]]
    return [block[name] for name in ("media_id", "pic_media_id") if block.get(name)]


def _given_only(block: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if value is not None}
