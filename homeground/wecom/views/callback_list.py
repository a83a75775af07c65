"""Callbacks as they came, and handling them again."""

from xml.dom import minidom

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeground.core.errors import BusinessError
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast
from homeground.wecom import xml
from homeground.wecom.forms import CallbackFilters
from homeground.wecom.models import Callback
from homeground.wecom.queries import pages
from homeground.wecom.services import callbacks

_TONES = {"waiting": "amber", "handled": "green", "failed": "red"}
_WELCOME_TONES = {"sent": "green", "late": "red", "refused": "red", "unknown": "amber", "waiting": "amber"}


@login_required
@permission_required("wecom.view_callback", raise_exception=True)
@require_GET
def callback_list(request: HttpRequest) -> HttpResponse:
    """All of them, newest first."""
    form = CallbackFilters(request.GET)
    page = page_of(pages.callbacks(**form.said()), request.GET, by=("-received_at", "-pk"))
    context = {"form": form, "page": page, "rows": [_row(row) for row in page], "standing": pages.waiting()}
    return render(request, "wecom/callbacks.html", context)


@login_required
@permission_required("wecom.view_callback", raise_exception=True)
@require_GET
def callback(request: HttpRequest, pk: int) -> HttpResponse:
    """One: what was told, and what became of it."""
    found = get_object_or_404(Callback, pk=pk)
    context = {"row": _row(found), "body": _pretty(found.body)}
    return render(request, "wecom/callback.html", context)


@login_required
@permission_required("wecom.replay_callback", raise_exception=True)
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Have one handled again."""
    try:
        callbacks.replay(pk)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect("wecom:callbacks")
    toast(request, _("已放回队列，几秒内重新处理。"))
    return redirect("wecom:callback", pk=pk)


@login_required
@permission_required("wecom.replay_callback", raise_exception=True)
@require_POST
def replay_failed(request: HttpRequest) -> HttpResponse:
    """Have all that failed handled again."""
    count = callbacks.replay_failed()
    toast(request, _("%(count)d 条已放回队列。") % {"count": count} if count else _("没有需要重放的回调。"))
    return redirect("wecom:callbacks")


def _row(found: Callback) -> dict[str, object]:
    return {
        "callback": found,
        "event": pages.event_name(found.event),
        "tone": _TONES[found.state] if found.is_known else "neutral",
        "welcome_tone": _WELCOME_TONES.get(found.welcome, "neutral"),
    }


def _pretty(body: str) -> str:
    """The XML with a line an element. It was read safely once: without a document type nothing in it can harm."""
    try:
        xml.fields(body.encode())
    except xml.NotXml:
        return body
    root = minidom.parseString(body.encode()).documentElement
    return root.toprettyxml(indent="  ").strip() if root else body
