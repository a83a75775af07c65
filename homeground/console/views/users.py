"""Who may sign in, and as what."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from homeground.console import queries, services
from homeground.console.forms import NewUser
from homeground.console.roles import Role
from homeground.core.errors import BusinessError
from homeground.ui.toasts import toast

_may = permission_required("console.manage_users", raise_exception=True)


@sensitive_post_parameters("password")
@login_required
@_may
def users(request: HttpRequest) -> HttpResponse:
    """The list, and a form for one more."""
    form = NewUser(request.POST or None)
    if form.is_valid():
        try:
            services.create_user(**form.cleaned_data)
        except BusinessError as error:
            form.add_error(None, str(error))
        else:
            toast(request, _("已添加成员 %(name)s。") % {"name": form.cleaned_data["name"]})
            return redirect("console:users")
    return render(request, "console/users.html", {"form": form, "users": queries.users(), "roles": Role.choices})


@require_POST
@login_required
@_may
def role(request: HttpRequest, name: str) -> HttpResponse:
    """Give a user another role."""
    return _change(request, services.change_role, name, request.POST.get("role", ""))


@require_POST
@login_required
@_may
def active(request: HttpRequest, name: str) -> HttpResponse:
    """Let a user in, or keep them out."""
    return _change(request, services.set_active, name, request.POST.get("is_active") == "1")


def _change(request: HttpRequest, change: Callable[..., Any], *what: Any) -> HttpResponse:
    try:
        change(*what)
    except BusinessError as error:
        toast(request, str(error), level="error")
    else:
        toast(request, _("已保存。"))
    return redirect("console:users")
