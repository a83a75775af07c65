"""The guard's policy: what counts now, what comes, what was; and new rows."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeground.channels.kinds import KINDS
from homeground.channels.models import Channel
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.journeys import queries, services
from homeground.journeys.forms import POLICY_FORMS, policy_form
from homeground.journeys.models import (
    FrequencyCap,
    GlobalHoldout,
    GroupLimit,
    PlatformQuota,
    PromotionShare,
    QuietHours,
    Restoration,
)
from homeground.journeys.models.policy import EVERY, Dated
from homeground.people.models import Relation
from homeground.ui.toasts import toast

_MODELS: dict[str, type[Dated]] = {
    "cap": FrequencyCap,
    "quiet": QuietHours,
    "holdout": GlobalHoldout,
    "share": PromotionShare,
    "quota": PlatformQuota,
    "groups": GroupLimit,
    "restoration": Restoration,
}


@login_required
@permission_required("journeys.view_campaign", raise_exception=True)
@require_GET
def policy(request: HttpRequest) -> HttpResponse:
    """What counts now, with its source, and the history of every subject."""
    return render(request, "journeys/policy.html", _context(time.now(), {}))


@login_required
@permission_required("journeys.change_guard", raise_exception=True)
@require_POST
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """A new row; the older ones stay as they are."""
    if kind not in POLICY_FORMS:
        raise Http404
    form = policy_form(kind, request.POST)
    if form.is_valid():
        row = form.save(commit=False)
        row.set_by = request.user.get_username()
        try:
            services.add_policy(row)
            toast(request, _("规则已保存"))
            return redirect("journeys:policy")
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "journeys/policy.html", _context(time.now(), {kind: form}), status=422)


def _context(at: datetime, given: dict[str, Any]) -> dict[str, Any]:
    now = queries.policy_at(at)
    counting: set[Any] = {*now.caps, *now.quiet.values(), *now.quotas.values()}
    counting |= {now.holdout, now.share, now.groups, now.restoration}
    channels = {EVERY: _("所有渠道"), **{channel.slug: channel.title for channel in Channel.objects.all()}}
    return {
        "policy": now,
        "table": _table(now.caps),
        "restoration": _restoration_words(now.restoration) if now.restoration else "",
        "groups": _group_words(now.groups) if now.groups else "",
        "quotas": [(KINDS[kind].label, row, queries.period_of(row.mode, at)) for kind, row in now.quotas.items()],
        "channels": channels,
        "history": [
            (row, _state(row, at, counting), _words(row, channels))
            for model in _MODELS.values()
            for row in model._default_manager.order_by("-valid_from", "-pk")[:50]
        ],
        "forms": {kind: given.get(kind) or policy_form(kind) for kind in POLICY_FORMS},
        "wrong": next(iter(given), ""),
    }


def _table(caps: list[FrequencyCap]) -> list[tuple[str, list[FrequencyCap]]]:
    ordered = sorted(caps, key=lambda cap: (cap.channel, cap.window_days))
    return [(str(relation.label), [cap for cap in ordered if cap.relation == relation]) for relation in Relation]


def _words(row: Dated, channels: dict[str, str]) -> str:
    """What a row says, in one line."""
    if isinstance(row, FrequencyCap):
        place = {"relation": Relation(row.relation).label, "channel": channels.get(row.channel, row.channel)}
        if row.max_touches is None:
            return _("%(relation)s · %(channel)s：%(days)d 天内不限") % (place | {"days": row.window_days})
        figures = {"days": row.window_days, "most": row.max_touches}
        return _("%(relation)s · %(channel)s：%(days)d 天内最多 %(most)d 条") % (place | figures)
    if isinstance(row, QuietHours):
        hours = {"starts": f"{row.starts:%H:%M}", "ends": f"{row.ends:%H:%M}"}
        return _("%(channel)s：%(starts)s–%(ends)s 免打扰") % (
            hours | {"channel": channels.get(row.channel, row.channel)}
        )
    if isinstance(row, GlobalHoldout):
        return _("全局对照组 %(share)g%%，盐 %(salt)s") % {"share": row.share_bp / 100, "salt": row.salt}
    if isinstance(row, PlatformQuota):
        return _("平台群发额度 · %(kind)s：%(mode)s") % {
            "kind": KINDS[row.channel_kind].label,
            "mode": row.get_mode_display(),
        }
    if isinstance(row, Restoration):
        return _restoration_words(row)
    return _group_words(row) if isinstance(row, GroupLimit) else _share_words(row)


def _restoration_words(row: Restoration) -> str:
    words = {
        (True, True): _("客户回复或下单后恢复打扰度；%d 小时内的营销始终计入"),
        (True, False): _("客户回复后恢复打扰度；%d 小时内的营销始终计入"),
        (False, True): _("客户下单后恢复打扰度；%d 小时内的营销始终计入"),
    }.get((row.by_reply, row.by_purchase))
    return words % row.fresh_hours if words else _("回复和下单都不恢复打扰度")


def _share_words(row: Any) -> str:
    figures = {"share": row.max_share_bp / 100, "days": row.window_days, "least": row.min_touches}
    return _("%(days)d 天内营销最多占 %(share)g%%，满 %(least)d 条起算") % figures


def _group_words(row: GroupLimit) -> str:
    figures: dict[str, float] = {"days": row.window_days, "most": row.max_promotions}
    figures |= {"share": row.max_share_bp / 100, "least": row.min_sends}
    return _("客户群：%(days)d 天内每群最多 %(most)d 条营销，营销最多占 %(share)g%%，满 %(least)d 条起算") % figures


def _state(row: Dated, at: datetime, counting: set[Any]) -> str:
    if row.valid_from > at:
        return "future"
    return "counts" if row in counting else "past"
