"""What was installed: installing itself, publishing, results, another version, taking it out."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.errors import BusinessError
from homeground.journeys.models import Journey
from homeground.playbooks import queries, services
from homeground.playbooks.forms import InstallForm
from homeground.playbooks.metrics import HARMS
from homeground.playbooks.models import Installation, InstalledPiece
from homeground.playbooks.pack.wording import worded
from homeground.playbooks.services.going_live import unfilled, unstocked
from homeground.playbooks.services.pieces import PIECES
from homeground.playbooks.services.upgrading import is_edited
from homeground.playbooks.views.asking import installed_as, read_pack, read_words, reader, who
from homeground.playbooks.views.choosing import pack_context
from homeground.ui import charts
from homeground.ui.toasts import toast

_VIEW, _INSTALL, _PUBLISH = "playbooks.view_installation", "playbooks.install_playbook", "journeys.publish_journey"
Kind = InstalledPiece.Kind


@login_required
@permission_required(_INSTALL, raise_exception=True)
@require_POST
def install(request: HttpRequest, slug: str) -> HttpResponse:
    """Make everything in one go; a refusal shows in the form, with nothing made."""
    pack, _installation = read_pack(slug)
    form = InstallForm(request.POST, kinds={message.channel_kind for message in pack.messages.values()})
    if form.is_valid():
        door = form.cleaned_data["door"]
        asked = services.Asked(
            language=form.cleaned_data["language"], channels=form.channels, door=door.pk if door else None
        )
        try:
            made = services.install(pack, asked, by=who(request))
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            count = made.pieces.count()
            toast(request, ngettext("已安装 %d 个部件，旅程是草稿", "已安装 %d 个部件，旅程是草稿", count) % count)
            return redirect("playbooks:results", slug)
    return render(request, "playbooks/pack.html", pack_context(request, slug, form), status=422)


@login_required
@permission_required(_VIEW, raise_exception=True)
@require_GET
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """The metrics of an installed pack, and everything that it made."""
    installation = _installed(slug)
    pack = installed_as(installation)
    board = queries.board(installation, pack)
    context = {
        "pack": pack,
        "words": read_words(pack),
        "installation": installation,
        "as_of": board.as_of,
        "main": [_shown(one) for one in board.main],
        "beside": [_shown(one) for one in board.beside],
        "pieces": _pieces(installation),
        "unfilled": unfilled(installation),
        "unstocked": unstocked(installation),
        "drafts": _drafts(installation),
        "has_newer": _newer(installation),
    }
    return render(request, "playbooks/results.html", context)


@login_required
@permission_required(_VIEW, raise_exception=True)
@require_GET
def at_home(request: HttpRequest) -> HttpResponse:
    """The main metrics of the pack installed last, for the home page (M48); nothing where none is."""
    installation = Installation.objects.first()
    if installation is None:
        return HttpResponse()
    pack = installed_as(installation)
    main = pack.model_copy(update={"kpis": [kpi for kpi in pack.kpis if kpi.is_main]})
    board = queries.board(installation, main)
    context = {
        "pack": pack,
        "words": read_words(pack),
        "main": [_shown(one) for one in board.main],
        "as_of": board.as_of,
    }
    return render(request, "playbooks/at_home.html", context)


@login_required
@permission_required(_INSTALL, raise_exception=True)
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish the drafts; each refusal is said."""
    if not request.user.has_perm(_PUBLISH):
        raise PermissionDenied
    told = services.publish_journeys(_installed(slug), by=who(request))
    live = [one for one in told if not one.refusal]
    if live:
        toast(request, _("已发布：%(names)s") % {"names": _("、").join(one.journey.name for one in live)})
    for one in told:
        if one.refusal:
            why = one.refusal.splitlines()[0]
            toast(request, _("“%(name)s”还是草稿：%(why)s") % {"name": one.journey.name, "why": why}, level="error")
    return redirect("playbooks:results", slug)


@login_required
@permission_required(_INSTALL, raise_exception=True)
@require_http_methods(["GET", "POST"])
def upgrade(request: HttpRequest, slug: str) -> HttpResponse:
    """What another version of the pack would change, piece by piece; what is ticked is applied."""
    pack, _there = read_pack(slug)
    installation = _installed(slug)
    refusal = ""
    if request.method == "POST":
        try:
            done = services.upgrade(pack, request.POST.getlist("change"), by=who(request))
        except BusinessError as refused:
            refusal = str(refused)
        else:
            toast(request, ngettext("已更新 %d 项", "已更新 %d 项", len(done)) % len(done))
            return redirect("playbooks:results", slug)
    found = services.changes(installation, pack)
    context = {
        "pack": pack,
        "words": read_words(pack),
        "installation": installation,
        "changes": [change for change in found if change.status != "same"],
        "same": sum(change.status == "same" for change in found),
        "refusal": refusal,
    }
    return render(request, "playbooks/upgrade.html", context, status=422 if refusal else 200)


@login_required
@permission_required(_INSTALL, raise_exception=True)
@require_POST
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Uninstall; what stays is the brand's own."""
    try:
        told = services.remove(slug)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect("playbooks:list")
    words = {"removed": len(told.removed), "edited": len(told.edited), "used": len(told.used)}
    toast(request, _("已卸载：移除 %(removed)s，改过而保留 %(edited)s，在用而保留 %(used)s") % words)
    return redirect("playbooks:list")


def _installed(slug: str) -> Installation:
    found = Installation.objects.filter(pack=slug).first()
    if found is None:
        raise Http404
    return found


def _newer(installation: Installation) -> bool:
    pack, _there = read_pack(installation.pack)
    return pack.version > installation.version


def _drafts(installation: Installation) -> int:
    pieces = [piece.object_id for piece in installation.pieces.filter(kind=Kind.JOURNEY)]
    return Journey.objects.filter(pk__in=pieces, state=Journey.State.DRAFT).count()


def _pieces(installation: Installation) -> list[tuple[Any, list[dict[str, Any]]]]:
    pieces = list(installation.pieces.all())
    groups = [(Kind(kind).label, [_piece(one) for one in pieces if one.kind == kind]) for kind in Kind.values]
    return [(label, found) for label, found in groups if found]


def _piece(piece: InstalledPiece) -> dict[str, Any]:
    kind = PIECES[piece.kind]
    is_gone = kind.state(piece.object_id) is None
    return {
        "label": kind.label(piece.given),
        "url": "" if is_gone else kind.address(piece.object_id),
        "is_gone": is_gone,
        "is_edited": not is_gone and is_edited(piece),
    }


def _shown(one: queries.Shown) -> dict[str, Any]:
    label, definition = HARMS[one.metric.harm]
    return {
        "shown": one,
        "label": one.metric.label,
        "definition": _("%(good)s ÷ %(of)s") % {"good": one.metric.good, "of": one.metric.of},
        "why": worded(one.why, reader()),
        "harm_label": label,
        "harm_definition": definition,
        "chart": None if one.is_empty or len(one.periods) == 1 else _chart(one, str(label)),
    }


def _chart(one: queries.Shown, harm: str) -> charts.Chart:
    series = {
        str(one.metric.label): [_percent(period) for period in one.periods],
        harm: [_percent(period) for period in one.harm],
    }
    spans = [f"{period.since:%m-%d} – {period.until:%m-%d}" for period in one.periods]
    return charts.lines(_("%s（%%）") % one.metric.label, spans, series)


def _percent(period: queries.Period) -> float | None:
    return None if period.share is None else round(100 * period.share, 1)
