"""Choosing: the three questions, what the orders say, the suitability check, and what a pack would make."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from homeground.playbooks import queries, services
from homeground.playbooks.forms import FiguresForm, InstallForm, QuestionsForm
from homeground.playbooks.metrics import METRICS
from homeground.playbooks.models import Installation
from homeground.playbooks.pack.nodes import Pack
from homeground.playbooks.pack.reading import packs
from homeground.playbooks.pack.wording import worded
from homeground.playbooks.queries import Answers, Figures
from homeground.playbooks.services.installing import Kind
from homeground.playbooks.services.naming import usual_channels
from homeground.playbooks.views.asking import read_pack, read_words, reader

_VIEW = "playbooks.view_installation"
QUESTIONS = ("price", "cycle", "frequency", "buyer")
LABELS: dict[str, dict[str, Any]] = {
    "price": {"low": _("低客单"), "mid": _("中客单"), "high": _("高客单")},
    "cycle": {"short": _("短周期"), "long": _("长周期")},
    "frequency": {"low": _("低频"), "high": _("高频")},
    "buyer": {"person": _("个人客户"), "business": _("企业客户")},
}
KEPT_BY = {
    "caps": _("疲劳度会拦住"),
    "share": _("营销占比会拦住"),
    "feed": _("朋友圈配比会提醒"),
    "need": _("旅程只发给需求人群"),
    "journey": _("旅程就这么安排"),
    "consent": _("没有授权会拦住"),
    "quiet": _("免打扰时段会拦住"),
    "returns": _("退款多的产品会标出"),
    "complaints": _("有投诉即离开旅程"),
    "review": _("复盘时会看到"),
    "": _("靠团队自己守住"),
}
PARTS = {"audience": _("受众"), "service": _("服务能力"), "acquisition": _("获客能力")}
LEVELS = {"well": (_("适合"), "green"), "care": (_("谨慎开始"), "amber"), "not_yet": (_("暂不建议"), "red")}


@login_required
@permission_required(_VIEW, raise_exception=True)
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The six types and the one for businesses; which one it is, by three answers or by the orders."""
    found = packs()
    estimate = queries.estimated()
    form = QuestionsForm(request.GET if "price" in request.GET else None, initial=_initial(estimate))
    answers = Answers(**form.cleaned_data) if form.is_bound and form.is_valid() else None
    if answers is None and estimate and estimate.is_enough:
        answers = estimate.answers
    proposal = queries.proposed(answers, found) if answers else None
    there = {one.pack: one for one in Installation.objects.all()}
    context = {
        "form": form,
        "estimate": estimate,
        "is_estimated": not form.is_bound,
        "proposal": _proposal(proposal, answers),
        "cards": [_card(pack, there.pop(pack.slug, None), proposal) for pack in found],
        "others": list(there.values()),
    }
    return render(request, "playbooks/list.html", context)


@login_required
@permission_required(_VIEW, raise_exception=True)
@require_GET
def pack(request: HttpRequest, slug: str) -> HttpResponse:
    """One pack: what it is for, what it would make, what it forbids, and whether the brand should begin."""
    return render(request, "playbooks/pack.html", pack_context(request, slug))


def pack_context(request: HttpRequest, slug: str, form: InstallForm | None = None) -> dict[str, Any]:
    """What the page of a pack shows."""
    found, installation = read_pack(slug)
    figures_form, figures = _figures(request)
    judged = queries.verdicts(found, figures)
    language = installation.language if installation else reader()
    channel_kinds = {message.channel_kind for message in found.messages.values()}
    return {
        "pack": found,
        "words": read_words(found),
        "types": _types(found),
        "installation": installation,
        "form": form or InstallForm(kinds=channel_kinds, initial=_install_initial(channel_kinds)),
        "figures_form": figures_form,
        "verdicts": [_judged(one) for one in judged],
        "overall": LEVELS[queries.overall(judged)],
        "planned": _grouped(found, language),
        "metrics": [(METRICS[kpi.metric], worded(kpi.why, reader()), kpi.is_main) for kpi in found.kpis],
        "off_limits": [
            (one, KEPT_BY[given.kept_by], bool(given.kept_by))
            for one, given in zip(read_words(found)["off_limits"], found.off_limits, strict=True)
        ],
    }


def _initial(estimate: queries.Estimate | None) -> dict[str, str]:
    return {name: getattr(estimate.answers, name) for name in QUESTIONS} if estimate else {"buyer": "person"}


def _install_initial(kinds: set[str]) -> dict[str, Any]:
    usual = usual_channels()
    return {"language": reader()} | {f"channel_{kind}": usual.get(kind, "") for kind in kinds}


def _figures(request: HttpRequest) -> tuple[FiguresForm, Figures]:
    known = queries.figures()
    names = ("audience", "staff_minutes", "newcomers")
    form = FiguresForm(
        request.GET if "audience" in request.GET else None, initial={name: getattr(known, name) for name in names}
    )
    if form.is_bound and form.is_valid():
        return form, Figures(**{name: form.cleaned_data[name] for name in names}, staff=known.staff)
    return form, known


def _judged(verdict: queries.Verdict) -> dict[str, Any]:
    label, tone = LEVELS[verdict.level]
    return {
        "part": PARTS[verdict.part], "level": label, "tone": tone, "says": worded(verdict.says, reader()),
        "figure": verdict.figure, "enough": verdict.enough, "is_minutes": verdict.part == "service",
    }  # fmt: skip


def _grouped(found: Pack, language: str) -> list[tuple[Any, list[services.Planned]]]:
    planned = services.planned(found, language)
    groups = [(Kind(kind).label, [one for one in planned if one.kind == kind]) for kind in Kind.values]
    return [(label, pieces) for label, pieces in groups if pieces]


def _types(found: Pack) -> list[Any]:
    return [LABELS[name][getattr(found.fit, name)] for name in ("price", "cycle", "frequency")]


def _card(found: Pack, installation: Installation | None, proposal: queries.Proposal | None) -> dict[str, Any]:
    return {
        "pack": found,
        "words": read_words(found),
        "types": _types(found),
        "installation": installation,
        "has_newer": installation is not None and installation.version < found.version,
        "is_proposed": proposal is not None and proposal.pack.slug == found.slug,
    }


def _proposal(proposal: queries.Proposal | None, answers: Answers | None) -> dict[str, Any] | None:
    if proposal is None or answers is None:
        return None
    return {
        "pack": proposal.pack,
        "words": read_words(proposal.pack),
        "second": read_words(proposal.second),
        "second_slug": proposal.second.slug,
        "said": [LABELS[name][getattr(answers, name)] for name in QUESTIONS],
        "misses": [LABELS[name][getattr(answers, name)] for name in proposal.misses],
    }
