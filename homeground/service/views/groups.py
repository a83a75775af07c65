"""Pages: group chats with their mood, and the cards and credentials of staff."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.people import queries as people
from homeground.service.forms.tickets import CredentialForm, GroupExpertForm, ProfileForm
from homeground.service.models import Credential, StaffProfile
from homeground.service.queries import tickets as queries
from homeground.service.services import experts as services
from homeground.ui.toasts import toast
from homeground.wecom.models import GroupChat, Staff

SPANS = (7, 30, 90)


@login_required
@permission_required("wecom.view_groupchat", raise_exception=True)
@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """Group chats, the most negative first (M62)."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, SPANS) else 30
    now = time.now()
    moods = queries.group_moods(now - timedelta(days=days), now)
    experts = queries.experts(queries.today())
    names = dict(Staff.objects.values_list("pk", "name"))
    rows = [(mood, names.get(mood.owner_id or 0, ""), _choice(mood, experts)) for mood in moods]
    context = {"rows": rows, "days": days, "spans": SPANS, "enough": queries.ENOUGH}
    return render(request, "service/groups.html", context)


def _choice(mood: queries.GroupMood, experts: QuerySet[Staff]) -> GroupExpertForm:
    return GroupExpertForm(experts, initial={"expert": mood.expert_id}, prefix=str(mood.id))


@login_required
@permission_required("service.change_staffprofile", raise_exception=True)
@require_POST
def set_expert(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the group's expert: somebody with a valid credential (M61)."""
    group = get_object_or_404(GroupChat, pk=pk)
    form = GroupExpertForm(queries.experts(queries.today()), request.POST, prefix=str(pk))
    if form.is_valid():
        group.expert = form.cleaned_data["expert"]
        group.save(update_fields=["expert"])
        toast(request, _("群内专家已更新"))
    else:
        toast(request, _("群内专家要有一份在有效期内的资质，请先登记。"), level="error")
    return redirect("service:groups")


@login_required
@permission_required("service.view_credential", raise_exception=True)
@require_GET
def experts(request: HttpRequest) -> HttpResponse:
    """Who may advise, until when."""
    today = queries.today()
    staff = Staff.objects.filter(is_active=True).select_related("profile").prefetch_related("credentials")
    context = {"staff": staff, "expiring": queries.expiring(today), "today": today}
    return render(request, "service/experts.html", context)


@login_required
@permission_required("service.change_staffprofile", raise_exception=True)
@require_http_methods(["GET", "POST"])
def expert(request: HttpRequest, pk: int) -> HttpResponse:
    """One member's card and credentials."""
    profile = _profile(pk)
    form = ProfileForm(request.POST or None, instance=profile)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_profile(pk, **form.cleaned_data)
            toast(request, _("名片已保存"))
            return redirect("service:expert", pk)
        except BusinessError as refusal:
            form.add_error("headline", str(refusal))
    return _expert_page(request, pk, profile=form)


def _expert_page(request: HttpRequest, pk: int, **forms: Any) -> HttpResponse:
    staff = get_object_or_404(Staff, pk=pk)
    wrong = any(form.is_bound for form in forms.values())
    context = {
        "member": staff,
        "card": _profile(pk),
        "profile": ProfileForm(instance=_profile(pk)),
        "credential": CredentialForm(),
        "credentials": staff.credentials.all(),
        "today": queries.today(),
    }
    return render(request, "service/expert.html", context | forms, status=422 if wrong else 200)


def _profile(pk: int) -> StaffProfile:
    return services.profile_of(get_object_or_404(Staff, pk=pk).pk)


@login_required
@permission_required("service.add_credential", raise_exception=True)
@require_POST
def add_credential(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a credential whose original one has seen."""
    form = CredentialForm(request.POST)
    if form.is_valid():
        try:
            services.add_credential(_profile(pk).staff_id, **form.cleaned_data, by=request.user.get_username())
            toast(request, _("资质已登记"))
            return redirect("service:expert", pk)
        except BusinessError as refusal:
            form.add_error("title", str(refusal))
    return _expert_page(request, pk, credential=form)


@login_required
@permission_required("service.delete_credential", raise_exception=True)
@require_POST
def remove_credential(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a credential."""
    row = get_object_or_404(Credential, pk=pk)
    services.remove_credential(pk)
    toast(request, _("资质已删除"))
    return redirect("service:expert", row.staff_id)


@require_GET
def card(request: HttpRequest, token: str) -> HttpResponse:
    """A member's card for customers (H5): who they are, with the credentials that are valid today (M47)."""
    profile = StaffProfile.objects.select_related("staff").filter(token=token).first()
    shown = queries.shown(profile.staff_id, queries.today()) if profile else None
    if not shown:
        raise Http404
    context = {"profile": shown[0], "member": shown[0].staff, "credentials": shown[1], "brand": people.brand()}
    return render(request, "service/card.html", context)
