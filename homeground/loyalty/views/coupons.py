"""Coupon kinds: how each fares; making, changing and archiving them; using and revoking coupons."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core import money, time
from homeground.core.errors import BusinessError
from homeground.loyalty.forms import CouponKindForm, KindFilter, Revocation, Use
from homeground.loyalty.models import Coupon, CouponKind
from homeground.loyalty.queries.coupons import fares_of, refusal_words, stopped
from homeground.loyalty.services import kinds
from homeground.loyalty.services.coupons import revoke_coupon, use_coupon
from homeground.people.queries import brand
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast


@login_required
@permission_required("loyalty.view_couponkind", raise_exception=True)
@require_GET
def kind_list(request: HttpRequest) -> HttpResponse:
    """Kinds, newest first, with how many were granted, used and expired."""
    return _list(request, Use())


def _list(request: HttpRequest, use: Use, status: int = 200) -> HttpResponse:
    form = KindFilter(request.GET)
    page = page_of(_chosen(form), request.GET)
    fares, now = fares_of([kind.pk for kind in page]), time.now()
    rows = [(kind, fares[kind.pk], _why(stopped(kind, now))) for kind in page]
    shown = {
        "form": form, "page": page, "rows": rows, "use": use, "currency": brand().currency,
        "is_narrowed": bool(request.GET.get("q") or request.GET.get("stand")),
    }  # fmt: skip
    return render(request, "loyalty/coupons.html", shown, status=status)


def _chosen(form: KindFilter) -> QuerySet[CouponKind]:
    given = form.cleaned_data if form.is_valid() else {}
    words, rows = given.get("q", ""), CouponKind.objects.all()
    if words:
        rows = rows.filter(Q(name__contains=words) | Q(partner__contains=words))
    stand = given.get("stand") or "open"
    return rows if stand == "all" else rows.filter(archived_at__isnull=stand == "open")


def _why(verdict: str) -> str:
    return refusal_words(verdict) if verdict else ""


@login_required
@permission_required("loyalty.view_couponkind", raise_exception=True)
@require_GET
def kind(request: HttpRequest, pk: int) -> HttpResponse:
    """One kind, and the coupons that were granted, newest first."""
    shown = get_object_or_404(CouponKind, pk=pk)
    coupons = Coupon.objects.filter(kind=shown).select_related("customer")
    page: dict[str, Any] = {
        "kind": shown, "fares": fares_of([pk])[pk], "why": _why(stopped(shown, time.now())),
        "page": page_of(coupons, request.GET), "currency": brand().currency,
    }  # fmt: skip
    return render(request, "loyalty/coupon.html", page)


@login_required
@permission_required("loyalty.add_couponkind", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new kind."""
    return _edit(request, None)


@login_required
@permission_required("loyalty.change_couponkind", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a kind."""
    return _edit(request, get_object_or_404(CouponKind, pk=pk))


def _edit(request: HttpRequest, shown: CouponKind | None) -> HttpResponse:
    form = CouponKindForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        try:
            saved = kinds.save_kind(shown.pk if shown else None, form.given(), by=request.user.get_username())
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("券种已保存"))
            return redirect("loyalty:kind", saved.pk)
    page = {"form": form, "kind": shown}
    return render(request, "loyalty/edit_coupon.html", page, status=422 if form.is_bound else 200)


@login_required
@permission_required("loyalty.change_couponkind", raise_exception=True)
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Give no more of it out."""
    kinds.archive_kind(get_object_or_404(CouponKind, pk=pk).pk)
    toast(request, _("已归档，不再发放；已经发出去的照常可用"))
    return redirect("loyalty:kind", pk)


@login_required
@permission_required("loyalty.change_couponkind", raise_exception=True)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it be given out again."""
    kinds.restore_kind(get_object_or_404(CouponKind, pk=pk).pk)
    toast(request, _("已恢复发放"))
    return redirect("loyalty:kind", pk)


@login_required
@permission_required("loyalty.use_coupon", raise_exception=True)
@require_POST
def use(request: HttpRequest) -> HttpResponse:
    """核销 by hand, at the counter."""
    form = Use(request.POST)
    if form.is_valid():
        said, currency = form.cleaned_data, brand().currency
        try:
            coupon = use_coupon(said["code"], said["order_no"], money.to_minor(said["amount"], currency))
        except BusinessError as refusal:
            form.add_error("code", str(refusal))
        else:
            words = {"name": coupon.kind.name, "off": money.show(coupon.off_minor or 0, currency)}
            toast(request, _("已核销“%(name)s”，优惠 %(off)s") % words)
            return redirect("loyalty:coupons")
    return _list(request, form, 422)


@login_required
@permission_required("loyalty.revoke_coupon", raise_exception=True)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a coupon good no more, with the reason."""
    coupon, form = get_object_or_404(Coupon, pk=pk), Revocation(request.POST)
    if not form.is_valid():
        toast(request, _("请写明作废的原因。"), level="error")
        return redirect("loyalty:person", coupon.customer_id)
    try:
        revoke_coupon(pk, form.cleaned_data["why"], request.user.get_username())
        toast(request, _("券已作废"))
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("loyalty:person", coupon.customer_id)
