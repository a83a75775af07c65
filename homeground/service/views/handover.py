"""Pages of the handover: the list, a new one, one with its preview and progress."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.errors import BusinessError
from homeground.service.forms.handover import HandoverForm
from homeground.service.models import Handover, HandoverItem
from homeground.service.queries import handover as queries
from homeground.service.services import handover as services
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_STEPS = [Handover.State.DRAFT, Handover.State.RUNNING, Handover.State.WAITING, Handover.State.DONE]


@login_required
@permission_required("service.hand_over", raise_exception=True)
@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """Every handover, the newest first."""
    page = page_of(queries.handovers(), request.GET, by=("-made_at", "-pk"), size=20)
    return render(request, "service/handovers.html", {"page": page})


@login_required
@permission_required("service.hand_over", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Say whose customers go to whom; the next page shows what that means before anything happens."""
    form = HandoverForm(request.POST or None, initial={"giver": request.GET.get("giver")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.plan_handover(
                given["giver"], form.rules, message=given["message"], gives_groups=given["gives_groups"],
                by=request.user.get_username(),
            )  # fmt: skip
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("service:handover_of", made.pk)
    return render(request, "service/handover_new.html", {"form": form})


@login_required
@permission_required("service.hand_over", raise_exception=True)
@require_GET
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One handover: before it begins what it would do, after that how it goes. htmx asks for the numbers alone."""
    found = get_object_or_404(Handover.objects.select_related("giver"), pk=pk)
    state = request.GET.get("state", "")
    context: dict[str, Any] = {
        "handover": found,
        "progress": queries.progress(found),
        "is_moving": found.state in (Handover.State.RUNNING, Handover.State.WAITING),
        "steps": [step.label for step in _STEPS],
        "step": _STEPS.index(Handover.State(found.state)) if found.state in _STEPS else 0,
    }
    if request.headers.get("HX-Target") == "progress":
        return render(request, "service/handover.html#progress", context)
    context |= {
        "rules": found.rules.select_related("tag").prefetch_related("takers"),
        "page": page_of(queries.items(found, state), request.GET, by=("pk",), size=20),
        "states": HandoverItem.State.choices,
        "state": state,
    }
    return render(request, "service/handover.html", context)


@login_required
@permission_required("service.hand_over", raise_exception=True)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to ask the platform."""
    return _done(request, pk, lambda: services.start_handover(pk), _("已开始，正在提交给企业微信"))


@login_required
@permission_required("service.hand_over", raise_exception=True)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what was not asked yet."""
    return _done(request, pk, lambda: services.cancel_handover(pk), _("尚未提交的部分已取消"))


@login_required
@permission_required("service.hand_over", raise_exception=True)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    get_object_or_404(Handover, pk=pk)
    try:
        services.discard_handover(pk)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect("service:handover_of", pk)
    toast(request, _("草稿已删除"))
    return redirect("service:handover")


def _done(request: HttpRequest, pk: int, work: Any, said: str) -> HttpResponse:
    get_object_or_404(Handover, pk=pk)
    try:
        work()
        toast(request, said)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("service:handover_of", pk)
