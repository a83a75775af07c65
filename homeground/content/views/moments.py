"""The feed as a whole: the month, the list, the mix, and what members posted by themselves."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.content import queries, services
from homeground.content.forms import LimitForm, MonthForm, OwnPostFilter
from homeground.content.models import FeedKind, FeedLimit, MomentPlan, Persona
from homeground.content.models.personas import Weekday
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.people.queries import brand
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_FEEDS = 50  # Members on the mix at first, those who sell most before the others.


@login_required
@permission_required("content.view_momentplan", raise_exception=True)
@require_GET
def moments(request: HttpRequest) -> HttpResponse:
    """The calendar of a month, of the brand or of one persona, with the meter beside it."""
    form = MonthForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    month, persona = given.get("month") or _this_month(), given.get("persona")
    weeks = queries.month_of(month, persona)
    page = {
        "month": month,
        "before": _shifted(month, -1),
        "after": _shifted(month, 1),
        "persona": persona,
        "personas": Persona.objects.filter(is_active=True).order_by("-is_owner", "pk"),
        "weeks": weeks,
        "gaps": sum(day.is_gap for week in weeks for day in week),
        "planned": sum(len(day.plans) for week in weeks for day in week if day.is_in_month),
        "weekdays": [label for _value, label in Weekday.choices],
        "mix": queries.mixes()[0],
        "audience": queries.audience_share(),
    }
    return render(request, "content/moments.html", page)


@login_required
@permission_required("content.add_momentplan", raise_exception=True)
@require_POST
def copy_month(request: HttpRequest) -> HttpResponse:
    """Copy last month's posts into a month, as drafts."""
    form = MonthForm(request.POST)
    month = (form.cleaned_data.get("month") if form.is_valid() else None) or _this_month()
    copied, left = services.copy_month(month, by=request.user.get_username())
    toast(request, _copied_words(copied, left))
    return redirect(f"{reverse('content:moments')}?month={month:%Y-%m}")


@login_required
@permission_required("content.view_momentplan", raise_exception=True)
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The posts as a list, newest first."""
    state = request.GET.get("state", "")
    rows = MomentPlan.objects.select_related("persona")
    if state in MomentPlan.State.values:
        rows = rows.filter(state=state)
    page = page_of(rows, request.GET, by=("-planned_at", "-pk"))
    return render(request, "content/plans.html", {"page": page, "state": state, "states": MomentPlan.State.choices})


@login_required
@permission_required("content.view_momentplan", raise_exception=True)
@require_http_methods(["GET", "POST"])
def mix(request: HttpRequest) -> HttpResponse:
    """Of what the feeds are made, against the limit; POST adds a limit that counts from its day on."""
    form = LimitForm(request.POST) if request.method == "POST" else LimitForm(initial=_limit_values(time.now()))
    if request.method == "POST" and _limit_added(request, form):
        return redirect("content:mix")
    feeds = queries.mixes()
    page = {
        "brand_mix": feeds[0],
        "feeds": feeds[1:] if "all" in request.GET else feeds[1 : _FEEDS + 1],
        "members": len(feeds) - 1,
        "limit": feeds[0].limit,
        "limits": FeedLimit.objects.order_by("-valid_from", "-pk")[:20],
        "form": form,
        "audience": queries.audience_share(),
        "counted": services.ask_results().kept(),
        "currency": brand().currency,
    }
    return render(request, "content/mix.html", page, status=422 if form.is_bound else 200)


@login_required
@permission_required("content.view_momentplan", raise_exception=True)
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """A fragment of the mix: what buyers could see, what a friend is worth, counted if it must be."""
    page = {"counted": services.ask_results().counted(), "currency": brand().currency}
    return render(request, "content/results.html", page)


@login_required
@permission_required("content.view_momentplan", raise_exception=True)
@require_GET
def own_posts(request: HttpRequest) -> HttpResponse:
    """What members and campaigns posted beside the plan, to be classified."""
    form = OwnPostFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    rows = queries.unplanned()
    if given.get("label"):
        rows = rows.filter(label=None if given["label"] == "none" else given["label"])
    if given.get("staff"):
        rows = rows.filter(posts__staff=given["staff"])
    page = page_of(queries.named(rows), request.GET, by=("-asked_at", "-pk"))
    return render(request, "content/own_posts.html", {"form": form, "page": page, "kinds": FeedKind.choices})


@login_required
@permission_required("content.change_momentplan", raise_exception=True)
@require_POST
def label(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment: the row of a post after it was classified."""
    try:
        services.label_moment(pk, request.POST.get("kind", ""), by=request.user.get_username())
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    row = queries.named(queries.unplanned()).filter(pk=pk).first()
    return render(request, "content/own_posts.html#row", {"row": row, "kinds": FeedKind.choices})


def _copied_words(copied: int, left: int) -> str:
    if not copied:
        return _("上月没有可以复制的计划")
    said = _("已把上月的 %(copied)d 条复制成草稿，改好文案再排期") % {"copied": copied}
    return said + (_("；%d 条落在本月没有的第五周，没有复制") % left if left else "")


def _limit_added(request: HttpRequest, form: LimitForm) -> bool:
    if not request.user.has_perm("content.add_feedlimit"):
        form.add_error(None, _("你没有修改配比的权限。"))
    elif form.is_valid():
        try:
            services.add_limit(form.row(request.user.get_username()))
            toast(request, _("配比已保存"))
            return True
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
    return False


def _limit_values(at: datetime) -> dict[str, Any]:
    limit = queries.limit_at(at)
    same = {name: getattr(limit, name) for name in ("window_days", "min_posts", "max_per_day")}
    return same | {"max_selling": limit.max_selling_bp // 100, "valid_from": at}


def _this_month() -> date:
    return time.day_of(time.now(), brand().time_zone).replace(day=1)


def _shifted(month: date, months: int) -> date:
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
