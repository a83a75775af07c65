"""`homeground value fit FILE`: orders in a file, one a row, to fitted models."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from homeground.insights.errors import BadCell, NothingToFit, Unsettled
from homeground.insights.review.source import read
from homeground.insights.value import bg_nbd, gamma_gamma
from homeground.insights.value.purchases import Purchases, Summary, purchases_of, summary_of

_EPOCH = date(1970, 1, 1).toordinal()
UNITS = {"week": 7.0, "day": 1.0}
# A comma parts thousands: 12,50 is no amount, and never 1,250.
_AMOUNT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d*)(\.\d*)?([eE][+-]?\d+)?$")
_DAY = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:[T ].*)?$")  # Alike for -, / and . between, and 19970115.


@dataclass(frozen=True)
class Asked:
    """The columns, the unit of time, and the last day that counts (None: the last in the file)."""

    customer: str
    day: str
    amount: str = ""
    unit: str = "week"
    until: date | None = None


@dataclass(frozen=True)
class Fitted:
    """What the file says. notes: what was left out, in words."""

    asked: Asked
    until: date
    summary: Summary
    purchases: int
    counting: bg_nbd.Fit
    worth: gamma_gamma.Fit | None
    notes: list[str]


def fit_file(path: Path, asked: Asked) -> Fitted:
    """Read, prepare, fit. Raises a refusal that names the file, column or line, or what is not settled."""
    columns = [asked.customer, asked.day, *([asked.amount] if asked.amount else [])]
    table = read(path, columns).with_row_index("line", offset=2)
    notes: list[str] = []
    table = _known(table, asked, notes)
    purchases, until = _purchases(table, asked, notes)
    summary = summary_of(purchases, _number(until), UNITS[asked.unit])
    if not (summary.x > 0).any():
        raise NothingToFit(until)
    counting = bg_nbd.fit(summary)
    if not counting.optimum.converged:
        raise Unsettled(len(summary.x), int((summary.x > 0).sum()))
    worth = gamma_gamma.fit(summary) if asked.amount else None
    if asked.amount and not (worth and worth.optimum.converged):
        worth = None
        notes.append(_("金额不足以拟合 Gamma-Gamma：要有三位以上、平均金额不同的复购客户"))
    return Fitted(asked, until, summary, len(purchases.days), counting, worth, notes)


def document(found: Fitted) -> dict[str, Any]:
    """The JSON document. What the data do not settle is null."""
    x = found.summary.x
    return {
        "bg_nbd": _counting(found.counting),
        "gamma_gamma": _worth(found.worth) if found.worth else None,
        "customers": len(x),
        "repeat_customers": int((x > 0).sum()),
        "repeat_purchases": int(x.sum()),
        "purchases": found.purchases,
        "unit": found.asked.unit,
        "until": found.until.isoformat(),
        "notes": found.notes,
    }


def _counting(fit: bg_nbd.Fit) -> dict[str, Any]:
    return {
        **vars(fit.model),
        "log_likelihood": fit.optimum.log_likelihood,
        "standard_errors": _errors(["r", "alpha", "a", "b"], fit.optimum.errors),
        "converged": fit.optimum.converged,
        "nobody_leaves": fit.nobody_leaves,
    }


def _worth(fit: gamma_gamma.Fit) -> dict[str, Any]:
    return {
        **vars(fit.model),
        "log_likelihood": fit.optimum.log_likelihood,
        "standard_errors": _errors(["p", "q", "v"], fit.optimum.errors),
        "converged": fit.optimum.converged,
        "customers": fit.customers,
        "frequency_value_correlation": fit.correlation,
        "independent": fit.is_independent,
    }


def _errors(names: list[str], errors: Any) -> dict[str, float | None]:
    return {name: float(each) if np.isfinite(each) else None for name, each in zip(names, errors, strict=True)}


def _known(table: pl.DataFrame, asked: Asked, notes: list[str]) -> pl.DataFrame:
    """The rows with a customer: guests cannot come back."""
    known = table.filter(pl.col(asked.customer).is_not_null())
    if guests := table.height - known.height:
        notes.append(_("%(count)d 行没有客户，未计入") % {"count": guests})
    return known


def _purchases(table: pl.DataFrame, asked: Asked, notes: list[str]) -> tuple[Purchases, date]:
    days = np.array(_cells(table, asked.day, _day, _("不是日期，要写成 2026-01-31")), np.int64)
    spend = np.array(_cells(table, asked.amount, _amount, _("不是金额"))) if asked.amount else np.zeros(len(days))
    people = table[asked.customer].rank("dense").to_numpy().astype(np.int64)
    until = _number(asked.until) if asked.until else int(days.max(initial=-(10**6)))
    late, back = days > until, spend < 0
    if late.any():
        notes.append(_("%(count)d 行在截止日之后，未计入") % {"count": int(late.sum())})
    if back.any():
        notes.append(_("%(count)d 行金额为负（退货），未计入") % {"count": int(back.sum())})
    kept = ~late & ~back
    if not kept.any():
        raise NothingToFit(asked.until)
    return purchases_of(people[kept], days[kept], spend[kept]), date.fromordinal(until + _EPOCH)


def _number(day: date) -> int:
    return day.toordinal() - _EPOCH


def _cells(table: pl.DataFrame, column: str, reader: Callable[[str], Any], wanted: str) -> list[Any]:
    """The column's values. Raises BadCell for the first that cannot be read; each distinct text is read once."""
    known = {text: reader(text) if text is not None else None for text in table[column].unique().to_list()}
    values = [known[text] for text in table[column]]
    if None in values:
        place = values.index(None)
        raise BadCell(int(table["line"][place]), column, table[column][place] or "", wanted)
    return values


def _day(text: str) -> int | None:
    if not (found := _DAY.match(text)):
        return None
    try:
        return _number(date(int(found[1]), int(found[3]), int(found[4])))
    except ValueError:
        return None


def _amount(text: str) -> float | None:
    if not _AMOUNT.match(text):
        return None
    try:
        amount = float(text.replace(",", ""))
    except ValueError:  # No digit at all.
        return None
    return amount if abs(amount) < 1e15 else None
