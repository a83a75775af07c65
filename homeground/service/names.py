"""How names are ordered from A to Z."""

from collections.abc import Iterable

# Characters that are spelled another way as a surname.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "朴": "piao", "盖": "ge", "区": "ou",
    "乐": "yue", "覃": "qin", "缪": "miao", "翟": "zhai", "冼": "xian", "种": "chong", "员": "yun",
    "繁": "po", "秘": "bi",
}  # fmt: skip


def spellings(letters: Iterable[str]) -> dict[str, str]:
    """How each first character of a name is spelled; what has no spelling, like 🌸 or 8, is left out."""
    found = {letter: _spelling(letter) for letter in letters}
    return {letter: spelling for letter, spelling in found.items() if spelling[:1].isascii() and spelling[:1].isalpha()}


def _spelling(letter: str) -> str:
    from pypinyin import Style, lazy_pinyin  # 0.3 s and its dictionaries: for the planning of a day alone.

    return _SURNAMES.get(letter) or "".join(lazy_pinyin(letter, style=Style.NORMAL)).lower()
