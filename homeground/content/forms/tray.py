"""The tray of attachments in an editor: each lies there as a hidden field in our form; adding and dropping ask the
server for the tray anew."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.http import HttpRequest, QueryDict

from homeground.content.errors import BadAttachment
from homeground.content.models import Material
from homeground.content.services.attachments import trimmed

_MOST_ITEMS = 20
_CARDS = {"link": ("title", "url", "description"), "miniprogram": ("title", "appid", "page")}
Keep = Callable[["File[bytes]"], Material]


@dataclass(frozen=True)
class Tray:
    """use: mass or moments. items: attachments in our form. open: the kind of card being written."""

    use: str
    items: list[dict[str, Any]]
    open: str = ""
    refusal: str = ""

    @property
    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        """Each item as the hidden field carries it, and itself."""
        return [(json.dumps(item, ensure_ascii=False), item) for item in self.items]

    @property
    def may_add(self) -> bool:
        alone = self.use == "moments" and any(item.get("kind") != "image" for item in self.items)
        return not alone and len(self.items) < 9


def items_of(posted: QueryDict) -> list[dict[str, Any]]:
    """What lies in the tray, in our form; what cannot be read is left out, what may not be the service refuses."""
    found = []
    for text in posted.getlist("attachment")[:_MOST_ITEMS]:
        with suppress(ValueError, RecursionError, BadAttachment):
            found.append(trimmed(json.loads(text)))
    return found


def tray_of(request: HttpRequest, keep: Keep) -> Tray:
    """The tray after what was just done: files added, a card added, something dropped, a card opened.

    keep: keeps an uploaded file; its refusals go through.
    """
    items, posted = items_of(request.POST), request.POST
    if posted.get("drop", "").isdecimal():
        at = int(posted["drop"])
        items = items[:at] + items[at + 1 :]
    files = [keep(file) for file in request.FILES.getlist("files")[:9]]
    items += [{"kind": material.kind, "material": material.pk} for material in files]
    if posted.get("add") in _CARDS:
        items.append(_card(request, posted["add"], keep))
    return Tray(use_of(posted), items, posted.get("open", "") if posted.get("open") in _CARDS else "")


def use_of(posted: QueryDict) -> str:
    """mass or moments, as the editor has it: a template may have become another kind."""
    kind = posted.get("channel_kind")
    return "moments" if kind == "wecom_moments" or (kind is None and posted.get("use") != "mass") else "mass"


def _card(request: HttpRequest, kind: str, keep: Keep) -> dict[str, Any]:
    cover = request.FILES.get("cover")
    words = {name: request.POST.get(f"card_{name}", "").strip() for name in _CARDS[kind]}
    return {"kind": kind, **words, "material": keep(cover).pk if cover else None}
