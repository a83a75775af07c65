"""Review a file in the browser: the same as `homeground review`, with pickers. Nothing is stored."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from homeground.core.errors import BusinessError
from homeground.insights.forms import MOST_UNPACKED_BYTES, FileForm, QuestionForm
from homeground.insights.review.file import review_content
from homeground.insights.review.findings import Findings
from homeground.insights.review.source import columns_of
from homeground.insights.views.laying import laid_out

_MAY = "insights.make_review"


@login_required
@permission_required(_MAY, raise_exception=True)
def upload(request: HttpRequest) -> HttpResponse:
    """Pick a file, then its columns; the result comes beneath."""
    if request.method != "POST":
        return render(request, "insights/upload.html", {"form": FileForm()})
    form, columns = QuestionForm(request.POST, request.FILES), _columns(request)
    if isinstance(columns, list):
        form = QuestionForm(request.POST, request.FILES, columns=columns)
    else:
        form.add_error("file", str(columns))
    findings = _findings(form) if form.is_valid() else None
    return _answer(request, form, findings)


@login_required
@permission_required(_MAY, raise_exception=True)
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """The pickers of a file that was just chosen."""
    found = _columns(request)
    if isinstance(found, list):
        form = QuestionForm(initial=_guess(found), columns=found)
        return render(request, "insights/upload.html#columns", {"form": form})
    form = QuestionForm()
    return render(request, "insights/upload.html#columns", {"form": form, "refusal": str(found)})


def _answer(request: HttpRequest, form: QuestionForm, findings: Findings | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, **(laid_out(findings) if findings else {})}
    return render(request, "insights/upload.html#result", context)


def _columns(request: HttpRequest) -> list[str] | str:
    """The file's columns, or why there are none."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return " ".join(str(error) for error in form.errors.get("file", []))
    file = form.cleaned_data["file"]
    try:
        return columns_of(file.read(), file.name, MOST_UNPACKED_BYTES)
    except BusinessError as refusal:
        return str(refusal)
    finally:
        file.seek(0)


def _findings(form: QuestionForm) -> Findings | None:
    file = form.cleaned_data["file"]
    try:
        return review_content(file.read(), file.name, form.question(), MOST_UNPACKED_BYTES)
    except BusinessError as refusal:
        form.add_error(None, str(refusal))
        return None


_NAMES = {"arm": ("arm", "group", "treat", "variant", "segment", "组"), "id": ("id", "编号", "会员")}


def _guess(columns: list[str]) -> dict[str, str]:
    """The likely columns, by how people name them."""
    named = {
        field: [name for name in columns if any(word in name.lower() for word in words)]
        for field, words in _NAMES.items()
    }
    return {field: names[0] for field, names in named.items() if names}
