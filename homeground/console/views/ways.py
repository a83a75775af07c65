"""How the customer pages ask who may, and where they lead back to."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., HttpResponse]


def may(permission: str) -> Callable[[View], View]:
    """Signed in, and permitted; else the sign-in page, or 403."""
    return lambda view: login_required(permission_required(permission, raise_exception=True)(view))


def who(request: HttpRequest) -> str:
    return request.user.get_username()


def back(request: HttpRequest, other: str) -> HttpResponseRedirect:
    """To the page that asked, when it is one of ours; else to the other."""
    asked = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return redirect(asked if is_ours else other)
