"""The corp's page: connecting, how things stand, the sync, and what existing friends agreed to."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.env import env
from homeground.core.errors import BusinessError
from homeground.core.secrets import unseal
from homeground.ui.toasts import toast
from homeground.wecom import queries
from homeground.wecom.forms import ConnectForm, ConsentForm
from homeground.wecom.models import App
from homeground.wecom.models.corp import SANDBOX
from homeground.wecom.queries import pages
from homeground.wecom.services import consenting, sync
from homeground.wecom.services.connecting import connect_corp

_KEPT = {
    "contact_secret": ("contact", "sealed_secret"),
    "secret": ("agent", "sealed_secret"),
    "token": ("contact", "sealed_callback_token"),
    "aes_key": ("contact", "sealed_aes_key"),
}


@login_required
@permission_required("wecom.view_corp", raise_exception=True)
@require_GET
def corp(request: HttpRequest) -> HttpResponse:
    """How things stand; before a corp is connected, the way there."""
    found = queries.corp()
    if found is None:
        return render(request, "wecom/welcome.html", _addresses(request))
    page = {
        "corp": found,
        "tokens": pages.tokens(),
        "budget": pages.budget(),
        "callbacks": pages.waiting(),
        "report": pages.last_report(),
        "active_staff": pages.staff(is_active=True).count(),
    }
    return render(request, "wecom/corp.html", page | _sync() | _addresses(request))


@login_required
@permission_required("wecom.view_corp", raise_exception=True)
@require_GET
def sync_card(request: HttpRequest) -> HttpResponse:
    """The card of the sync, drawn again while it runs."""
    return render(request, "wecom/corp.html#sync", _sync())


@login_required
@permission_required("wecom.sync_corp", raise_exception=True)
@require_POST
def start_sync(request: HttpRequest) -> HttpResponse:
    """Have a worker sync."""
    if not queries.is_connected():
        return redirect("wecom:corp")
    sync.queue_sync(full=request.POST.get("full") == "1")
    toast(request, _("同步已排入后台，进度会显示在这里。"))
    return redirect("wecom:corp")


@sensitive_post_parameters("contact_secret", "secret", "token", "aes_key")
@login_required
@permission_required("wecom.connect_corp", raise_exception=True)
@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """The corp's keys."""
    found = queries.corp()
    initial = {"base_url": _sandbox_url()} if "sandbox" in request.GET and found is None else {}
    initial |= {"agentid": agentid} if (agentid := _agentid()) else {}
    form = ConnectForm(request.POST or None, corp=found, has=_kept(), **initial)
    if request.method == "POST" and form.is_valid():
        try:
            connect_corp(**_with_kept(form.cleaned_data))
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("企业微信已接入。下一步：完整同步一次。"))
            return redirect("wecom:corp")
    page = {"form": form, "corp": found, "is_sandbox": "sandbox" in request.GET} | _addresses(request)
    return render(request, "wecom/connect.html", page, status=422 if request.method == "POST" else 200)


@login_required
@permission_required("wecom.connect_corp", raise_exception=True)
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """Record for good that the friends who are there agreed to promotions, and why that is so."""
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = consenting.record_friends_consent(form.cleaned_data["reason"], request.user.get_username())
        except BusinessError as refusal:
            form.add_error("reason", str(refusal))
        else:
            text = ngettext("已为 %(count)s 位好友登记营销授权。", "已为 %(count)s 位好友登记营销授权。", count)
            toast(request, text % {"count": f"{count:,}"})
            return redirect("wecom:corp")
    page = {"form": form, "unasked": consenting.unasked_friends()}
    return render(request, "wecom/consent.html", page, status=422 if request.method == "POST" else 200)


def _sync() -> dict[str, object]:
    run = pages.last_sync()
    done, parts = pages.parts(run) if run else (0, 0)
    return {
        "run": run,
        "done": done,
        "parts": parts,
        "is_running": sync.is_running(),
        "full": pages.last_full_sync(),
    }


def _addresses(request: HttpRequest) -> dict[str, object]:
    base = env.base_url.rstrip("/")
    try:
        sandbox_page = reverse("sandbox:corp")
    except NoReverseMatch:
        sandbox_page = ""
    return {
        "callback_urls": [(app.label, f"{base}/callbacks/wecom/{app.value}") for app in App.Slug],
        "sandbox_url": _sandbox_url(),
        "sandbox_page": sandbox_page,
        "command": "homeground sandbox credentials --json | homeground wecom connect"
        f" --credentials - --base-url {_sandbox_url()}",
    }


def _sandbox_url() -> str:
    return env.base_url.rstrip("/") + SANDBOX


def _agentid() -> str:
    return App.objects.filter(slug=App.Slug.AGENT).values_list("agentid", flat=True).first() or ""


def _kept() -> frozenset[str]:
    rows = {app.slug: app for app in App.objects.all()}
    return frozenset(name for name, (slug, field) in _KEPT.items() if slug in rows and getattr(rows[slug], field))


def _with_kept(given: dict[str, str]) -> dict[str, str]:
    """The form's fields; a secret that was left empty is the one that is kept."""
    return {name: value or (_plain(name) if name in _KEPT else "") for name, value in given.items()}


def _plain(name: str) -> str:
    slug, field = _KEPT[name]
    row = App.objects.filter(slug=slug).first()
    sealed = getattr(row, field) if row else ""
    return unseal(sealed) if sealed else ""
