"""Files of messages: the tray of an editor, and a picture itself."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from homeground.content import services
from homeground.content.forms import Tray, tray_of
from homeground.content.forms.tray import items_of, use_of
from homeground.content.models import Material, MaterialBytes
from homeground.core.errors import BusinessError


@login_required
@permission_required("content.add_material", raise_exception=True)
@require_POST
def tray(request: HttpRequest) -> HttpResponse:
    """A fragment: the tray after what was just done in it. A refusal leaves what lay there."""
    try:
        found = tray_of(request, lambda file: services.keep_material(file, request.user.get_username()))
    except BusinessError as refusal:
        found = Tray(use_of(request.POST), items_of(request.POST), request.POST.get("add", ""), str(refusal))
    answer = render(request, "content/tray.html", {"tray": found})
    answer.headers["HX-Trigger-After-Settle"] = "tray-changed"
    return answer


@login_required
@permission_required("content.view_material", raise_exception=True)
@require_GET
@cache_control(private=True, max_age=86400, immutable=True)
def material(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself."""
    found = get_object_or_404(Material, pk=pk)
    content = bytes(get_object_or_404(MaterialBytes, pk=pk).content)
    return HttpResponse(content, content_type=found.content_type, headers={"Content-Disposition": "inline"})
