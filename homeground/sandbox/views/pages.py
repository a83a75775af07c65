"""Pages for operators who play the customer: all phones, one phone, and how the gateway misbehaves."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeground.core.errors import BusinessError
from homeground.sandbox import queries
from homeground.sandbox.forms import AnswerForm, GatewayForm, SearchForm
from homeground.sandbox.models import Message, Phone
from homeground.sandbox.services import gateway as gateways
from homeground.sandbox.services import playing
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def phones(request: HttpRequest) -> HttpResponse:
    """All phones, the newest message first."""
    form = SearchForm(request.GET)
    search = form.cleaned_data["q"].strip() if form.is_valid() else ""
    waiting, given_up = queries.waiting_receipts()
    page = {
        "form": form,
        "page": page_of(queries.phones(search), request.GET, by=("-newest_at", "-pk")),
        "search": search,
        "gateway": gateways.gateway(),
        "gateway_form": GatewayForm(instance=gateways.gateway()),
        "waiting": waiting,
        "given_up": given_up,
    }
    return render(request, "sandbox/phones.html", page)


@login_required
@permission_required("sandbox.change_gateway", raise_exception=True)
@require_POST
def gateway(request: HttpRequest) -> HttpResponse:
    """Set how the gateway treats the next requests."""
    form = GatewayForm(request.POST, instance=gateways.gateway())
    if form.is_valid():
        gateways.misbehave(**form.cleaned_data)
        toast(request, _("网关设置已保存"))
    else:
        toast(request, _("网关设置有误，请检查数字。"), level="error")
    return redirect("sandbox:phones")


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def phone(request: HttpRequest, address: str) -> HttpResponse:
    """One customer's phone."""
    return _show(request, get_object_or_404(Phone, address=address))


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer reads a message."""
    message = get_object_or_404(Message, pk=pk)
    playing.open_message(message)
    return _after(request, message.phone)


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def complain(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer reports a message."""
    message = get_object_or_404(Message, pk=pk)
    playing.complain(message)
    return _after(request, message.phone)


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer writes back."""
    found = get_object_or_404(Phone, pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            playing.answer(found, form.cleaned_data["text"])
        except BusinessError as refusal:
            toast(request, str(refusal), level="error")
    return _after(request, found)


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer blocks the sender, or lets it in again."""
    found = get_object_or_404(Phone, pk=pk)
    playing.block(found, is_blocking=request.POST.get("is_blocking") == "1")
    return redirect("sandbox:phone", address=found.address)


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Off, or on again."""
    found = get_object_or_404(Phone, pk=pk)
    playing.switch(found, is_off=request.POST.get("is_off") == "1")
    return redirect("sandbox:phone", address=found.address)


def _after(request: HttpRequest, found: Phone) -> HttpResponse:
    """The thread alone when htmx asked, else the whole page."""
    if request.headers.get("HX-Request"):
        return _show(request, found)
    return redirect("sandbox:phone", address=found.address)


def _show(request: HttpRequest, found: Phone) -> HttpResponse:
    thread = queries.thread(found)
    sender = next((message.sender for message in reversed(thread) if message.sender), "")
    page = {
        "phone": found,
        "thread": thread,
        "sender": sender,
        "answer": AnswerForm(),
        "can_play": request.user.has_perm("sandbox.play_phone"),
    }
    template = "sandbox/phone.html#thread" if request.headers.get("HX-Request") else "sandbox/phone.html"
    return render(request, template, page)
