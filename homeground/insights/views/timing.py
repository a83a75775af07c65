"""When customers buy next: the due list, and what such predictions were worth on weeks held back."""

import math
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeground.core import money, time
from homeground.core.errors import BusinessError
from homeground.core.loop import Link
from homeground.insights.models import Basis, PredictionRun
from homeground.insights.models.predictions import LIKELY
from homeground.insights.queries import timing
from homeground.insights.services import predict_soon
from homeground.insights.value.back_test import LEAST_REPEATERS, LEAST_WEEKS
from homeground.people.queries import brand
from homeground.people.services.predicted import ALIVE_PROBABILITY, NEXT_ORDER_ON, declare_predicted
from homeground.segments import services as segments
from homeground.ui import charts
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_LOOK = "insights.view_review"
_RENEWAL_DAYS = 30


@login_required
@permission_required(_LOOK, raise_exception=True)
def overview(request: HttpRequest) -> HttpResponse:
    """The newest computation, the people due, and the back-test."""
    ground = brand()
    today = time.day_of(time.now(), ground.time_zone)
    run, span = timing.newest_run(), _span(request.GET.get("due", ""))
    context: dict[str, Any] = {
        "run": run,
        "today": today,
        "currency": ground.currency,
        "needed": {"customers": LEAST_REPEATERS, "weeks": LEAST_WEEKS},
        "renewal_days": _RENEWAL_DAYS,
    }
    if run and run.customers:
        context |= _due(request, today, span) | _found(run)
    return render(request, "insights/timing/overview.html", context)


@require_POST
@login_required
@permission_required("insights.make_review", raise_exception=True)
def again(request: HttpRequest) -> HttpResponseRedirect:
    """Compute everybody anew, by a worker."""
    predict_soon()
    toast(request, _("已开始计算，完成后刷新本页即可看到"))
    return redirect("timing:overview")


@require_POST
@login_required
@permission_required("segments.add_segment", raise_exception=True)
def segment(request: HttpRequest) -> HttpResponseRedirect:
    """Keep the people due, or those whose last order will be a year ago, as a dynamic segment."""
    name, rule = _wanted(request.POST.get("due", ""))
    slug, by = segments.free_slug(name), request.user.get_username()
    declare_predicted()
    try:
        made = segments.create(slug=slug, name=name, rule=rule, link=Link.CONVERT, created_by=by)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect("timing:overview")
    segments.refresh_soon(made)
    toast(request, _("已存为人群“%(name)s”，成员每天跟着预测更新") % {"name": name})
    return redirect("segments:detail", made.slug)


def _wanted(span: str) -> tuple[str, dict[str, Any]]:
    if span == "renewal":
        name = _("%(days)d 天内满一年的老客") % {"days": _RENEWAL_DAYS}
        return name, {"orders": "days_since_last", "is": {"between": [365 - _RENEWAL_DAYS, 365]}}
    if span == timing.LEAVING:
        return _("可能在流失的高价值客户"), _leaving_rule()
    days = int(_span(span)) if _span(span) != timing.OVERDUE else timing.SPANS[0]
    name = _("预计 %(days)d 天内再次购买") % {"days": days}
    return name, {"attribute": "next_order_on", "is": {"next_days": days}}


def _leaving_rule() -> dict[str, Any]:
    """As timing.due() has them, in the words of segments; the threshold is that of the newest computation."""
    run, currency = timing.newest_run(), brand().currency
    least = money.to_major(run.valued_minor if run and run.valued_minor else 0, currency)
    unlikely = {"attribute": ALIVE_PROBABILITY, "is": {"less": LIKELY}}
    repeats = {"attribute": ALIVE_PROBABILITY, "is": {"is_set": True}}
    rules: list[dict[str, Any]] = [
        {"any": [unlikely, {"all": [repeats, {"attribute": NEXT_ORDER_ON, "is": {"is_set": False}}]}]},
        {"orders": "net", "is": {"at_least": float(least)}},
        {"orders": "days_since_last", "is": {"at_most": timing.RECENT_DAYS}},
    ]
    return {"all": rules}


def _span(text: str) -> str:
    known = [timing.OVERDUE, timing.LEAVING, *map(str, timing.SPANS)]
    return text if text in known else str(timing.SPANS[0])


def _due(request: HttpRequest, today: date, span: str) -> dict[str, Any]:
    rows = timing.due(today, span).select_related("customer", "product")
    order = ("-spent_minor", "-customer_id") if span == timing.LEAVING else ("next_on", "customer_id")
    page = page_of(rows, request.GET, by=order)
    return {
        "due": timing.counts(today),
        "span": span,
        "spans": timing.SPANS,
        "page": page,
        "rows": [(row, timing.why(row)) for row in page],
    }


def _found(run: PredictionRun) -> dict[str, Any]:
    bases = [(basis, run.by_basis[basis], timing.EXPLAINED[basis]) for basis in Basis]
    found = {"bases": bases, "ladder": run.ladder}
    return found | (_tested(run.back_test) if run.back_test else {})


def _tested(test: dict[str, Any]) -> dict[str, Any]:
    off = {name: (test[name] - test["actual"]) / max(test["actual"], 1) for name in ("predicted", "naive")}
    return {
        "test": test | {"cut_on": date.fromisoformat(test["cut_on"])},
        "off": off,
        "better": 1 - test["error"] / test["naive_error"] if test["naive_error"] else 0.0,
        "dates": [row | {"label": Basis(row["basis"]).label} for row in test["dates"]],
        "by_week": _by_week(test),
        "calibration": _calibration(test),
    }


def _by_week(test: dict[str, Any]) -> charts.Chart:
    weeks = test["by_week"]
    series = {_("实际"): "actual", _("模型预测"): "predicted", _("朴素规则"): "naive"}
    lines = {label: [round(week[key]) for week in weeks] for label, key in series.items()}
    return charts.lines(
        _("留出期内的累计复购次数"), [_("第 %(number)d 周") % {"number": week["number"]} for week in weeks], lines
    )


def _calibration(test: dict[str, Any]) -> charts.Chart:
    """Predicted against actual by groups of customers: on the diagonal where the prediction is right."""
    points = [[round(group["predicted"], 3), round(group["actual"], 3)] for group in test["groups"]]
    most = math.ceil(max((max(point) for point in points), default=1.0))
    option = {
        "tooltip": {"trigger": "item"},
        "legend": {"show": True},
        "xAxis": {"type": "value", "name": _("预测"), "nameLocation": "middle", "nameGap": 24, "max": most},
        "yAxis": {"type": "value", "name": _("实际"), "max": most},
        "grid": {"left": 8, "right": 24, "top": 36, "bottom": 24, "containLabel": True},
        "series": [
            {"type": "scatter", "name": _("客户组"), "data": points, "symbolSize": 11},
            {
                "type": "line", "name": _("预测等于实际"), "data": [[0, 0], [most, most]], "showSymbol": False,
                "lineStyle": {"type": "dashed", "width": 1},
            },
        ],
    }  # fmt: skip
    rows = [[_("第 %(number)d 组，%(people)d 人") % {"number": place, "people": group["people"]}, *point]
            for place, (group, point) in enumerate(zip(test["groups"], points, strict=True), 1)]  # fmt: skip
    return charts.Chart(_("人均复购次数：预测与实际"), option, ["", _("预测"), _("实际")], rows)
