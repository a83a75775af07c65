"""The brand's name, zone and currency; and whether a private domain suits this business at all (M17)."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeground.console import queries
from homeground.console.forms import BrandSettings, Suitability
from homeground.console.suitability import advice
from homeground.core.errors import BusinessError
from homeground.people.services import set_brand
from homeground.ui.toasts import toast


@login_required
@permission_required("console.change_brand", raise_exception=True)
def settings(request: HttpRequest) -> HttpResponse:
    """Change what every page shows and counts by."""
    brand = queries.brand()
    given = {"name": brand.name, "time_zone": brand.time_zone, "currency": brand.currency}
    form = BrandSettings(request.POST or None, initial=given)
    if form.is_valid():
        try:
            set_brand(**form.cleaned_data)
        except BusinessError as error:
            form.add_error(None, str(error))
        else:
            toast(request, _("已保存。"))
            return redirect("console:settings")
    return render(request, "console/settings.html", {"form": form})


@login_required
def suitability(request: HttpRequest) -> HttpResponse:
    """Three honest questions and what they mean; nothing is kept."""
    form = Suitability(request.GET or None)
    found = advice(**form.cleaned_data) if form.is_valid() else None
    return render(request, "console/suitability.html", {"form": form, "found": found})
