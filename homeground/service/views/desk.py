"""Who sits at a staff page: a member, or a lead who looks over a member's shoulder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from homeground.core import time
from homeground.people.models import Brand, Customer
from homeground.people.queries import brand, ids_of
from homeground.service.queries.day import covered
from homeground.service.queries.sight import LEADS, reads_chats_of, sees_customer
from homeground.wecom.models import Staff
from homeground.wecom.models.corp import PLATFORM
from homeground.wecom.queries import corp, staff_of_user

Rest = ParamSpec("Rest")


@dataclass(frozen=True)
class Desk:
    """One visit. staff: whose page it is; None: a lead without friends of their own. members: also whom they cover."""

    user: Any
    staff: Staff | None
    at: datetime
    on: date
    members: list[int]
    is_own: bool
    brand: Brand

    @property
    def by(self) -> str:
        """Who clicks, for the record."""
        return str(self.user.get_username())

    @cached_property
    def readable(self) -> Sequence[int] | None:
        """The members whose talks may be read here; None for everybody's."""
        return reads_chats_of(self.user, self.members)


def at_desk(view: Callable[Concatenate[HttpRequest, Desk, Rest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for members of staff and their leads. A stranger to the console is sent to the way in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(_way_in(request))
        desk = _desk(request)
        if desk is None:
            return render(request, "service/staff/nobody.html", {"brand": brand()}, status=403)
        return view(request, desk, *args, **kwargs)

    return guarded


def customer_at(desk: Desk, customer_id: int) -> tuple[Customer, list[int]]:
    """The person with all their ids, where this visitor may see them. Everybody else's customer is not found."""
    ids = ids_of(customer_id)
    if not sees_customer(desk.user, desk.members, ids):
        raise Http404
    return get_object_or_404(Customer, pk=ids[0]), ids


def _desk(request: HttpRequest) -> Desk | None:
    own = staff_of_user(request.user)
    is_lead = request.user.has_perm(LEADS)
    chosen = request.GET.get("as") or request.POST.get("as") or ""
    staff = own
    if chosen and is_lead:
        staff = get_object_or_404(Staff, pk=chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    if staff is None and not is_lead:
        return None
    at, known = time.now(), brand()
    on = time.day_of(at, known.time_zone)
    return Desk(request.user, staff, at, on, covered(staff, on) if staff else [], staff == own, known)


def _way_in(request: HttpRequest) -> str:
    """Members come through WeCom, where that can be: inside its client, and in any browser with a sandbox corp."""
    here, known = {"next": request.get_full_path()}, corp()
    if known and (known.base_url != PLATFORM or "wxwork" in request.headers.get("User-Agent", "").lower()):
        return f"{reverse('wecom_oauth:enter')}?{urlencode({'for': 'staff'} | here)}"
    return f"{reverse('console:sign_in')}?{urlencode(here)}"
