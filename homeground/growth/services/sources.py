"""来源与费用: kept by hand or from a CSV file."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeground.core import money
from homeground.growth.errors import BadCosts, BadSource
from homeground.growth.models import Source, SourceCost
from homeground.people.queries import brand

_COLUMNS = {
    "source": ("source", "来源"),
    "from_on": ("from", "开始日", "开始日期"),
    "until_on": ("until", "结束日", "结束日期"),
    "amount": ("amount", "金额"),
    "note": ("note", "说明", "备注"),
}
_LINES = 20_000
_HIGHEST = 10**15  # Minor units.


@dataclass(frozen=True)
class CostGiven:
    """What was spent from one day to another, both included. amount_minor: of the brand's currency."""

    source_id: int
    from_on: date
    until_on: date
    amount_minor: int
    note: str = ""


@dataclass(frozen=True)
class ImportedCosts:
    """What a file of costs brought."""

    added: int
    known: int  # Lines that were there already, with the same amount.
    changed: int  # The same source, days and note with another amount: the file counts.


def save_source(source_id: int | None, fields: Mapping[str, Any]) -> Source:
    """Make or change a source. Raises BadSource, with nothing written."""
    source = Source.objects.get(pk=source_id) if source_id else Source()
    for name, value in fields.items():
        setattr(source, name, value)
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        raise BadSource(_("已经有同名的来源，或填写的数值不合理。")) from error
    return source


def add_cost(given: CostGiven, *, by: str) -> SourceCost:
    """Write a cost down. Raises BadCosts, with nothing written."""
    _check(given)
    try:
        with transaction.atomic():
            return SourceCost.objects.create(**vars(given), by=by)
    except IntegrityError as error:
        raise BadCosts(_("这个来源在同一时段已有同名费用。要分开记，请写不同的说明。")) from error


def remove_cost(cost_id: int) -> None:
    """Strike a cost out. A repeat changes nothing."""
    SourceCost.objects.filter(pk=cost_id).delete()


@transaction.atomic
def import_costs(file: bytes, *, by: str) -> ImportedCosts:
    """Costs from a CSV: source (by name), from, until (YYYY-MM-DD), amount in the major unit, note. All lines or none.

    The same file again changes nothing. Raises BadCosts, naming the first line that cannot be.
    """
    given = list(_lines(_text(file)))
    known = {_key(row): row for row in SourceCost.objects.filter(source__in={one.source_id for one in given})}
    new = [one for one in given if _key(one) not in known]
    changed = [one for one in given if _key(one) in known and known[_key(one)].amount_minor != one.amount_minor]
    for one in changed:
        known[_key(one)].amount_minor = one.amount_minor
    SourceCost.objects.bulk_update([known[_key(one)] for one in changed], ["amount_minor"], batch_size=1000)
    SourceCost.objects.bulk_create((SourceCost(**vars(one), by=by) for one in new), batch_size=1000)
    return ImportedCosts(len(new), len(given) - len(new) - len(changed), len(changed))


def _key(cost: CostGiven | SourceCost) -> tuple[int, date, date, str]:
    return cost.source_id, cost.from_on, cost.until_on, cost.note


def _check(given: CostGiven) -> None:
    if given.until_on < given.from_on:
        raise BadCosts(_("结束日不能早于开始日。"))
    if not 0 <= given.amount_minor <= _HIGHEST:
        raise BadCosts(_("金额不能为负，也不能大得离谱。"))
    if (given.until_on - given.from_on).days > 3660:
        raise BadCosts(_("一笔费用最多跨十年。"))


def _text(file: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in Chinese saves the second.
        try:
            return file.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadCosts(_("读不懂这个文件。请用 UTF-8 或 GBK 编码的 CSV。"))


def _lines(text: str) -> Iterator[CostGiven]:
    reader = csv.reader(io.StringIO(text.replace("\x00", "")))
    try:
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadCosts(_("读不懂这个文件：%s") % error) from error
    if not rows or len(rows) > _LINES:
        raise BadCosts(_("文件是空的，或超过 20000 行。"))
    places = _places([cell.strip() for cell in rows[0]])
    sources = dict(Source.objects.values_list("name", "pk"))
    seen: set[tuple[int, date, date, str]] = set()
    for number, row in enumerate(rows[1:], start=2):
        given = _line(number, row, places, sources)
        if _key(given) in seen:
            raise BadCosts(_("第 %d 行与前面的一行重复：来源、时段和说明都相同。") % number)
        seen.add(_key(given))
        yield given


def _places(head: Sequence[str]) -> dict[str, int]:
    found = {
        name: place for name, names in _COLUMNS.items() for place, cell in enumerate(head) if cell.lower() in names
    }
    if missing := [names[-1] for name, names in _COLUMNS.items() if name not in found and name != "note"]:
        raise BadCosts(_("第一行要有列名：来源、开始日、结束日、金额。缺少：%s") % "、".join(missing))
    return found


def _line(number: int, row: Sequence[str], places: Mapping[str, int], sources: Mapping[str, int]) -> CostGiven:
    cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
    if cells["source"] not in sources:
        raise BadCosts(
            _("第 %(line)d 行：没有名为“%(name)s”的来源，请先建好。") % {"line": number, "name": cells["source"]}
        )
    try:
        amount = Decimal(cells["amount"].replace(",", "").lstrip("¥￥"))
        if not amount.is_finite() or abs(amount) > _HIGHEST:
            raise BadCosts(_("金额不能为负，也不能大得离谱。"))
        given = CostGiven(
            sources[cells["source"]],
            _day(cells["from_on"]),
            _day(cells["until_on"]),
            money.to_minor(amount, brand().currency),
            cells.get("note", "")[:100],
        )
        _check(given)
    except (ValueError, InvalidOperation, OverflowError) as error:
        raise BadCosts(_("第 %d 行：日期写成 2026-11-01，金额写成数字。") % number) from error
    except BadCosts as refusal:
        raise BadCosts(_("第 %(line)d 行：%(why)s") % {"line": number, "why": refusal}) from refusal
    return given


def _day(text: str) -> date:
    return date.fromisoformat(text.replace("/", "-"))
