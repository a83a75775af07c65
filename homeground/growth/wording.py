"""Places in a welcome: {{称呼|朋友}}, {{员工}}, {{品牌}}; checked when it is saved, filled when it is sent."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from homeground.growth.errors import BadWelcome

_PLACE = re.compile(r"\{\{([^{}|]*)(?:\|([^{}]*))?\}\}")
_NAMES = {"称呼": "name", "name": "name", "员工": "staff", "staff": "staff", "品牌": "brand", "brand": "brand"}
_LONGEST_VALUE = 40


def check_places(text: str) -> None:
    """Raise BadWelcome for a place that we cannot fill, or braces that are none."""
    for match in _PLACE.finditer(text):
        key = _NAMES.get(match.group(1).strip())
        if key is None:
            raise BadWelcome(_("不认识的占位符：%s。可以用 {{称呼|朋友}}、{{员工}}、{{品牌}}。") % match.group())
        if key == "name" and not (match.group(2) or "").strip():
            raise BadWelcome(_("刚加上的客户可能还没有称呼，请写成 {{称呼|朋友}}，竖线后是备用文字。"))
    if "{{" in (rest := _PLACE.sub("", text)) or "}}" in rest:
        raise BadWelcome(_("欢迎语里有没配对的大括号。占位符写作 {{称呼|朋友}}。"))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled. values: name, staff, brand; an empty one gives the fallback."""
    return _PLACE.sub(lambda match: _value(match, values), text)


def _value(match: re.Match[str], values: Mapping[str, str]) -> str:
    # A name stays within its line and brings no link: it came from outside, and we send it in our name.
    value = " ".join(values.get(_NAMES.get(match.group(1).strip(), ""), "").split()).replace("://", " ")
    return value[:_LONGEST_VALUE] or (match.group(2) or "").strip()
