"""Pages: the list of message templates, the editor, and a preview as one customer would read it."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.content import queries, services
from homeground.content.forms import MessageFilter, MessageForm, PreviewForm, Tray
from homeground.content.forms.tray import items_of
from homeground.content.models import SHARED_KINDS, Message, Wording
from homeground.content.places import catalogue
from homeground.core.errors import BusinessError
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast


@login_required
@permission_required("content.view_message", raise_exception=True)
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """The templates, newest change first."""
    form = MessageFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    rows = Message.objects.filter(name__contains=given.get("q", ""))
    if given.get("link"):
        rows = rows.filter(link=given["link"])
    page = page_of(rows, request.GET, by=("-updated_at", "-pk"))
    return render(request, "content/messages.html", {"form": form, "page": page})


@login_required
@permission_required("content.add_message", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new template."""
    return _editor(request, Message())


@login_required
@permission_required("content.change_message", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a template. What campaigns froze stays as it was."""
    return _editor(request, get_object_or_404(Message, pk=pk))


def _editor(request: HttpRequest, message: Message) -> HttpResponse:
    form = MessageForm(request.POST or None, instance=message)
    items = items_of(request.POST) if form.is_bound else message.attachments
    if request.method == "POST" and form.is_valid():
        try:
            draft = form.save(commit=False)
            draft.attachments = items
            services.save_message(draft)
            toast(request, _("模板已保存"))
            return redirect("content:messages")
        except BusinessError as refusal:
            form.add_error("body", str(refusal))
    tray = Tray("moments" if form["channel_kind"].value() == "wecom_moments" else "mass", items)
    page = {"form": form, "message": message, "catalogue": catalogue(), "tray": tray}
    return render(request, "content/message.html", page, status=422 if form.is_bound else 200)


@login_required
@permission_required("content.delete_message", raise_exception=True)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a template that no campaign uses."""
    try:
        services.delete_message(get_object_or_404(Message, pk=pk))
        toast(request, _("模板已删除"))
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("content:messages")


@login_required
@permission_required("content.view_message", raise_exception=True)
@permission_required("people.view_customer", raise_exception=True)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A fragment: the text as it stands in the editor, as one customer would read it, and its size."""
    form = PreviewForm(request.POST)
    if not form.is_valid():
        return render(request, "content/preview.html", {})
    given = form.cleaned_data
    return render(request, "content/preview.html", given | {"items": items_of(request.POST)} | _filled(given))


def _filled(given: dict[str, Any]) -> dict[str, Any]:
    wording = Wording(given["channel_kind"], given["subject"], given["body"])
    try:
        found = _shared(wording) if wording.channel_kind in SHARED_KINDS else _for_one(wording, given["q"].strip())
        return found | {"size": services.size_of(wording)}
    except BusinessError as refusal:
        return {"refusal": str(refusal)}


def _shared(wording: Wording) -> dict[str, Any]:
    return {"is_shared": True, "text": services.render_shared(wording)}


def _for_one(wording: Wording, words: str) -> dict[str, Any]:
    customer = queries.preview_customer(words)
    texts = services.render(wording, [customer.pk] if customer else [], is_masked=True)
    return {"customer": customer, "text": texts[customer.pk] if customer else None}
