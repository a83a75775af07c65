"""Prepared answers from a file: a brand's own, and the set that we bring."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from homeground.content.errors import BadReplyFile
from homeground.content.models import QuickReply
from homeground.content.services.replies import check_reply
from homeground.core.errors import BusinessError
from homeground.people.models import Relation

STARTERS = Path(__file__).parent.parent / "starters" / "replies.json"
MOST_REPLY_BYTES, _MOST_ROWS, _MOST_REFUSALS = 2 * 1024 * 1024, 5000, 10
COLUMNS = ("标题", "话术", "分组", "问法", "适合", "关系", "链接")
_NAMES = dict(zip(COLUMNS, ("title", "text", "group", "keywords", "fits", "relations", "url"), strict=True))
_APART = re.compile(r"[、,，;；|\s]+")
_WRITTEN = ("text", "group", "keywords", "fits", "relations", "url")


@dataclass(frozen=True)
class Imported:
    """How many answers are new, and how many took new words."""

    added: int
    changed: int


def import_replies(content: bytes) -> Imported:
    """Take answers from a CSV with the columns of COLUMNS (Chinese or English names), whole or not at all.

    A title that is known takes the new words. A repeat changes nothing.
    Raises BadReplyFile, which names the lines.
    """
    return _write(_rows(_text(content)))


def install_starters() -> Imported:
    """Add the set that we bring. An answer that is there, whatever it says by now, is left alone."""
    known = set(QuickReply.objects.values_list("title", flat=True))
    given = [_reply(item) for item in json.loads(STARTERS.read_text()) if item["title"] not in known]
    return _write(enumerate(given, start=1))


def _text(content: bytes) -> str:
    if len(content) > MOST_REPLY_BYTES:
        raise BadReplyFile(_("文件最大 2 MB。"))
    for encoding in ("utf-8-sig", "gb18030"):  # As Excel saves it in China.
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadReplyFile(_("读不出文件的编码，请另存为 UTF-8 的 CSV。"))


def _rows(text: str) -> Iterable[tuple[int, QuickReply]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        names = {
            name: _NAMES.get((name or "").strip(), (name or "").strip().lower()) for name in reader.fieldnames or []
        }
        if not {"title", "text", "group"} <= set(names.values()):
            raise BadReplyFile(_("第一行要有这些列名：标题、话术、分组（可选：问法、适合、关系、链接）。"))
        found = [(reader.line_num, {names[name]: row[name] for name in names}) for row in reader]
    except csv.Error as error:
        raise BadReplyFile(_("文件不是完整的 CSV：%s") % error) from None
    if len(found) > _MOST_ROWS:
        raise BadReplyFile(_("一次最多导入 5000 条。"))
    return [(line, _reply(values)) for line, values in found if any(values.values())]


def _reply(values: Mapping[str, Any]) -> QuickReply:
    def words(name: str) -> str:
        return str(values.get(name) or "").strip()

    return QuickReply(
        title=words("title"),
        text=words("text"),
        group=words("group"),
        url=words("url"),
        keywords=_apart(values.get("keywords")),
        relations=_choices(_apart(values.get("relations")), Relation.choices),
        fits=(_choices([words("fits")], QuickReply.Fits.choices) or [QuickReply.Fits.ANYONE])[0],
    )


def _apart(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [word for word in _APART.split(str(value or "")) if word]


def _choices(words: Iterable[str], choices: Iterable[tuple[Any, Any]]) -> list[str]:
    """What people wrote, as keys: the key itself or its label; unknown words stay, and are refused."""
    by_name = {str(name): str(key) for key, label in choices for name in (key, label)}
    return [by_name.get(word, word) for word in words if word]


@transaction.atomic
def _write(rows: Iterable[tuple[int, QuickReply]]) -> Imported:
    rows = list(rows)
    _refuse(rows)
    newest = {reply.title: reply for _line, reply in rows}
    known = {reply.title: reply for reply in QuickReply.objects.select_for_update().filter(title__in=newest)}
    QuickReply.objects.bulk_create(reply for title, reply in newest.items() if title not in known)
    changed = [reply for title, reply in known.items() if _differs(reply, newest[title])]
    for reply in changed:
        for name in _WRITTEN:
            setattr(reply, name, getattr(newest[reply.title], name))
    QuickReply.objects.bulk_update(changed, _WRITTEN)
    return Imported(len(newest) - len(known), len(changed))


def _differs(one: QuickReply, other: QuickReply) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in _WRITTEN)


def _refuse(rows: Iterable[tuple[int, QuickReply]]) -> None:
    refused = []
    for line, reply in rows:
        try:
            check_reply(reply)
            _refuse_choices(reply)
        except BusinessError as refusal:
            refused.append(_("第 %(line)d 行：%(why)s") % {"line": line, "why": refusal})
    if refused:
        more = _("还有 %d 行。") % (len(refused) - _MOST_REFUSALS) if len(refused) > _MOST_REFUSALS else ""
        raise BadReplyFile("\n".join([*refused[:_MOST_REFUSALS], more]).strip())


def _refuse_choices(reply: QuickReply) -> None:
    if reply.fits not in QuickReply.Fits.values or set(reply.relations) - set(Relation.values):
        raise BadReplyFile(_("“适合”写 不限、已消费 或 未消费；“关系”写关系阶段的名称。"))
