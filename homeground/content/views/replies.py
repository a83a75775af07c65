"""Prepared answers: the list, the editor, files."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.content import queries, services
from homeground.content.forms import ReplyFileForm, ReplyFilter, ReplyForm
from homeground.content.models import QuickReply
from homeground.content.places import catalogue
from homeground.core.errors import BusinessError
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast


@login_required
@permission_required("content.view_quickreply", raise_exception=True)
@require_GET
def replies(request: HttpRequest) -> HttpResponse:
    """The answers, most used first."""
    form = ReplyFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    favourites = queries.favourites_of(request.user)
    rows = queries.replies_matching(given.get("q", ""), given.get("group", ""))
    if given.get("mine"):
        rows = rows.filter(pk__in=favourites)
    page = page_of(rows, request.GET, by=("-uses", "-pk"))
    return render(request, "content/replies.html", {"form": form, "page": page, "favourites": favourites})


@login_required
@permission_required("content.add_quickreply", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new answer."""
    return _editor(request, QuickReply())


@login_required
@permission_required("content.change_quickreply", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an answer."""
    return _editor(request, get_object_or_404(QuickReply, pk=pk))


@login_required
@permission_required("content.delete_quickreply", raise_exception=True)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an answer."""
    services.delete_reply(pk)
    toast(request, _("话术已删除"))
    return redirect("content:replies")


@login_required
@permission_required("content.view_quickreply", raise_exception=True)
@require_POST
def favour(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment: the star after it was pressed."""
    is_favourite = request.POST.get("on") == "1"
    services.set_favourite(get_object_or_404(QuickReply, pk=pk).pk, request.user, is_favourite=is_favourite)
    return render(request, "content/star.html", {"row": QuickReply(pk=pk), "is_favourite": is_favourite})


@login_required
@permission_required("content.add_quickreply", raise_exception=True)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Answers from a file, whole or not at all."""
    form = ReplyFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.import_replies(form.cleaned_data["file"].read(services.MOST_REPLY_BYTES + 1))
            toast(request, _("新增 %(added)d 条，更新 %(changed)d 条") % {"added": done.added, "changed": done.changed})
            return redirect("content:replies")
        except BusinessError as refusal:
            for line in str(refusal).splitlines():
                form.add_error("file", line)
    return render(request, "content/reply_file.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@permission_required("content.add_quickreply", raise_exception=True)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Add the set that we bring."""
    toast(request, _("已装入 %d 条常用话术，按你们的语气改一改再用") % services.install_starters().added)
    return redirect("content:replies")


def _editor(request: HttpRequest, reply: QuickReply) -> HttpResponse:
    form = ReplyForm(request.POST or None, instance=reply)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_reply(form.save(commit=False))
            toast(request, _("话术已保存"))
            return redirect("content:replies")
        except BusinessError as refusal:
            form.add_error("text", str(refusal))
    groups = QuickReply.objects.order_by("group").values_list("group", flat=True).distinct()
    page = {"form": form, "reply": reply, "catalogue": catalogue(), "groups": groups}
    return render(request, "content/reply.html", page, status=422 if form.is_bound else 200)
