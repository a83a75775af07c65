"""Points: all of them together, and those of one person, with their coupons."""

from datetime import timedelta
from uuid import uuid4

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.loyalty.forms import Adjustment, Grant
from homeground.loyalty.queries import points as queries
from homeground.loyalty.queries.coupons import coupons_of
from homeground.loyalty.services.coupons import grant_coupon
from homeground.loyalty.services.points import Earning, earn_points, redeem_points
from homeground.people.models import Customer
from homeground.people.queries import brand, ids_of
from homeground.ui.toasts import toast

_DAYS = (30, 90, 365)
_STEP = 50  # Lines of a page.


@login_required
@permission_required("loyalty.view_pointsposting", raise_exception=True)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Points issued, redeemed, expired and reversed in the last days, and what is outstanding now."""
    days = next((days for days in _DAYS if request.GET.get("days") == str(days)), _DAYS[0])
    now, zone = time.now(), brand().time_zone
    since = time.start_of(time.day_of(now, zone) - timedelta(days=days - 1), zone)
    shown = {
        "totals": queries.totals(since, now), "reasons": queries.reasons(since, now), "soon": queries.all_soon(now, 30),
        "since": time.day_of(since, zone), "today": time.day_of(now, zone), "days": days, "choices": _DAYS,
        "is_new": queries.first_posting_at() is None,
    }  # fmt: skip
    return render(request, "loyalty/overview.html", shown)


@login_required
@permission_required(["loyalty.view_pointsposting", "people.view_customer"], raise_exception=True)
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's points and coupons; an absorbed customer's page is the survivor's."""
    customer = get_object_or_404(Customer, pk=pk)
    if customer.merged_into_id:
        return redirect("loyalty:person", customer.merged_into_id)
    return _page(request, customer, Adjustment(initial=_fresh()), Grant(initial=_fresh()))


def _page(request: HttpRequest, customer: Customer, form: Adjustment, grant: Grant, status: int = 200) -> HttpResponse:
    ids, before = ids_of(customer.pk), request.GET.get("before", "")
    lines = queries.lines_of(ids, int(before) if before.isdecimal() and len(before) < 19 else None, _STEP + 1)
    shown = {
        "customer": customer, "balance": queries.balance_of(customer.pk), "lines": lines[:_STEP],
        "older": lines[_STEP - 1].id if len(lines) > _STEP else None, "coupons": coupons_of(ids)[:100],
        "soon": queries.soon_expiring(ids, time.now()), "form": form, "grant": grant, "currency": brand().currency,
    }  # fmt: skip
    return render(request, "loyalty/person.html", shown, status=status)


def _fresh() -> dict[str, str]:
    """A cause of its own for each form that is shown: sent twice, it is done once."""
    return {"cause": f"console:{uuid4()}"}


@login_required
@permission_required(["loyalty.adjust_points", "people.view_customer"], raise_exception=True)
@require_POST
def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Give points or take some, by hand, with the reason."""
    customer, form = get_object_or_404(Customer, pk=pk, merged_into=None), Adjustment(request.POST)
    if form.is_valid():
        try:
            _adjust(pk, form, request.user.get_username())
            toast(request, _("积分已调整"))
            return redirect("loyalty:person", pk)
        except BusinessError as refusal:
            form.add_error("points", str(refusal))
    return _page(request, customer, form, Grant(initial=_fresh()), 422)


def _adjust(pk: int, form: Adjustment, by: str) -> None:
    said = form.cleaned_data
    if said["points"] < 0:
        redeem_points(pk, -said["points"], said["cause"], reason=said["reason"], by=by)
        return
    expires_at = form.expires_at(brand().time_zone)
    earn_points([Earning(pk, said["points"], said["cause"], said["reason"], expires_at)], by=by)


@login_required
@permission_required(["loyalty.add_coupon", "people.view_customer"], raise_exception=True)
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one coupon by hand."""
    customer, form = get_object_or_404(Customer, pk=pk, merged_into=None), Grant(request.POST)
    if form.is_valid():
        try:
            grant_coupon(form.cleaned_data["kind"].pk, pk, form.cleaned_data["cause"])
            toast(request, _("券已发出"))
            return redirect("loyalty:person", pk)
        except BusinessError as refusal:
            form.add_error("kind", str(refusal))
    return _page(request, customer, Adjustment(initial=_fresh()), form, 422)
