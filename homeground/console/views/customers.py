"""Customers: the list, one customer, and what may be done about who they are."""

import json
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from homeground.console.customer_forms import CustomerFilters, NewTag
from homeground.console.queries import customers as queries
from homeground.console.views.ways import back, may, who
from homeground.core.errors import BusinessError
from homeground.people import services
from homeground.people.models import CustomerTag, Tag
from homeground.people.queries import NEWEST_FIRST, CustomerFilter, brand, matching, tags_of
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast


@may("people.view_customer")
def customers(request: HttpRequest) -> HttpResponse:
    """The list: newest first, narrowed by the card above it, counted by estimate where it is long."""
    form, ground = CustomerFilters(request.GET or None), brand()
    is_narrowed = form.is_valid()
    found = form.customers(ground.time_zone) if is_narrowed else matching(CustomerFilter())
    page = page_of(found, request.GET, by=NEWEST_FIRST)
    context = {
        "form": form if form.is_bound else CustomerFilters(),
        "page": page,
        "rows": queries.rows(page.rows, ground.currency),
        "currency": ground.currency,
        "is_narrowed": is_narrowed and form.has_changed(),
        "segment_url": _segment_url(form) if is_narrowed and form.has_changed() else "",
        "doubts": len(queries.doubts()),
        "tag_form": NewTag(),
        "tags": Tag.objects.order_by("name"),
    }
    return render(request, "console/customers.html", context)


def _segment_url(form: CustomerFilters) -> str:
    try:
        return f"{reverse('segments:new')}?{urlencode({'rule': json.dumps(form.rule(), ensure_ascii=False)})}"
    except NoReverseMatch:
        return ""


@require_POST
@may("people.add_customertag")
def tag_many(request: HttpRequest) -> HttpResponse:
    """Tag the customers that were ticked. Undoing takes it off those who did not have it."""
    form = NewTag(request.POST)
    ids = [int(pk) for pk in request.POST.getlist("customer") if pk.isdigit()]
    if not ids or not form.is_valid():
        toast(request, _("请先勾选客户，并填写标签。"), level="error")
        return back(request, reverse("console:customers"))
    name = form.cleaned_data["name"].strip()
    had = {pk for pk, names in tags_of(ids).items() if name in names}
    try:
        services.tag(ids, name, CustomerTag.Origin.MANUAL, who(request), form.expires_at(brand().time_zone))
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    else:
        new = [str(pk) for pk in ids if pk not in had]
        undo = f"{reverse('console:customers_untag')}?{urlencode({'name': name, 'ids': ','.join(new)})}"
        said = ngettext("已为 %(count)d 位客户打上“%(tag)s”。", "已为 %(count)d 位客户打上“%(tag)s”。", len(new))
        toast(request, said % {"count": len(new), "tag": name}, undo_url=undo if new else "")
    return back(request, reverse("console:customers"))


@require_POST
@may("people.delete_customertag")
def untag_many(request: HttpRequest) -> HttpResponse:
    """Take a tag off customers."""
    ids = [int(pk) for pk in request.GET.get("ids", "").split(",") if pk.isdigit()]
    services.untag(ids, request.GET.get("name", ""))
    toast(request, _("已撤销。"), level="info")
    return back(request, reverse("console:customers"))


@may("people.view_mergedoubt")
def doubts(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one person and wait for a decision."""
    waiting = queries.doubts()
    sides = queries.rows(
        list({one.pk: one for doubt in waiting for one in (doubt.one, doubt.other)}.values()), brand().currency
    )
    return render(
        request,
        "console/customer_doubts.html",
        {"doubts": waiting, "rows": {row.customer.pk: row for row in sides}, "currency": brand().currency},
    )


@require_POST
@may("people.change_mergedoubt")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Join a doubted pair, or keep it apart."""
    try:
        if request.POST.get("decision") == "merged":
            services.confirm_doubt(pk, who(request))
            toast(request, _("已合并为同一位客户，可在客户页撤销。"))
        else:
            services.keep_apart(pk, who(request))
            toast(request, _("已记为两位客户，不会再自动合并。"))
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("console:customer_doubts")
