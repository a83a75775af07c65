"""One customer: who they are, what they did and got, and what may be done about it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from homeground.commerce import queries as commerce
from homeground.console.customer_forms import NewTag, Withdrawal
from homeground.console.queries import customers as queries
from homeground.console.views.ways import back, may, who
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.events import queries as stream
from homeground.events import services as events
from homeground.events.catalog.people import CustomerUnmasked
from homeground.people import services
from homeground.people.models import Customer, CustomerTag, Tag
from homeground.people.queries import brand, ids_of, survivors
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

TABS = {
    "orders": "commerce.view_order",
    "timeline": "people.view_customer",
    "touches": "journeys.view_touch",
    "consent": "people.view_customer",
    "identities": "people.view_customer",
}
_STEP = 30  # Events of a page of the timeline.


@may("people.view_customer")
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """One person; an absorbed customer's page is the survivor's."""
    found = get_object_or_404(Customer, pk=pk)
    if found.merged_into_id:
        return redirect("console:customer", found.merged_into_id)
    return _customer_page(request, found, is_unmasked=False)


@never_cache
@require_POST
@may("people.unmask_customer")
def unmask(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with full numbers, this once; who looked is recorded."""
    found = get_object_or_404(Customer, pk=pk, merged_into=None)
    events.record(CustomerUnmasked(customer_id=found.pk, by=who(request)))
    return _customer_page(request, found, is_unmasked=True)


def _customer_page(request: HttpRequest, found: Customer, is_unmasked: bool) -> HttpResponse:
    ids, ground = ids_of(found.pk), brand()
    tabs = [tab for tab, permission in TABS.items() if request.user.has_perm(permission)]
    wanted = request.GET.get("tab", "")
    tab = wanted if wanted in tabs else tabs[0]
    context = {
        "customer": found,
        "tab": tab,
        "tabs": tabs,
        "is_unmasked": is_unmasked,
        "currency": ground.currency,
        "identities": queries.identities(ids),
        "attributes": queries.attributes(ids),
        "tags": CustomerTag.objects.filter(customer__in=ids).select_related("tag").order_by("tag__name"),
        "known_tags": Tag.objects.order_by("name"),
        "tag_form": NewTag(),
        "totals": commerce.totals([found.pk], ground.currency)[found.pk],
        "moves": queries.moves(found.pk),
        "doubts": queries.doubts(ids),
    }
    return render(request, "console/customer.html", context | _TAB_CONTEXTS[tab](request, ids))


def _orders(request: HttpRequest, ids: list[int]) -> dict[str, Any]:
    orders = commerce.orders_of(ids).prefetch_related("lines__product")
    return {"orders": page_of(orders, request.GET, by=("-paid_at", "-pk")), "refunds": commerce.refunds_of(ids)[:100]}


def _timeline(request: HttpRequest, ids: list[int]) -> dict[str, Any]:
    place = _place(request.GET.get("before", ""))
    happenings = stream.timeline(ids, before=place, limit=_STEP + 1)
    last = happenings[_STEP - 1] if len(happenings) > _STEP else None
    before = f"{last.happened_at.isoformat()},{last.id}" if last else ""
    return {
        "happenings": happenings[:_STEP],
        "before": urlencode({"tab": "timeline", "before": before}) if before else "",
    }


def _place(said: str) -> stream.Place | None:
    moment, _comma, number = said.partition(",")
    try:
        return stream.Place(datetime.fromisoformat(moment), int(number))
    except ValueError:
        return None


def _touches(request: HttpRequest, ids: list[int]) -> dict[str, Any]:
    return {"reached": queries.reached(ids), "channels": queries.channels()}


def _consent(request: HttpRequest, ids: list[int]) -> dict[str, Any]:
    history, channels = queries.consents(ids), queries.channels()
    form = Withdrawal(channels=list(channels.items()), initial={"purpose": "promotion", "channel": "*"})
    return {"history": history, "decisions": queries.decisions(history), "channels": channels, "form": form}


def _identities(request: HttpRequest, ids: list[int]) -> dict[str, Any]:
    return {"merges": queries.merges(ids)}


_TAB_CONTEXTS = {
    "orders": _orders,
    "timeline": _timeline,
    "touches": _touches,
    "consent": _consent,
    "identities": _identities,
}


@require_POST
@may("people.add_customertag")
def tag_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a tag on."""
    form = NewTag(request.POST)
    if not form.is_valid():
        toast(request, _("请填写标签，最多 60 个字。"), level="error")
        return _to(pk)
    name = form.cleaned_data["name"].strip()
    try:
        services.tag([pk], name, CustomerTag.Origin.MANUAL, who(request), form.expires_at(brand().time_zone))
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    else:
        toast(request, _("已打上“%(tag)s”。") % {"tag": name}, undo_url=_tag_url("console:customer_untag", pk, name))
    return back(request, reverse("console:customer", args=[pk]))


@require_POST
@may("people.delete_customertag")
def untag_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a tag off."""
    name = request.GET.get("name", "")
    services.untag([pk], name)
    toast(request, _("已去掉“%(tag)s”。") % {"tag": name}, undo_url=_tag_url("console:customer_retag", pk, name))
    return back(request, reverse("console:customer", args=[pk]))


@require_POST
@may("people.add_customertag")
def retag_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back a tag that was just taken off."""
    services.tag([pk], request.GET.get("name", ""), CustomerTag.Origin.MANUAL, who(request))
    return back(request, reverse("console:customer", args=[pk]))


def _tag_url(name: str, pk: int, tag: str) -> str:
    return f"{reverse(name, args=[pk])}?{urlencode({'name': tag})}"


@require_POST
@may("people.add_consent")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a customer said no, with where and how they said it."""
    get_object_or_404(Customer, pk=pk)
    form = Withdrawal(request.POST, channels=list(queries.channels().items()))
    if form.is_valid():
        said = form.cleaned_data
        proof = {"said": said["proof"], "recorded_by": who(request)}
        services.decide_consent(
            [services.ConsentDecision(pk, said["purpose"], said["channel"], False, proof, "console", time.now())]
        )
        toast(request, _("已登记退订，此后不再发送。"))
    else:
        toast(request, _("请写明凭证：客户在哪里、怎么说的。"), level="error")
    return _to(pk, "consent")


@require_POST
@may("people.undo_merge")
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    try:
        row = services.unmerge(pk, who(request))
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return back(request, reverse("console:customers"))
    toast(request, _("已撤销合并，两位客户恢复为各自的资料。"))
    return _to(survivors([row.survivor_id])[row.survivor_id], "identities")


def _to(pk: int, tab: str = "") -> HttpResponseRedirect:
    return redirect(reverse("console:customer", args=[pk]) + (f"?tab={tab}" if tab else ""))
