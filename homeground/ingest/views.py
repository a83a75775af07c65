"""The console's pages: ways in, tokens, files, and what could not be taken."""

from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import AbstractBaseUser
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.env import env
from homeground.core.errors import BusinessError
from homeground.ingest import queries
from homeground.ingest.forms import MappingForm, TokenForm, UploadForm
from homeground.ingest.models import FileImport, Token
from homeground.ingest.services import uploads
from homeground.ingest.services.imports import preview
from homeground.ingest.services.tokens import create_token, revoke_token
from homeground.ingest.veil import veil
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_OPEN = (FileImport.State.DRAFT, FileImport.State.FAILED)


@login_required
@permission_required("ingest.view_token", raise_exception=True)
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """How programs send events, and the tokens that let them in."""
    return _sources(request, TokenForm())


@login_required
@permission_required("ingest.add_token", raise_exception=True)
@require_POST
@never_cache
def create(request: HttpRequest) -> HttpResponse:
    """Make a token and show it on this one page."""
    form, made = TokenForm(request.POST), None
    if form.is_valid():
        try:
            made = create_token(**form.cleaned_data)
        except BusinessError as refusal:
            form.add_error("name", str(refusal))
    return _sources(request, TokenForm() if made else form, made)


@login_required
@permission_required("ingest.change_token", raise_exception=True)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    token = get_object_or_404(Token, pk=pk)
    try:
        revoke_token(token.name)
        toast(request, _("令牌「%s」已吊销") % token.name)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("ingest:sources")


@login_required
@permission_required("ingest.view_fileimport", raise_exception=True)
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """Files that came in, and a place for the next."""
    return _imports(request, UploadForm())


@login_required
@permission_required("ingest.add_fileimport", raise_exception=True)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep a file as a draft, and go on to its columns."""
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            row = uploads.keep_upload(said["file"], said["kind"], said["preset"] or None, _name(request.user))
        except BusinessError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("ingest:import", pk=row.pk)
    return _imports(request, form, status=422)


@login_required
@permission_required("ingest.view_fileimport", raise_exception=True)
@require_http_methods(["GET", "POST"])
def file_import(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: its columns while it is a draft, then how far it is, then what came of it."""
    row = get_object_or_404(FileImport, pk=pk)
    if row.state not in _OPEN:
        return render(request, "ingest/import.html", {"row": row})
    if not request.user.has_perm("ingest.add_fileimport"):
        return render(request, "ingest/import.html", {"row": row, "form": None})
    return _draft(request, row)


@login_required
@permission_required("ingest.view_fileimport", raise_exception=True)
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; asked every second while it runs. The whole page comes when it has ended."""
    row = get_object_or_404(FileImport, pk=pk)
    if row.state in (FileImport.State.QUEUED, FileImport.State.RUNNING):
        return render(request, "ingest/progress.html", {"row": row})
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


@login_required
@permission_required("ingest.add_fileimport", raise_exception=True)
@require_GET
def rejects(request: HttpRequest, pk: int) -> FileResponse:
    """The rows that were not taken, to be mended and brought again."""
    row = get_object_or_404(FileImport, pk=pk)
    path = Path((row.result or row.trial or {}).get("rejects_file") or "")
    if not path.is_relative_to(env.folder) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


@login_required
@permission_required("ingest.view_rejected", raise_exception=True)
@require_GET
def rejected(request: HttpRequest) -> HttpResponse:
    """Events that were sent and could not be taken."""
    page = page_of(queries.rejected(), request.GET, by=("-pk",))
    rows = [(row, veil(row.body), queries.REASONS.get(row.code, row.code)) for row in page]
    return render(request, "ingest/rejected.html", {"page": page, "rows": rows})


def _sources(request: HttpRequest, form: TokenForm, made: str | None = None) -> HttpResponse:
    page = {"form": form, "made": made, "tokens": queries.tokens(), "address": env.base_url.rstrip("/")}
    return render(request, "ingest/sources.html", page, status=422 if form.is_bound else 200)


def _imports(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    page = page_of(queries.file_imports(), request.GET, by=("-made_at", "-pk"))
    return render(request, "ingest/imports.html", {"form": form, "page": page}, status=status)


def _draft(request: HttpRequest, row: FileImport) -> HttpResponse:
    columns, sample = preview(Path(row.path))
    form = MappingForm(row, columns, request.POST or None)
    if form.is_bound and form.is_valid():
        dry_run = "try" in request.POST
        try:
            uploads.settle(row, form.options())
            uploads.start(row, dry_run=dry_run)
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("ingest:import", pk=row.pk)
    by_column = [[veil(cells[place]) for cells in sample] for place in range(len(columns))]
    page: dict[str, Any] = {"row": row, "form": form, "pickers": list(zip(form.pickers, by_column, strict=True))}
    return render(request, "ingest/import.html", page, status=422 if form.is_bound else 200)


def _name(user: AbstractBaseUser | Any) -> str:
    return str(user.get_username())
