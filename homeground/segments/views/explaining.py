"""Why a customer belongs to a segment, or does not."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from homeground.core.errors import BusinessError
from homeground.people.models import Customer
from homeground.people.queries import first_matches, ids_of
from homeground.segments import queries, services
from homeground.segments.models import Segment
from homeground.segments.views.asking import may, segment_or_404

_SHOWN = 10
_may_see_customers: Callable[[Any], Any] = permission_required("people.view_customer", raise_exception=True)


@require_GET
@may("view")
@_may_see_customers
def explain(request: HttpRequest, slug: str) -> HttpResponse:
    """A customer is looked for (?q=), or explained (?customer=)."""
    segment = segment_or_404(slug)
    asked, text = request.GET.get("customer", ""), request.GET.get("q", "").strip()
    if asked.isdecimal() and len(asked) < 19:
        return _explained(request, segment, int(asked))
    found = first_matches(text, _SHOWN)
    if len(found) == 1:
        return redirect(f"{reverse('segments:explain', args=[slug])}?customer={found[0].pk}")
    return render(request, "segments/explain.html", {"segment": segment, "text": text, "found": found})


def _explained(request: HttpRequest, segment: Segment, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    if customer.merged_into_id:
        return redirect(f"{request.path}?customer={customer.merged_into_id}")
    context: dict[str, Any] = {
        "segment": segment,
        "customer": customer,
        "standing": queries.standing(segment, ids_of(pk)),
    }
    try:
        explanation = services.explain(segment.rule, pk) if segment.rule else None
    except BusinessError as refusal:
        return render(request, "segments/explain.html", context | {"refusal": str(refusal)})
    reasons = services.reasons(explanation.root) if explanation else []
    return render(
        request,
        "segments/explain.html",
        context | {"explanation": explanation, "reasons": reasons, "said": _said(context["standing"], explanation)},
    )


def _said(standing: queries.Standing, explanation: services.Explanation | None) -> str:
    """How things stand, in one sentence."""
    if not standing.segment.is_dynamic or explanation is None:
        return _("在这份固定名单里。") if standing.is_member else _("不在这份固定名单里。")
    return {
        (True, True): _("在这个人群里，现在也符合规则。"),
        (True, False): _("还在上次更新的名单里，但现在已不符合规则：下次更新后会离开。"),
        (False, True): _("现在符合规则：下次更新后会进入。"),
        (False, False): _("不在这个人群里，现在也不符合规则。"),
    }[standing.is_member, explanation.holds]
