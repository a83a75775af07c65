"""Members of staff, and who of them signs in to the console."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.errors import BusinessError
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast
from homeground.wecom.forms import LinkForm, StaffFilters
from homeground.wecom.models import Staff
from homeground.wecom.queries import pages
from homeground.wecom.services import sync
from homeground.wecom.services.staff import link_user


@login_required
@permission_required("wecom.view_staff", raise_exception=True)
@require_GET
def staff_list(request: HttpRequest) -> HttpResponse:
    """Members with the number of their friends."""
    form = StaffFilters(request.GET)
    page = page_of(pages.staff(**form.said()), request.GET, by=("pk",))
    return render(request, "wecom/staff.html", {"form": form, "page": page})


@login_required
@permission_required("wecom.connect_corp", raise_exception=True)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which console user a member is."""
    found = get_object_or_404(Staff, pk=pk)
    form = LinkForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            link_user(found, form.cleaned_data["user"])
        except BusinessError as refusal:
            form.add_error("user", str(refusal))
        else:
            toast(request, _("已保存「%s」的登录账号。") % found.title)
            return redirect("wecom:staff")
    return render(request, "wecom/link.html", {"staff": found, "form": form}, status=422 if request.POST else 200)


@login_required
@permission_required("wecom.sync_corp", raise_exception=True)
@require_POST
def sync_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a worker read one member's contacts anew."""
    found = get_object_or_404(Staff, pk=pk)
    sync.queue_member(found.userid)
    toast(request, _("正在后台重新同步「%s」的客户。") % found.title)
    return redirect("wecom:drift" if request.POST.get("next") == "drift" else "wecom:staff")
