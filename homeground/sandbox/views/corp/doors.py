"""What a real scan or a sign-in page leads to: choose who you are."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from homeground.core.errors import BusinessError
from homeground.sandbox.forms import SearchForm
from homeground.sandbox.models import AcquisitionLink, Contact, ContactWay, JoinWay, Media, Member
from homeground.sandbox.queries import phones_of_corp as queries
from homeground.sandbox.services.callbacks import address_of
from homeground.sandbox.services.wecom.corp import corp
from homeground.sandbox.services.wecom.login import code_for
from homeground.sandbox.views.corp.customer_deeds import open_door
from homeground.sandbox.views.corp.phones import number
from homeground.ui.toasts import toast

_PRIVATE = "snsapi_privateinfo"


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """A printed live code, a group live code, or an acquisition link: whose phone scans it?"""
    door = _door(code)
    if door is None:
        raise Http404
    if request.method == "POST":
        return _scanned(request)
    form = SearchForm(request.GET)
    search = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = queries.contacts(search).order_by("-pk")[: queries.MOST]
    page = {"door": door, "form": form, "people": found, "search": search, "address": request.build_absolute_uri()}
    return render(request, "sandbox/corp/scan_page.html", page)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
def authorize(request: HttpRequest) -> HttpResponse:
    """Web sign-in: choose which member or customer you are; back to the page that asked, with a code and its state."""
    given = request.GET
    problem = _problem(given.get("appid", ""), given.get("redirect_uri", ""), given.get("state", ""))
    if problem:
        return render(request, "sandbox/corp/authorize.html", {"problem": problem}, status=400)
    if request.method != "POST":
        return render(request, "sandbox/corp/authorize.html", _who(request))
    back = _return_url(request)
    if urlsplit(back).netloc == request.get_host():
        return redirect(back)
    return render(request, "sandbox/corp/authorize.html", {"back": back})  # A form may not lead to another host (CSP).


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def picture(request: HttpRequest, media_id: str) -> HttpResponse:
    """An uploaded image, as phones show it."""
    found = get_object_or_404(Media, media_id=media_id, kind="image")
    if found.content_type not in ("image/png", "image/jpeg", "image/gif"):
        raise Http404
    return HttpResponse(bytes(found.body), content_type=found.content_type)


def _door(code: str) -> ContactWay | JoinWay | AcquisitionLink | None:
    return (
        ContactWay.objects.filter(config_id=code).first()
        or JoinWay.objects.filter(config_id=code).first()
        or AcquisitionLink.objects.filter(link_id=code, deleted_at=None).first()
    )


def _scanned(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("sandbox.play_phone"):
        return HttpResponse(status=403)
    contact = get_object_or_404(Contact, pk=number(request.POST.get("contact", "")))
    try:
        place = open_door(contact, request.get_full_path())
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect(request.get_full_path())
    return redirect(reverse("sandbox:customer_phone", args=[contact.pk]) + place.query)


def _problem(appid: str, redirect_uri: str, state: str) -> str:
    """What is wrong with a request to sign in, as the platform would say it; empty: nothing."""
    ours = corp()
    parts = urlsplit(redirect_uri)
    if appid != ours.corpid:
        return _("appid 不是沙盒企业的企业 ID（40013）。")
    if parts.scheme not in ("http", "https") or parts.netloc != urlsplit(address_of(ours)).netloc:
        return _("redirect_uri 的域名与企业登记的可信域名不一致（50001）。可信域名就是回调地址的域名。")
    if len(state) > 128 or not (state == "" or (state.isascii() and state.isalnum())):
        return _("state 只能是不超过 128 字节的字母和数字（84025）。")
    return ""


def _who(request: HttpRequest) -> dict[str, object]:
    search = request.GET.get("q", "").strip()[:50]
    kind, _colon, pk = str(request.session.get("sandbox_as", "")).partition(":")
    usual = (Member if kind == "member" else Contact).objects.filter(pk=pk).first() if pk else None
    return {
        "usual": usual,
        "usual_kind": kind,
        "members": queries.members(search).filter(resigned_at=None)[:20],
        "contacts": queries.contacts(search).order_by("-pk")[:20],
        "search": search,
        "hidden": [(name, value) for name, value in request.GET.items() if name != "q"],
    }


def _return_url(request: HttpRequest) -> str:
    kind, _colon, pk = request.POST.get("who", "").partition(":")
    is_private = request.GET.get("scope") == _PRIVATE
    if kind == "member":
        code = code_for(member=get_object_or_404(Member, pk=number(pk)), is_private=is_private)
    elif kind == "contact":
        code = code_for(contact=get_object_or_404(Contact, pk=number(pk)))
    else:
        code = code_for()
    parts = urlsplit(request.GET["redirect_uri"])
    query = urlencode([*parse_qsl(parts.query), ("code", code), ("state", request.GET.get("state", ""))])
    return parts._replace(query=query, fragment="").geturl()
