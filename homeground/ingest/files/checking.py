"""Pieces of a table into rows of values: what passes every check, and what does not, with the reason."""

from collections.abc import Callable, Mapping

import polars as pl
from django.utils.translation import gettext as _

from homeground.ingest.files import columns
from homeground.ingest.files.columns import Checked
from homeground.ingest.files.presets import CONSENT, IDENTITIES
from homeground.ingest.files.reading import Reading
from homeground.ingest.files.rejects import Reject
from homeground.ingest.files.tables import LINE, Piece

_REASON = "\x00reason"
_LONGEST_TEXT = {"order_no": 100, "sku": 100, "refund_of": 100, "name": 200, "id": 255, "tags": 2000}
_LONGEST = 1000
Check = Callable[[pl.Series], Checked]
Checks = Mapping[str, Check]


def checks_of(reading: Reading) -> dict[str, Check]:
    """The check of each mapped field."""
    return {name: _check_of(name, reading) for name in reading.columns}


def _check_of(name: str, reading: Reading) -> Check:
    if name in IDENTITIES:
        return lambda said: columns.identity(said, name)
    if name in ("at", "created_at"):
        return lambda said: columns.moment(said, reading.time_zone, reading.date_format)
    if name.startswith(CONSENT):
        return columns.answer
    by_name: dict[str, Check] = {
        "quantity": columns.whole,
        "unit_price": columns.price,
        "kind": lambda said: columns.choice(said, ["sale", "refund", "adjustment"]),
        "birthday": lambda said: columns.day(said, reading.date_format),
    }
    return by_name.get(name, lambda said: columns.text(said, _LONGEST_TEXT.get(name, _LONGEST)))


def checked(
    piece: Piece, reading: Reading, checks: Checks, needed: tuple[str, ...], *, one_of: list[str] | None = None
) -> tuple[pl.DataFrame, list[Reject]]:
    """The good rows as values by field, with LINE; and every row that is not good.

    needed: fields that must not be empty. one_of: fields of which one must not be.
    """
    found = {name: check(piece.rows[reading.columns[name]]) for name, check in checks.items()}
    reason = _reasons(piece.rows.height, found, reading, needed, one_of)
    values = pl.DataFrame([piece.rows[LINE], *(one.values.alias(name) for name, one in found.items())])
    bad = reason.is_not_null()
    return values.filter(~bad), piece.rejects + _rejects(piece.rows.with_columns(reason).filter(bad))


def _reasons(
    height: int, found: Mapping[str, Checked], reading: Reading, needed: tuple[str, ...], one_of: list[str] | None
) -> pl.Series:
    """For each row the first thing that is wrong with it; null for a good row."""
    reason = pl.Series(_REASON, [None] * height, pl.String)
    for name, one in found.items():
        reason = _with(reason, one.is_wrong, f"{reading.columns[name]}：{one.rule}")
        if name in needed:
            reason = _with(reason, one.values.is_null(), f"{reading.columns[name]}：" + _("不能为空"))
    if one_of is not None and height:
        nobody = pl.DataFrame([found[name].values.is_null().alias(name) for name in one_of])
        nobody_here = nobody.select(pl.all_horizontal(pl.all())).to_series()
        reason = _with(reason, nobody_here, _("没有任何可用的身份标识"))
    return reason


def _with(reason: pl.Series, is_wrong: pl.Series, text: str) -> pl.Series:
    if not is_wrong.any():
        return reason
    return reason.set(is_wrong.fill_null(False) & reason.is_null(), text)


def _rejects(rows: pl.DataFrame) -> list[Reject]:
    cells = [name for name in rows.columns if name not in (LINE, _REASON)]
    return [
        Reject(line, reason, row)
        for line, reason, row in zip(rows[LINE], rows[_REASON], rows.select(cells).iter_rows(), strict=True)
    ]
