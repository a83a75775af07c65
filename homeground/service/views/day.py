"""The staff's page: who waits, what to confirm, whom to greet, follow up and care for today."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from homeground.core.errors import BusinessError
from homeground.service.forms.day import RequestForm
from homeground.service.models import CareItem, Task, Ticket, Wait, Work
from homeground.service.queries import care as care_numbers
from homeground.service.queries import day as queries
from homeground.service.queries import naming
from homeground.service.services import care, tasks, tickets, waits
from homeground.service.services.planning import BIRTHDAY_DAYS_AHEAD
from homeground.service.views.desk import Desk, at_desk

SHOWN = 10  # Of each kind at first; the rest by a tap.
_MORE = 30
_TASKS = [Work.HAND, Work.CAMPAIGN, Work.BIRTHDAY, Work.FOLLOW_UP]


@at_desk
@require_GET
def day(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The whole day."""
    if desk.staff is None:
        return redirect("service:team")
    head = _head(desk)
    part = _first_rows(desk, head["total"], Work)
    shown = _named(desk, [row for rows in part.values() for row in rows])
    context = head | {
        "parts": [{"kind": kind.value, "label": kind.label, "rows": rows} for kind, rows in part.items()],
        "coverage": care_numbers.coverage(desk.on.replace(day=1), [desk.staff.pk]).get(desk.staff.pk),
        "request_form": RequestForm(initial={"at": desk.at}),
        **shown,
    }
    return render(request, "service/staff/day.html", context)


@at_desk
@require_GET
def now(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The part that changes by itself: progress, who waits, requests."""
    head = _head(desk)
    part = _first_rows(desk, head["total"], (Work.WAIT, Work.REQUEST))
    shown = _named(desk, [row for rows in part.values() for row in rows])
    parts = [{"kind": kind.value, "label": kind.label, "rows": rows} for kind, rows in part.items()]
    return render(request, "service/staff/now.html", head | {"parts": parts, **shown})


@at_desk
@require_GET
def more(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """Further rows of one kind."""
    skip = request.GET.get("skip", "0")
    if kind not in Work.values or not skip.isdecimal() or len(skip) > 7:
        raise Http404
    rows = _rows(desk, kind, int(skip), _MORE)
    context = _head(desk) | {"part": {"kind": kind, "rows": rows}, "skip": int(skip) + len(rows), **_named(desk, rows)}
    return render(request, "service/staff/rows.html", context)


@at_desk
@require_POST
def handle_wait(request: HttpRequest, desk: Desk, pk: int, undo: str = "") -> HttpResponse:
    """已处理, or taking that back."""
    wait = get_object_or_404(Wait, pk=pk, staff_id__in=desk.members)

    def act() -> Wait:
        return waits.take_back_click(wait.pk) if undo else waits.mark_handled(wait.pk, desk.staff, desk.by)

    return _answer(request, desk, act, wait, Work.REQUEST if wait.kind == "request" else Work.WAIT, bool(undo))


@at_desk
@require_POST
def log_request(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A friend request that the platform does not tell of."""
    form = RequestForm(request.POST)
    if desk.staff is None:
        raise Http404
    if form.is_valid():
        try:
            waits.log_request(desk.staff, form.cleaned_data["label"], form.cleaned_data["at"], desk.by)
            return redirect(f"{reverse('service_public:day')}{'' if desk.is_own else f'?as={desk.staff.pk}'}")
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "service/staff/request.html", {"desk": desk, "request_form": form}, status=422)


@at_desk
@require_POST
def close_task(request: HttpRequest, desk: Desk, pk: int, how: str) -> HttpResponse:
    """Done, skipped with a reason, or open again."""
    task = get_object_or_404(Task, pk=pk, staff_id__in=desk.members)
    acts: dict[str, Callable[[], Task]] = {
        "done": lambda: tasks.finish(pk, desk.by),
        "skip": lambda: tasks.skip(pk, request.POST.get("reason", ""), desk.by),
        "undo": lambda: tasks.reopen(pk),
    }
    return _answer(request, desk, acts[how], task, task.kind, how == "undo")


@at_desk
@require_POST
def act_on_ticket(request: HttpRequest, desk: Desk, pk: int, how: str) -> HttpResponse:
    """Solved, with what was done; or open again."""
    ticket = get_object_or_404(Ticket, pk=pk, staff_id__in=desk.members)
    acts: dict[str, Callable[[], Ticket]] = {
        "close": lambda: tickets.close(ticket.pk, resolution=request.POST.get("resolution", ""), by=desk.by),
        "undo": lambda: tickets.reopen(ticket.pk, by=desk.by),
    }
    return _answer(request, desk, acts[how], ticket, Work.TICKET, how == "undo")


@at_desk
@require_POST
def tick(request: HttpRequest, desk: Desk, pk: int, what: str) -> HttpResponse:
    """A like, a comment, an answer of the friend, or why not; and taking it back."""
    item = get_object_or_404(CareItem, pk=pk, round__staff_id__in=desk.members)
    acts: dict[str, Callable[[], CareItem]] = {
        "like": lambda: care.untick(pk, care.LIKE) if item.liked_at else care.tick(pk, care.LIKE),
        "comment": lambda: care.untick(pk, care.COMMENT) if item.commented_at else care.tick(pk, care.COMMENT),
        "back": lambda: care.note_response(pk, not item.responded_at),
        "leave": lambda: care.leave_out(pk, request.POST.get("reason", "")),
        "bring": lambda: care.bring_back(pk),
    }
    return _answer(request, desk, acts[what], item, Work.CARE, is_open=True)


def _answer(
    request: HttpRequest, desk: Desk, act: Callable[[], Any], row: Any, kind: str, is_open: bool
) -> HttpResponse:
    """The row as it stands now, with the sentence of a refusal; and the progress beside it."""
    refusal = ""
    try:
        row = act()
    except BusinessError as error:
        refusal = str(error)
        row = type(row).objects.get(pk=row.pk)
    context = _head(desk) | {"row": row, "kind": str(kind), "refusal": refusal, "is_open": is_open or bool(refusal)}
    return render(request, "service/staff/answered.html", context | _named(desk, [row]))


def _head(desk: Desk) -> dict[str, Any]:
    loads = queries.loads(desk.members, desk.at, desk.brand.time_zone)
    own = loads[desk.members[0]] if desk.members else queries.Load(0, 0)
    return {"desk": desk, "load": own, "care": own.part(Work.CARE), "total": _total(desk, loads.values())}


def _total(desk: Desk, loads: Iterable[queries.Load]) -> dict[str, int]:
    """Open pieces by kind, those of covered members and the birthdays of the next days included."""
    total = dict.fromkeys(Work.values, 0)
    for load in loads:
        for part in load.parts:
            total[part.kind] += part.open
    return total | {
        Work.BIRTHDAY.value: queries.open_tasks(desk.members, Work.BIRTHDAY, _until(desk, Work.BIRTHDAY)).count()
    }


def _first_rows(desk: Desk, total: dict[str, int], kinds: Iterable[Work]) -> dict[Work, list[Any]]:
    """The first rows of each kind; what there is none of is not asked for."""
    return {kind: _rows(desk, kind, 0, SHOWN) if total[kind] else [] for kind in kinds}


def _rows(desk: Desk, kind: str, skip: int, most: int) -> list[Any]:
    find = _FINDERS.get(kind)
    found = find(desk) if find else queries.open_tasks(desk.members, kind, _until(desk, kind))
    if skip:  # By the index alone: reading 20,000 rows whole to leave them out took 110 ms.
        found = found.filter(pk__in=list(found.values_list("pk", flat=True)[skip : skip + most]))
        return list(found)
    return list(found[:most])


def _until(desk: Desk, kind: str) -> Any:
    return desk.on + timedelta(days=BIRTHDAY_DAYS_AHEAD) if kind == Work.BIRTHDAY else desk.on


_FINDERS: dict[str, Callable[[Desk], Any]] = {
    Work.WAIT: lambda desk: queries.open_waits(desk.members),
    Work.REQUEST: lambda desk: queries.open_requests(desk.members),
    Work.TICKET: lambda desk: queries.open_tickets(desk.members),
    Work.MASS_SEND: lambda desk: queries.sends_to_confirm(desk.members),
    Work.MOMENT: lambda desk: queries.moments_to_publish(desk.members),
    Work.CARE: lambda desk: queries.care_of_day(desk.members, desk.on),
}


def _named(desk: Desk, rows: Sequence[Any]) -> dict[str, Any]:
    """Names and last words for these rows, in two statements."""
    readable = desk.readable
    spoken = [row.pk for row in rows if isinstance(row, Wait) and (readable is None or row.staff_id in readable)]
    customers = [_customer_of(row) for row in rows]
    return {"friends": naming.friends(customers, desk.members), "words": naming.last_words(spoken) if spoken else {}}


def _customer_of(row: Any) -> int | None:
    customer = row.contact.customer if isinstance(row, CareItem) else getattr(row, "customer", None)
    return (customer.merged_into_id or customer.pk) if customer else None
