"""Intervals as inline SVG, for a page that must stand alone."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from homeground.insights.review.sheet import Point

_WIDTH, _LABELS, _ROW, _FOOT = 760, 220, 34, 26


def intervals(points: Sequence[Point], title: str, unit: str) -> SafeString:
    """Effects with their 95 % intervals against a line at zero, one a row. Empty without points."""
    if not points:
        return SafeString("")
    low, high = min(0.0, *(each.low for each in points)), max(0.0, *(each.high for each in points))
    spread = (high - low) or 1.0
    low, high = low - 0.06 * spread, high + 0.06 * spread
    height = _ROW * len(points) + _FOOT
    return format_html(
        '<svg class="intervals" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        _WIDTH,
        height,
        title,
        _axis(low, high, height, unit),
        format_html_join("", "{}", ((_row(each, place, low, high),) for place, each in enumerate(points))),
    )


def _x(value: float, low: float, high: float) -> str:
    return f"{_LABELS + (value - low) / (high - low) * (_WIDTH - _LABELS - 12):.1f}"


def _axis(low: float, high: float, height: int, unit: str) -> SafeString:
    zero = _x(0.0, low, high)
    return format_html(
        '<line class="zero" x1="{0}" x2="{0}" y1="4" y2="{1}"/><text class="tick" x="{0}" y="{2}">0 {3}</text>',
        zero,
        height - _FOOT,
        height - 8,
        unit,
    )


def _row(point: Point, place: int, low: float, high: float) -> SafeString:
    y = place * _ROW + _ROW / 2
    left, middle, right = (_x(value, low, high) for value in (point.low, point.value, point.high))
    return format_html(
        '<g class="{0}"><text class="label" x="{1}" y="{2}">{3}</text>'
        '<line x1="{4}" x2="{5}" y1="{6}" y2="{6}"/><circle cx="{7}" cy="{6}" r="5"/>'
        "<title>{3}: {8} ({9} … {10})</title></g>",
        point.tone,
        _LABELS - 12,
        y + 5,
        point.label,
        left,
        right,
        y,
        middle,
        f"{point.value:.4g}",
        f"{point.low:.4g}",
        f"{point.high:.4g}",
    )
