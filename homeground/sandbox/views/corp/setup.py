"""The sandbox corp itself: how to connect to it, its clock, faults, rules, callbacks and the simulator."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from procrastinate.contrib.django import app as jobs

from homeground.core.errors import BusinessError
from homeground.sandbox.forms import (
    ApiFaultForm,
    ArchiveForm,
    CallbackFaultForm,
    CallbackForm,
    LiveForm,
    RulesForm,
    SimulateForm,
)
from homeground.sandbox.models import Corp, CorpCallback, Fault
from homeground.sandbox.queries.truth import counts
from homeground.sandbox.services import callbacks
from homeground.sandbox.services.playing_corp import archive
from homeground.sandbox.services.wecom import clock, tokens
from homeground.sandbox.services.wecom.corp import corp as the_corp
from homeground.sandbox.services.wecom.corp import credentials
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

STEPS = (60, 3600, 86_400)  # Seconds by which the clock may be moved on.


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def corp(request: HttpRequest) -> HttpResponse:
    """Everything about the corp on one page."""
    return _show(request, {})


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def size(request: HttpRequest) -> HttpResponse:
    """How many of what there are; counted when the page stands."""
    return render(request, "sandbox/corp/size.html", {"counts": counts()})


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Callbacks, the newest first, with what became of them."""
    return _outbox(request)


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one callback once more."""
    callbacks.try_again(get_object_or_404(CorpCallback, pk=pk).pk)
    return _outbox(request)


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """Another callback address; it is checked first, as the platform does."""
    form = CallbackForm(request.POST)
    if form.is_valid():
        try:
            callbacks.change_address(the_corp(), form.cleaned_data["url"].strip())
        except BusinessError as refusal:
            form.add_error("url", str(refusal))
    if form.errors:
        return _show(request, {"callback_form": form})
    toast(request, _("回调地址已保存") if form.cleaned_data["url"] else _("已停止推送事件"))
    return redirect("sandbox:corp")


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def shift(request: HttpRequest) -> HttpResponse:
    """Move the corp's clock on."""
    given = request.POST.get("seconds", "")
    if given in {str(step) for step in STEPS}:
        clock.shift(int(given))
        toast(request, _("企业的时钟已拨快"))
    return redirect("sandbox:corp")


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def rules(request: HttpRequest) -> HttpResponse:
    """How the platform treats this corp."""
    return _save(request, "rules_form", RulesForm(request.POST, instance=the_corp()))


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def callback_fault(request: HttpRequest) -> HttpResponse:
    """Let the next callbacks go wrong."""
    return _save(request, "callback_fault_form", CallbackFaultForm(request.POST, instance=the_corp()))


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def api_fault(request: HttpRequest) -> HttpResponse:
    """Let the next API calls go wrong, or let them be right again."""
    if "remove" in request.POST:
        Fault.objects.all().delete()
        toast(request, _("接口恢复正常"))
        return redirect("sandbox:corp")
    return _save(request, "api_fault_form", ApiFaultForm(request.POST))


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def end_tokens(request: HttpRequest) -> HttpResponse:
    """Expire (42001) or withdraw (40014) every running token."""
    number = tokens.invalidate() if request.POST.get("how") == "invalidate" else tokens.expire()
    toast(request, _("%s 个 access_token 已失效") % number)
    return redirect("sandbox:corp")


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def archiving(request: HttpRequest) -> HttpResponse:
    """Send what is said to the product, or no more."""
    form = ArchiveForm(request.POST)
    if form.is_valid():
        archive.switch(is_on=form.cleaned_data["is_on"], token=form.cleaned_data["token"].strip())
        toast(request, _("会话存档已保存"))
        return redirect("sandbox:corp")
    return _show(request, {"archive_form": form})


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def simulate(request: HttpRequest) -> HttpResponse:
    """Have a job add a whole corp."""
    return _start(request, "simulate_form", SimulateForm(request.POST), "sandbox.simulate")


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def live(request: HttpRequest) -> HttpResponse:
    """Have a job live some days."""
    return _start(request, "live_form", LiveForm(request.POST), "sandbox.live")


def _show(request: HttpRequest, forms_given: dict[str, Any]) -> HttpResponse:
    found = the_corp()
    page = {
        "corp": found,
        "base_url": request.build_absolute_uri("/sandbox/wecom/"),
        "secrets": credentials() if request.user.has_perm("sandbox.play_phone") else {},
        "now": clock.now(),
        "steps": zip(STEPS, (_("+1 分钟"), _("+1 小时"), _("+1 天")), strict=True),
        "faults": Fault.objects.filter(times_left__gt=0).order_by("pk"),
        "callback_form": CallbackForm({"url": credentials()["callback_url"]}),
        "rules_form": RulesForm(instance=found),
        "callback_fault_form": CallbackFaultForm(instance=found),
        "api_fault_form": ApiFaultForm(),
        "archive_form": ArchiveForm(initial={"is_on": found.is_archiving}),
        "simulate_form": SimulateForm(),
        "live_form": LiveForm(),
        "can_play": request.user.has_perm("sandbox.play_phone"),
        **_callbacks(request),
    }
    return render(request, "sandbox/corp/corp.html", {**page, **forms_given})


def _save(request: HttpRequest, name: str, form: forms.ModelForm) -> HttpResponse:  # type: ignore[type-arg]
    if not form.is_valid():
        return _show(request, {name: form})
    if isinstance(form.instance, Corp):
        Corp.objects.filter(pk=1).update(**form.cleaned_data)
    else:
        form.save()
    toast(request, _("已保存"))
    return redirect("sandbox:corp")


def _start(request: HttpRequest, name: str, form: forms.Form, job: str) -> HttpResponse:
    if not form.is_valid():
        return _show(request, {name: form})
    jobs.configure_task(job).defer(**form.cleaned_data)
    toast(request, _("已开始，稍后刷新规模即可看到"))
    return redirect("sandbox:corp")


def _callbacks(request: HttpRequest) -> dict[str, Any]:
    return {"page": page_of(CorpCallback.objects.all(), request.GET, by=("-pk",), size=15)}


def _outbox(request: HttpRequest) -> HttpResponse:
    can_play = request.user.has_perm("sandbox.play_phone")
    return render(request, "sandbox/corp/outbox.html", {**_callbacks(request), "can_play": can_play})
