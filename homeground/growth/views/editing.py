"""Making and changing a door."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from homeground.core.errors import BusinessError
from homeground.growth.forms import DoorForms, new_row
from homeground.growth.forms.rows import KINDS
from homeground.growth.models import Door
from homeground.growth.queries.settings import settings_of
from homeground.growth.services import doors, pictures, placing
from homeground.ui.toasts import toast

MAY_SKIP = "growth.allow_unverified"


@login_required
@permission_required("growth.add_door", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new door; ?kind= says which."""
    kind = request.GET.get("kind", Door.Kind.LIVE_CODE)
    if kind not in Door.Kind.values:
        raise Http404
    return _door(request, None, kind)


@login_required
@permission_required("growth.change_door", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a door."""
    door = get_object_or_404(Door.objects.defer("picture"), pk=pk)
    return _door(request, door, door.kind)


@login_required
@permission_required("growth.view_door", raise_exception=True)
@require_GET
def row(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty row of the form: a shift, a group or a welcome."""
    if kind not in KINDS:
        raise Http404
    return render(request, f"growth/rows/{kind}.html", {"row": new_row(kind)})


def _door(request: HttpRequest, door: Door | None, kind: str) -> HttpResponse:
    is_post = request.method == "POST"
    forms = DoorForms(
        kind,
        settings_of(door) if door else None,
        request.POST if is_post else None,
        request.FILES if is_post else None,
    )
    if is_post and forms.is_valid() and (saved := _saved(request, forms, door)):
        return redirect("growth:door", saved.pk)
    page = {
        "forms": forms, "door": door, "kind": kind, "label": Door.Kind(kind).label,
        "may_skip": request.user.has_perm(MAY_SKIP),
    }  # fmt: skip
    return render(request, "growth/edit.html", page, status=422 if is_post else 200)


def _saved(request: HttpRequest, forms: DoorForms, door: Door | None) -> Door | None:
    try:
        saved = doors.save_door(
            forms.said(),
            by=request.user.get_username(),
            may_skip_verify=request.user.has_perm(MAY_SKIP),
            door_id=door.pk if door else None,
        )
    except BusinessError as refusal:
        forms.door.add_error(None, str(refusal))
        return None
    saved = placing.place_door(saved.pk)
    pictures.upload_pictures()
    tell(request, saved)
    return saved


def tell(request: HttpRequest, door: Door) -> None:
    """Say whether the platform has it."""
    if door.sync == Door.Sync.PLACED:
        toast(request, _("已保存，平台上已生效。"))
    else:
        toast(request, _("已保存，但平台上还没有生效：%s") % (door.error or door.get_sync_display()), level="warning")
