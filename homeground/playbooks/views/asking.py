"""What both halves of the pages need: the reader's language, and a pack with its installation."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from homeground.playbooks.errors import NoSuchPack
from homeground.playbooks.models import Installation
from homeground.playbooks.pack.nodes import Pack
from homeground.playbooks.pack.reading import pack_of
from homeground.playbooks.pack.wording import worded


def reader() -> str:
    """zh or en: in which the reader reads packs."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def who(request: HttpRequest) -> str:
    """The login behind a request."""
    return request.user.get_username()


def read_pack(slug: str) -> tuple[Pack, Installation | None]:
    """The pack of the product, or the one that somebody installed from a file. 404 where there is neither."""
    installation = Installation.objects.filter(pack=slug).first()
    try:
        return pack_of(slug), installation
    except NoSuchPack:
        if installation is None:
            raise Http404 from None
        return Pack.model_validate(installation.document), installation


def installed_as(installation: Installation) -> Pack:
    """The pack as it was installed, or last upgraded to."""
    return Pack.model_validate(installation.document)


def read_words(pack: Pack) -> Mapping[str, Any]:
    """The pack in the reader's language."""
    return worded(pack, reader())  # type: ignore[no-any-return]
