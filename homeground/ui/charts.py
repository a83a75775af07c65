"""Charts as data: what ECharts draws, and the same numbers as a table for those who do not see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Number = int | float | None


@dataclass(frozen=True)
class Chart:
    """What `{% chart %}` draws.

    option: an ECharts option, in JSON's types. Colours, fonts, grid and tooltip come from the kit.
    columns, rows: the table behind it; the first column names the row.
    """

    caption: str
    option: Mapping[str, Any]
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Interval:
    """A point with its interval, like a lift with its 95 %; tone: up, down or neutral."""

    label: str
    value: float
    low: float
    high: float
    tone: str = "neutral"


def lines(
    caption: str,
    x: Sequence[str],
    series: Mapping[str, Sequence[Number]],
    *,
    area: bool = False,
    bars: Sequence[str] = (),
) -> Chart:
    """Values over time, a line a series.

    bars: series of another size, drawn as bars against an axis of their own on the right.
    """
    style = {"areaStyle": {"opacity": 0.08}} if area else {}
    drawn = _over(caption, x, series, {"type": "line", "showSymbol": len(x) <= 31, "symbolSize": 6, **style})
    if not set(bars) & set(series):
        return drawn
    as_bars = {"type": "bar", "yAxisIndex": 1, "barMaxWidth": 18, "itemStyle": {"opacity": 0.45}}
    all_drawn = [one | (as_bars if one["name"] in bars else {}) for one in drawn.option["series"]]
    axes = [{"type": "value"}, {"type": "value", "splitLine": {"show": False}}]
    return replace(drawn, option={**drawn.option, "yAxis": axes, "series": all_drawn})


def bars(caption: str, x: Sequence[str], series: Mapping[str, Sequence[Number]], *, stacked: bool = False) -> Chart:
    """Values by category, a colour a series."""
    return _over(caption, x, series, {"type": "bar", "barMaxWidth": 28, **({"stack": "all"} if stacked else {})})


def funnel(caption: str, steps: Mapping[str, int]) -> Chart:
    """How many are left after each step, as bars that keep their true length."""
    names = list(steps)
    option = {
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": names, "inverse": True},
        "series": [
            {
                "type": "bar",
                "data": list(steps.values()),
                "barMaxWidth": 26,
                "label": {"show": True, "position": "right"},
            }
        ],
    }
    return Chart(caption, option, ["", caption], [[name, value] for name, value in steps.items()])


def intervals(caption: str, rows: Sequence[Interval], *, unit: str = "", digits: int = 2) -> Chart:
    """Effects with their intervals against a line at zero, one a row, first on top.

    unit: written behind every number, like " %". digits: decimal places shown.
    """
    option = {
        "kind": "intervals",
        "unit": unit,
        "digits": digits,
        "items": [{"label": r.label, "value": r.value, "low": r.low, "high": r.high, "tone": r.tone} for r in rows],
    }
    table = [[r.label, *(f"{number:.{digits}f}{unit}" for number in (r.value, r.low, r.high))] for r in rows]
    return Chart(caption, option, ["", "=", "2.5%", "97.5%"], table)


def heatmap(caption: str, x: Sequence[str], y: Sequence[str], values: Sequence[Sequence[Number]]) -> Chart:
    """A table of shares in colour: rows y (first on top), columns x, values between 0 and 100."""
    cells = [[i, j, value] for j, row in enumerate(values) for i, value in enumerate(row) if value is not None]
    option = {
        "xAxis": {"type": "category", "data": list(x)},
        "yAxis": {"type": "category", "data": list(y), "inverse": True},
        "visualMap": {"min": 0, "max": 100, "show": False},
        "series": [{"type": "heatmap", "data": cells, "label": {"show": True}}],
    }
    return Chart(caption, option, ["", *x], [[name, *row] for name, row in zip(y, values, strict=True)])


def _over(caption: str, x: Sequence[str], series: Mapping[str, Sequence[Number]], look: Mapping[str, Any]) -> Chart:
    option = {
        "legend": {"show": len(series) > 1},
        "xAxis": {"type": "category", "data": list(x)},
        "yAxis": {"type": "value"},
        "series": [{"name": name, "data": list(values), **look} for name, values in series.items()],
    }
    rows = [[label, *(values[i] for values in series.values())] for i, label in enumerate(x)]
    return Chart(caption, option, ["", *series], rows)
