"""The way in for people inside WeCom and WeChat: staff to their page, customers to theirs. No password anywhere."""

from functools import wraps
from typing import Any, Protocol

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from homeground.core.env import env
from homeground.core.errors import BusinessError
from homeground.core.time import now
from homeground.people.queries import brand
from homeground.wecom.client import connect, jssdk, oauth
from homeground.wecom.errors import EntryRefused
from homeground.wecom.models import App
from homeground.wecom.queries import staff_of_user
from homeground.wecom.queries.visitors import SESSION_KEY
from homeground.wecom.services import entering

_STATES = "wecom_states"
_STATE_LENGTH = 32  # Letters and digits: the platform refuses anything else.
_GOOD_SECONDS = 600
_KEPT_STATES = 5  # Of one browser: tabs opened side by side.
_STAFF, _CUSTOMER = "staff", "customer"
_HOMES = {_STAFF: "/staff/", _CUSTOMER: "/"}


class _View(Protocol):
    def __call__(self, request: HttpRequest) -> HttpResponse: ...


def _friendly(view: _View) -> _View:
    """A refusal is a page of its own, with a way to try again."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except BusinessError as refusal:
            page = {"brand": brand(), "reason": str(refusal)}
            return render(request, "wecom/entry_refused.html", page, status=403)

    return wrapped


@never_cache
@require_safe
@_friendly
def enter(request: HttpRequest) -> HttpResponse:
    """Send the browser to the platform, which sends it back to `come_back`. for: staff, customer; next: a page here."""
    who = _STAFF if request.GET.get("for") != _CUSTOMER else _CUSTOMER
    api = connect(App.Slug.AGENT)
    state = get_random_string(_STATE_LENGTH)
    _keep_state(request, state, {"for": who, "next": _next(request, who), "at": now().timestamp()})
    back = env.base_url.rstrip("/") + reverse("wecom_oauth:return")
    return HttpResponseRedirect(
        oauth.authorize_url(api.corpid, back, state, agentid=api.agentid, base_url=api.base_url)
    )


@never_cache
@require_safe
@_friendly
def come_back(request: HttpRequest) -> HttpResponse:
    """Ask the platform whose code this is, and lead on. A state is good once, for ten minutes, in one browser."""
    kept = _taken_state(request, request.GET.get("state", ""))
    code = request.GET.get("code", "")
    if not code:
        raise EntryRefused(_("没有取得授权，请重新打开页面。"))
    found = oauth.identity(connect(App.Slug.AGENT), code)
    if kept["for"] == _STAFF:
        login(request, entering.user_of(found.userid), backend="django.contrib.auth.backends.ModelBackend")
    else:
        request.session[SESSION_KEY] = [found.external_userid, found.openid]
    return HttpResponseRedirect(kept["next"])


@never_cache
@require_safe
@login_required
def signature(request: HttpRequest) -> HttpResponse:
    """What wx.config and agentConfig take, for the page at ?url=, one of ours; for members of staff alone."""
    if staff_of_user(request.user) is None:
        return JsonResponse({"error": _("只有员工可以使用侧边栏。")}, status=403)
    url = request.GET.get("url", "")
    if not _is_ours(request, url) or not url.startswith(("https://", "http://")):
        return JsonResponse({"error": _("只能为本站的页面签名。")}, status=400)
    try:
        api = connect(App.Slug.AGENT)
        signed = {"corp": jssdk.corp_signature(api, url), "agent": jssdk.agent_signature(api, url)}
    except BusinessError as refusal:
        return JsonResponse({"error": str(refusal)}, status=503)
    return JsonResponse(
        {"corpid": api.corpid, "agentid": api.agentid} | {name: _document(one) for name, one in signed.items()}
    )


def _document(signed: jssdk.Signature) -> dict[str, Any]:
    return {"timestamp": signed.timestamp, "nonceStr": signed.nonce, "signature": signed.signature}


def _next(request: HttpRequest, who: str) -> str:
    """Where to go afterwards: an address of ours, or the start."""
    wanted = request.GET.get("next", "")
    return wanted if wanted.startswith("/") and _is_ours(request, wanted) else _HOMES[who]


def _is_ours(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})


def _keep_state(request: HttpRequest, state: str, kept: dict[str, Any]) -> None:
    states = request.session.get(_STATES, {})
    newest = sorted(states, key=lambda name: states[name]["at"], reverse=True)[: _KEPT_STATES - 1]
    request.session[_STATES] = {name: states[name] for name in newest} | {state: kept}


def _taken_state(request: HttpRequest, state: str) -> dict[str, Any]:
    states = dict(request.session.get(_STATES, {}))
    kept: dict[str, Any] | None = states.pop(state, None)
    request.session[_STATES] = states
    if kept is None or now().timestamp() - kept["at"] > _GOOD_SECONDS:
        raise EntryRefused(_("登录链接已失效，请重新打开页面。"))
    return kept
