"""The findings as one HTML file that needs nothing else: both languages in it, drawings inside, no script."""

from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from homeground.insights.errors import UnreadableFile
from homeground.insights.review.drawing import intervals
from homeground.insights.review.findings import Findings
from homeground.insights.review.sheet import Panel, Sheet, SplitPanel, sheet

_LANGUAGES = (("zh-hans", "zh", "中文"), ("en", "en", "English"))


@dataclass(frozen=True)
class _Body:
    key: str
    label: str
    code: str
    content: str


def write(findings: Findings, name: str, path: Path) -> None:
    """Write the page. Raises UnreadableFile when the place cannot be written."""
    try:
        path.write_text(page(findings, name), encoding="utf-8")
    except OSError as error:
        raise UnreadableFile(str(path), error.strerror or str(error)) from None


def page(findings: Findings, name: str) -> str:
    """The page; the active language is shown first."""
    first = "en" if (translation.get_language() or "").startswith("en") else "zh"
    bodies = [_body(findings, name, *each) for each in _LANGUAGES]
    return render_to_string("insights/file.html", {"bodies": bodies, "first": first, "name": name})


def _body(findings: Findings, name: str, code: str, key: str, label: str) -> _Body:
    with translation.override(code):
        laid = sheet(findings)
        content = render_to_string("insights/file_body.html", {"sheet": laid, "name": name, **_drawn(laid)})
    return _Body(key, label, code, SafeString(content))


def _drawn(laid: Sheet) -> dict[str, list[tuple[Panel | SplitPanel, SafeString]]]:
    return {
        "panels": [(each, intervals(each.points, each.title, each.unit)) for each in laid.panels],
        "splits": [(each, intervals(each.points, each.title, each.unit)) for each in laid.splits],
    }
