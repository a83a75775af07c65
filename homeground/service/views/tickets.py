"""Pages: tickets, what waits to be sorted, and who takes what."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.people.models import Customer
from homeground.service.classifier import MEASURED
from homeground.service.forms.tickets import (
    ClockForm,
    CloseForm,
    CorrectionForm,
    NoteForm,
    OpenTicketForm,
    QueueForm,
    RuleForm,
    TakeForm,
    TicketFilter,
)
from homeground.service.models import MessageLabel, Queue, QueueMember, SortingRule, Ticket, TicketClock, Topic
from homeground.service.queries import tickets as queries
from homeground.service.services import sorting
from homeground.service.services import tickets as services
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast


@login_required
@permission_required("service.view_ticket", raise_exception=True)
@require_GET
def tickets(request: HttpRequest) -> HttpResponse:
    """Open tickets, the most urgent first; closed ones, the newest first."""
    form = TicketFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    by = ("-opened_at", "-pk") if given.get("which") == "closed" else ("due_at", "pk")
    context = {
        "form": form,
        "page": page_of(_filtered(given), request.GET, by=by),
        "states": queries.queue_states(),
        "unsure": queries.unsure_labels().count(),
        "now": time.now(),
    }
    return render(request, "service/tickets.html", context)


def _filtered(given: dict[str, Any]) -> QuerySet[Ticket]:
    which = given.get("which", "")
    rows = Ticket.objects.select_related("customer", "staff").filter(closed_at__isnull=which != "closed")
    wanted = {
        "late": Q(due_at__lt=time.now()),
        "complaint": Q(is_complaint=True),
        "unowned": Q(staff__isnull=True),
    }.get(which, Q())
    for name in ("queue", "staff"):
        if given.get(name):
            wanted &= Q(**{name: given[name]})
    return rows.filter(wanted, text__contains=given.get("q", ""))


@login_required
@permission_required("service.view_ticket", raise_exception=True)
@require_GET
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """One ticket: what was said and done, and what can be done."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, **bound: Any) -> HttpResponse:
    row = get_object_or_404(Ticket.objects.select_related("customer", "staff"), pk=pk)
    context = {
        "ticket": row,
        "notes": row.notes.all(),
        "take": TakeForm(initial={"staff": row.staff_id}),
        "note": NoteForm(),
        "close": CloseForm(),
        "other": next(queue for queue in Queue if queue != row.queue),
        "now": time.now(),
    }
    return render(request, "service/ticket.html", context | bound, status=422 if bound else 200)


@login_required
@permission_required("service.add_ticket", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a ticket for a customer: from their page."""
    form = OpenTicketForm(request.POST or None, initial={"customer": request.GET.get("customer")})
    customer = get_object_or_404(Customer, pk=_number(form["customer"].value()))
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data | {"customer_id": form.cleaned_data.pop("customer")}
            opened = services.open_ticket(**given, by=request.user.get_username())
            toast(request, _("工单已开"))
            return redirect("service:ticket", opened.pk)
        except BusinessError as refusal:
            form.add_error("text", str(refusal))
    context = {"form": form, "customer": customer}
    return render(request, "service/open_ticket.html", context, status=422 if form.is_bound else 200)


def _number(value: Any) -> int:
    return int(value) if str(value).isdecimal() and len(str(value)) < 19 else 0


@login_required
@permission_required("service.change_ticket", raise_exception=True)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to a member of staff."""
    form = TakeForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, take=form)
    staff = form.cleaned_data["staff"]
    return _acted(request, pk, _("已交给 %s") % staff.title, services.take, staff_id=staff.pk)


@login_required
@permission_required("service.change_ticket", raise_exception=True)
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was done."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, note=form)
    return _acted(request, pk, _("已记下"), services.note, text=form.cleaned_data["text"])


@login_required
@permission_required("service.change_ticket", raise_exception=True)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to the other queue."""
    queue = request.POST.get("queue", "")
    if queue not in Queue.values:
        return _page(request, pk)
    return _acted(request, pk, _("已转到另一队列"), services.move, queue=queue)


@login_required
@permission_required("service.change_ticket", raise_exception=True)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it with a result; can be undone."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, close=form)
    undo = reverse("service:reopen_ticket", args=[pk])
    return _acted(request, pk, _("已结单"), services.close, undo, resolution=form.cleaned_data["resolution"])


@login_required
@permission_required("service.change_ticket", raise_exception=True)
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the closing back."""
    return _acted(request, pk, _("已重新打开"), services.reopen)


def _acted(request: HttpRequest, pk: int, done: str, service: Any, undo_url: str = "", **given: Any) -> HttpResponse:
    get_object_or_404(Ticket, pk=pk)
    try:
        service(pk, **given, by=request.user.get_username())
        toast(request, done, undo_url=undo_url)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("service:ticket", pk)


@login_required
@permission_required("service.view_ticket", raise_exception=True)
@require_GET
def unsure(request: HttpRequest) -> HttpResponse:
    """Messages that the classifier was not sure of."""
    page = page_of(queries.unsure_labels(), request.GET, by=("-pk",))
    return render(request, "service/unsure.html", {"page": page, "topics": Topic})


@login_required
@permission_required("service.change_messagelabel", raise_exception=True)
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment: the row, with what a colleague said it is."""
    label = get_object_or_404(MessageLabel, pk=pk)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        topic = form.cleaned_data["topic"]
        negative = topic == Topic.COMPLAINT or (label.is_negative and topic != Topic.QUESTION)
        label = sorting.correct(pk, topic=topic, is_negative=negative, by=request.user.get_username())
    return render(request, "service/unsure.html#row", {"row": label, "topics": Topic})


@login_required
@permission_required("service.view_ticket", raise_exception=True)
@require_GET
def queues(request: HttpRequest) -> HttpResponse:
    """Who takes what, until when, and which words decide."""
    return _queues(request)


def _queues(request: HttpRequest, **bound: Any) -> HttpResponse:
    members = QueueMember.objects.values_list("queue", "staff")
    forms = {
        queue: QueueForm(auto_id=f"{queue}-%s", initial={"staff": [one for name, one in members if name == queue]})
        for queue in Queue
    }
    context = {
        "queues": [(queue, bound.get(queue.value, forms[queue])) for queue in Queue],
        "clocks": TicketClock.objects.order_by("queue", "is_complaint", "-valid_from"),
        "rules": SortingRule.objects.all(),
        "clock": bound.get("clock", ClockForm(initial={"valid_from": time.now()})),
        "rule": bound.get("rule", RuleForm()),
        "wrong": next(iter(bound), ""),
        "measured": MEASURED,
    }
    return render(request, "service/queues.html", context, status=422 if bound else 200)


@login_required
@permission_required("service.change_queuemember", raise_exception=True)
@require_POST
def set_queue(request: HttpRequest, queue: str) -> HttpResponse:
    """Say who takes tickets of a queue."""
    form = QueueForm(request.POST)
    if queue not in Queue.values or not form.is_valid():
        return _queues(request, **{queue: form})
    services.set_members(queue, [staff.pk for staff in form.cleaned_data["staff"]])
    toast(request, _("已保存"))
    return redirect("service:queues")


@login_required
@permission_required("service.add_ticketclock", raise_exception=True)
@require_POST
def add_clock(request: HttpRequest) -> HttpResponse:
    """A deadline that holds from a moment on; the earlier ones stay."""
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _queues(request, clock=form)
    form.instance.set_by = request.user.get_username()
    form.save()
    toast(request, _("已保存"))
    return redirect("service:queues")


@login_required
@permission_required("service.add_sortingrule", raise_exception=True)
@require_POST
def add_rule(request: HttpRequest) -> HttpResponse:
    """Words that decide without the classifier."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _queues(request, rule=form)
    form.instance.set_by, form.instance.order = request.user.get_username(), SortingRule.objects.count()
    form.save()
    toast(request, _("已保存"))
    return redirect("service:queues")


@login_required
@permission_required("service.change_sortingrule", raise_exception=True)
@require_POST
def switch_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a rule off, or on again."""
    rule = get_object_or_404(SortingRule, pk=pk)
    rule.is_enabled = not rule.is_enabled
    rule.save(update_fields=["is_enabled"])
    toast(request, _("规则已启用") if rule.is_enabled else _("规则已停用"))
    return redirect("service:queues")
