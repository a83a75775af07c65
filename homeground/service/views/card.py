"""The customer card, on the staff's phone and in the WeCom chat sidebar."""

from collections.abc import Callable, Sequence
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeground.commerce.queries import Totals, orders_of, totals
from homeground.content.models import QuickReply
from homeground.content.queries import ReplyFacts, replies_matching, suggested
from homeground.content.services import fill_reply, note_use
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.people import queries as people
from homeground.people import services as people_services
from homeground.people.models import Customer
from homeground.people.services import AttributeGiven
from homeground.service.forms.card import BirthdayForm, IntervalForm, LiftForm, LimitForm, NoteForm, PassOnForm, TagForm
from homeground.service.models import Queue
from homeground.service.queries import card as queries
from homeground.service.queries import naming
from homeground.service.queries.sight import customer_of_external
from homeground.service.queries.tickets import open_of
from homeground.service.queries.touches import last_touches
from homeground.service.services import customers, tickets
from homeground.service.services.planning import LUNAR, SOLAR
from homeground.service.views.desk import Desk, at_desk, customer_at

_FOUND, _SUGGESTED = 20, 5  # Quick replies of a search, and unasked.
Change = tuple[type[Form], Callable[[Desk, Customer, dict[str, Any]], object]]


@at_desk
@require_GET
def sidebar(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The card beside a chat. Without ?external_userid= the page asks WeCom whose chat it is."""
    external = request.GET.get("external_userid", "")
    if not external:
        return render(request, "service/staff/sidebar.html", {"desk": desk})
    found = customer_of_external(external)
    if found is None:
        raise Http404
    return _page(request, desk, found, is_sidebar=True)


@at_desk
@require_GET
def customer(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The card as a page."""
    return _page(request, desk, pk)


@at_desk
@require_POST
def change(request: HttpRequest, desk: Desk, pk: int, what: str) -> HttpResponse:
    """A tag, a note, a limit, the interval or the birthday; the card as it stands then."""
    person, ids = customer_at(desk, int(pk))
    kind, act = _CHANGES[what]
    form = kind(request.POST)
    refusal = ""
    if form.is_valid():
        try:
            act(desk, person, form.cleaned_data)
        except BusinessError as error:
            refusal = str(error)
    else:
        refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return render(request, "service/staff/card.html", _context(desk, person, ids) | {"refusal": refusal})


@at_desk
@require_GET
def scripts(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Prepared answers with these words, filled for this customer."""
    person, ids = customer_at(desk, pk)
    words = request.GET.get("q", "").strip()[:60]
    found = _found(person, words) if words else _suggested(desk, person, ids, **_known(desk, person))
    context = {"scripts": found, "customer": person}
    return render(request, "service/staff/scripts.html", context)


@at_desk
@require_GET
def touches(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A fragment: what this customer was sent lately. Apart, since it is asked of ClickHouse."""
    _person, ids = customer_at(desk, pk)
    return render(request, "service/staff/touches.html", {"touches": last_touches(ids)})


@at_desk
@require_POST
def used(request: HttpRequest, desk: Desk, pk: int, reply: int) -> HttpResponse:
    """An answer was copied or sent: it counts."""
    person, _ids = customer_at(desk, pk)
    staff_id = desk.staff.pk if desk.staff else None
    note_use(get_object_or_404(QuickReply, pk=reply).pk, staff_id=staff_id, customer_id=person.pk)
    return JsonResponse({})


def _page(request: HttpRequest, desk: Desk, customer_id: int, *, is_sidebar: bool = False) -> HttpResponse:
    context = _context(desk, *customer_at(desk, customer_id)) | {"is_sidebar": is_sidebar}
    return render(request, "service/staff/customer.html", context)


def _context(desk: Desk, person: Customer, ids: Sequence[int]) -> dict[str, Any]:
    known, tickets_open = _known(desk, person), open_of(ids)
    name, external, _avatar = naming.friends(ids, desk.members).get(person.pk, (person.name, "", ""))
    return {
        "desk": desk,
        "customer": person,
        "name": name or person.name or _("未留称呼"),
        "external_userid": external,
        "follows": queries.follows(ids),
        "attributes": queries.attributes(ids),
        "standing": queries.standing(person),
        "warnings": queries.warnings(ids, tickets_open),
        "tickets": tickets_open,
        "queues": Queue,
        "waits": queries.waits(ids),
        "tasks": queries.open_tasks(ids),
        "interval": queries.interval(ids, desk.brand.time_zone),
        "currency": desk.brand.currency,
        "orders": orders_of(ids)[: queries.ORDERS],
        "notes": queries.notes(ids),
        "talk": queries.talk(ids, desk.readable),
        "scripts": _suggested(desk, person, ids, **known),
        **known,
    }


def _known(desk: Desk, person: Customer) -> dict[str, Any]:
    return {
        "tags": people.tags_of([person.pk]).get(person.pk, []),
        "totals": totals([person.pk], desk.brand.currency)[person.pk],
    }


def _suggested(
    desk: Desk, person: Customer, ids: Sequence[int], tags: Sequence[str], totals: Totals
) -> list[tuple[QuickReply, str, str]]:
    """(answer, its filled text, why it is suggested)."""
    facts = ReplyFacts(person.relation, totals.orders > 0, frozenset(tags))
    found = suggested(facts, queries.said_last(ids, desk.readable), user=desk.user, limit=_SUGGESTED)
    return [(one.reply, fill_reply(one.reply, person.pk), _("、").join(one.reasons)) for one in found]


def _found(person: Customer, words: str) -> list[tuple[QuickReply, str, str]]:
    return [(reply, fill_reply(reply, person.pk), reply.group) for reply in replies_matching(words)[:_FOUND]]


def _say_birthday(desk: Desk, person: Customer, given: dict[str, Any]) -> object:
    key = LUNAR if given["calendar"] == "lunar" else SOLAR
    said = AttributeGiven(person.pk, key, given["birthday"], f"staff:{desk.by}", time.now())
    return people_services.set_attributes([said])


def _pass_on(desk: Desk, person: Customer, given: dict[str, Any]) -> object:
    return tickets.open_ticket(customer_id=person.pk, queue=given["queue"], text=given["text"], by=desk.by)


_CHANGES: dict[str, Change] = {
    "ticket": (PassOnForm, _pass_on),
    "tag": (TagForm, lambda desk, who, it: people_services.tag([who.pk], it["name"], "manual", f"staff:{desk.by}")),
    "untag": (TagForm, lambda desk, who, it: people_services.untag([who.pk], it["name"])),
    "note": (NoteForm, lambda desk, who, it: customers.add_note(who.pk, it["text"], desk.by, desk.staff)),
    "limit": (LimitForm, lambda desk, who, it: customers.add_off_limit(who.pk, it["text"], desk.by)),
    "lift": (LiftForm, lambda desk, who, it: customers.lift_off_limit(it["limit"], who.pk)),
    "interval": (IntervalForm, lambda desk, who, it: customers.set_interval(who.pk, it["days"], desk.by)),
    "birthday": (BirthdayForm, _say_birthday),
}
