"""Personas: who speaks, how regularly, and on which days about what."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.content import queries, services
from homeground.content.forms import PersonaForm, SlotForms, slots_of
from homeground.content.forms.feed import slot_values
from homeground.content.models import Persona
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.people.queries import brand
from homeground.ui.toasts import toast


@login_required
@permission_required("content.view_persona", raise_exception=True)
@require_GET
def personas(request: HttpRequest) -> HttpResponse:
    """Every persona, with the three faults of its feed."""
    found = list(
        Persona.objects.prefetch_related("slots").select_related("staff").order_by("-is_active", "-is_owner", "pk")
    )
    today = time.day_of(time.now(), brand().time_zone)
    return render(request, "content/personas.html", {"rows": queries.regularities(found), "today": today})


@login_required
@permission_required("content.add_persona", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new persona."""
    return _editor(request, Persona(begins_on=time.day_of(time.now(), brand().time_zone)))


@login_required
@permission_required("content.change_persona", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a persona and its slots."""
    return _editor(request, get_object_or_404(Persona, pk=pk))


@login_required
@permission_required("content.change_persona", raise_exception=True)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody looked at the phone: the feed is open."""
    services.confirm_open_feed(get_object_or_404(Persona, pk=pk).pk)
    toast(request, _("已记下：今天确认过不是三天可见"))
    return redirect("content:personas")


def _editor(request: HttpRequest, persona: Persona) -> HttpResponse:
    form = PersonaForm(request.POST or None, instance=persona)
    slots = SlotForms(request.POST or None, prefix="slots", initial=_slots(persona))
    if request.method == "POST" and form.is_valid() and slots.is_valid():
        try:
            services.save_persona(form.save(commit=False), slots_of(slots))
            toast(request, _("人设已保存"))
            return redirect("content:personas")
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
    page = {"form": form, "slots": slots, "persona": persona}
    return render(request, "content/persona.html", page, status=422 if form.is_bound else 200)


def _slots(persona: Persona) -> list[dict[str, Any]]:
    return slot_values(list(persona.slots.all())) if persona.pk else []
