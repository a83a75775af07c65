"""The welcome of those who came through no door, and pictures of welcomes."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from homeground.core.errors import BusinessError
from homeground.growth.forms import WelcomeForms
from homeground.growth.models import WelcomePicture
from homeground.growth.queries.settings import default_welcomes
from homeground.growth.services import pictures, welcomes
from homeground.growth.services.pictures import kind_of
from homeground.ui.toasts import toast


@login_required
@permission_required("growth.change_door", raise_exception=True)
@require_http_methods(["GET", "POST"])
def default(request: HttpRequest) -> HttpResponse:
    """What a new friend hears who came through no door, or through one that has nothing for the hour."""
    is_post = request.method == "POST"
    forms = WelcomeForms(default_welcomes(), request.POST if is_post else None, request.FILES if is_post else None)
    error = ""
    if is_post and forms.is_valid():
        try:
            welcomes.save_default_welcomes(forms.said())
        except BusinessError as refusal:
            error = str(refusal)
        else:
            pictures.upload_pictures()
            toast(request, _("默认欢迎语已保存"))
            return redirect("growth:welcome")
    page = {"rows": forms.welcomes, "error": error}
    return render(request, "growth/welcome.html", page, status=422 if is_post else 200)


@login_required
@permission_required("growth.view_door", raise_exception=True)
@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture of a welcome, to look at."""
    body = bytes(get_object_or_404(WelcomePicture, pk=pk).body)
    return HttpResponse(body, content_type=kind_of(body))
