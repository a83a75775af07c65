"""Signing in and out, one's own password, the language."""

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from homeground.console import services
from homeground.console.forms import NewPassword, SignIn
from homeground.core.errors import BusinessError
from homeground.ui.toasts import toast

YEAR = 365 * 24 * 3600


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let a person in and lead them where they wanted to go."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignIn(request.POST or None)
    if form.is_valid():
        try:
            user = services.check_password(request, form.cleaned_data["account"], form.cleaned_data["password"])
        except BusinessError as error:
            form.add_error(None, str(error))
        else:
            login(request, user)
            return redirect(_next(request))
    return render(request, "console/sign_in.html", {"form": form, "next": _next(request)})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("console:sign_in")


@sensitive_post_parameters("old", "new")
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions end, this one stays."""
    form = NewPassword(request.POST or None)
    if form.is_valid():
        try:
            name = request.user.get_username()
            services.check_password(request, name, form.cleaned_data["old"])
            user = services.set_password(name, form.cleaned_data["new"])
        except BusinessError as error:
            form.add_error(None, str(error))
        else:
            update_session_auth_hash(request, user)
            toast(request, _("密码已修改，其他设备上的登录已失效。"))
            return redirect("console:home")
    return render(request, "console/password.html", {"form": form})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language and show the same page again."""
    response = HttpResponseRedirect(_next(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax")
    return response


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)
