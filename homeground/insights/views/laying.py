"""Findings as what the templates draw: sheets with their charts."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from homeground.insights.queries.reviews import Day
from homeground.insights.review.findings import Findings
from homeground.insights.review.sheet import Panel, Point, Sheet, SplitPanel, sheet
from homeground.ui import charts


def laid_out(findings: Findings, laid: Sheet | None = None) -> dict[str, Any]:
    """The context of `insights/panels.html`."""
    laid = laid or sheet(findings)
    return {
        "sheet": laid,
        "panels": [(panel, _intervals(panel)) for panel in laid.panels],
        "splits": [(split, _intervals(split)) for split in laid.splits],
    }


def _intervals(panel: Panel | SplitPanel) -> charts.Chart | None:
    """Points with their intervals; None where nothing can be drawn."""
    if not panel.points:
        return None
    rows = [charts.Interval(point.label, point.value, point.low, point.high, point.tone) for point in panel.points]
    title = f"{panel.title} ({panel.unit})" if panel.unit else panel.title
    return charts.intervals(title, rows, digits=_digits(panel.points))


def _digits(points: Sequence[Point]) -> int:
    widest = max(abs(edge) for point in points for edge in (point.low, point.high))
    return 0 if widest >= 100 else 1 if widest >= 10 else 2 if widest >= 1 else 3


def by_day(days: Sequence[Day]) -> charts.Chart | None:
    """The order rate's difference by day since the start, with its interval; None before the first day."""
    shown = [day for day in days if day.effect.ci_low is not None]
    if not shown:
        return None
    series: dict[str, list[float | None]] = {
        _("差"): [_points(day.effect.lift) for day in shown],
        _("区间下限"): [_points(day.effect.ci_low) for day in shown],
        _("区间上限"): [_points(day.effect.ci_high) for day in shown],
    }
    return charts.lines(_("累计下单率之差（百分点）"), [str(day.day) for day in shown], series)


def rates(days: Sequence[Day], control: str, treated: str) -> charts.Chart | None:
    """Both arms' cumulative order rate by day since the start."""
    if not days:
        return None
    series: dict[str, list[float | None]] = {
        treated: [_points(day.treated) for day in days],
        control: [_points(day.control) for day in days],
    }
    return charts.lines(_("累计下单率（%）"), [str(day.day) for day in days], series)


def _points(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 3)
