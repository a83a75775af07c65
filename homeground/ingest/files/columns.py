"""Columns of text into columns of values: null where the cell is empty, and which cells are wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.people.identities import normalise

MOMENT = pl.Datetime("us", "UTC")
PRICE = pl.Decimal(18, 6)
_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"]
_MOST_PIECES = 2_147_483_647
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_YES = ["true", "yes", "y", "1", "是", "同意", "已同意", "on"]
_NO = ["false", "no", "n", "0", "否", "拒绝", "不同意", "未同意", "off"]


@dataclass(frozen=True)
class Checked:
    """A column after its check."""

    values: pl.Series
    is_wrong: pl.Series
    rule: str  # What a cell must be.


def text(said: pl.Series, longest: int) -> Checked:
    values = _trimmed(said)
    return Checked(
        values, values.str.len_chars().fill_null(0) > longest, _("不能超过 %(longest)s 个字符") % {"longest": longest}
    )


def whole(said: pl.Series) -> Checked:
    trimmed = _trimmed(said)
    values = trimmed.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    values = values.set(values.abs() > _MOST_PIECES, None)
    return Checked(values, values.is_null() & trimmed.is_not_null(), _("必须是整数"))


def price(said: pl.Series) -> Checked:
    trimmed = _trimmed(said)
    fit = trimmed.str.contains(r"^[+-]?(\d{1,12})?(\.\d{0,6}0*)?$") & trimmed.str.contains(r"\d")
    values = trimmed.set(~fit, None).str.strip_prefix("+").cast(PRICE, strict=False)
    return Checked(
        values, values.is_null() & trimmed.is_not_null(), _("必须是数字，最多 6 位小数，不带货币符号和千分位")
    )


def choice(said: pl.Series, known: list[str]) -> Checked:
    values = _trimmed(said).str.to_lowercase()
    return Checked(
        values, ~values.is_in(known) & values.is_not_null(), _("必须是 %(known)s") % {"known": ", ".join(known)}
    )


def answer(said: pl.Series) -> Checked:
    trimmed = _trimmed(said).str.to_lowercase()
    values = pl.select(pl.when(trimmed.is_in(_YES)).then(True).when(trimmed.is_in(_NO)).then(False)).to_series()
    return Checked(values, values.is_null() & trimmed.is_not_null(), _("必须是 是 或 否"))


def identity(said: pl.Series, kind: str) -> Checked:
    """An identity, normalised as events have it."""
    trimmed = _trimmed(said)
    values = _each(trimmed, partial(normalise, kind), pl.String)
    return Checked(values, values.is_null() & trimmed.is_not_null(), _RULES.get(kind, lambda: _("不是有效的标识"))())


def day(said: pl.Series, date_format: str | None) -> Checked:
    trimmed = _trimmed(said)
    values = _naive(trimmed, date_format).dt.date()
    is_wrong = (values.is_null() & trimmed.is_not_null()) | ~values.dt.year().is_between(1850, 2200).fill_null(True)
    return Checked(values.cast(pl.String), is_wrong, _("必须是日期，如 2026-01-31"))


def moment(said: pl.Series, zone: str, date_format: str | None) -> Checked:
    """A moment, as UTC. Without an offset it is local time of the zone: where the clock repeats an hour, the first of
    the two; where it leaps over one, as far after the leap as it would have been."""
    trimmed = _trimmed(said)
    local = _naive(trimmed, date_format)
    values = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    if values.null_count() > trimmed.null_count():
        values = values.fill_null(_each(local.set(values.is_not_null(), None), partial(_leapt, zone=zone), MOMENT))
        values = values.fill_null(_each(trimmed.set(values.is_not_null(), None), partial(_aware, zone=zone), MOMENT))
    values = values.cast(MOMENT)
    is_wrong = (values.is_null() & trimmed.is_not_null()) | (values < _EARLIEST).fill_null(False) | _is_future(values)
    return Checked(values, is_wrong, _("必须是 1970 年以后、且不晚于现在的时间，如 2026-01-31 18:30:00"))


def _is_future(values: pl.Series) -> pl.Series:
    latest = time.now().replace(microsecond=0).timestamp() + 3600
    return (values.dt.epoch("s") > latest).fill_null(False)


def _naive(trimmed: pl.Series, date_format: str | None) -> pl.Series:
    values = pl.Series(trimmed.name, [None] * len(trimmed), pl.Datetime("us"))
    for known in [date_format] if date_format else _FORMATS:
        if values.null_count() == trimmed.null_count():
            break
        values = values.fill_null(trimmed.str.to_datetime(known, strict=False, time_unit="us"))
    return values


def _leapt(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _aware(said: str, zone: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(said)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _each(values: pl.Series, change: Callable[[Any], Any], kind: pl.DataType | type[pl.DataType]) -> pl.Series:
    """Change every distinct value once."""
    distinct = values.drop_nulls().unique()
    changed = pl.Series("to", [change(value) for value in distinct.to_list()], kind)
    return values.to_frame("from").join(
        pl.DataFrame([distinct.alias("from"), changed]), "from", "left", maintain_order="left"
    )["to"]


def _trimmed(said: pl.Series) -> pl.Series:
    trimmed = said.str.strip_chars()
    return trimmed.set(trimmed == "", None)


_RULES: dict[str, Callable[[], str]] = {
    "phone": lambda: _("不是有效的手机号"),
    "email": lambda: _("不是有效的邮箱"),
}
