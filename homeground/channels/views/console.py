"""The console's pages: channels, their settings, a test message."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.channels import queries, services
from homeground.channels.forms import ChannelForm, TestForm, settings_form
from homeground.channels.kinds import KINDS, SHARED
from homeground.channels.messages import reason_text
from homeground.channels.models import Channel
from homeground.core.errors import BusinessError
from homeground.people.models import Identity
from homeground.people.queries import brand
from homeground.ui.toasts import toast


@login_required
@permission_required("channels.view_channel", raise_exception=True)
@require_GET
def channel_list(request: HttpRequest) -> HttpResponse:
    """The channels, and what the last seven days brought."""
    counts = queries.last_week()
    rows = [_row(channel, counts.get(channel.slug)) for channel in Channel.objects.all()]
    return render(request, "channels/list.html", {"rows": rows, "currency": brand().currency})


@login_required
@permission_required("channels.change_channel", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Settings of one channel."""
    channel = get_object_or_404(Channel, slug=slug)
    given = request.POST if request.method == "POST" else None
    common, own = ChannelForm(channel, brand().currency, given), settings_form(channel, given)
    if given and common.is_valid() and own.is_valid():
        try:
            services.configure(channel, own.cleaned_data, **common.said())
        except BusinessError as refusal:
            own.add_error(None, str(refusal))
        else:
            toast(request, _("「%s」已保存") % channel.title)
            return redirect("channels:edit", slug=slug)
    page = {
        "channel": channel,
        "kind": KINDS[channel.kind],
        "common": common,
        "own": own,
        "test": TestForm(),
        "currency": brand().currency,
        "is_ready": services.is_ready(channel),
        "receipts_url": queries.receipts_url(slug),
    }
    return render(request, "channels/edit.html", page, status=422 if given else 200)


@login_required
@permission_required("channels.change_channel", raise_exception=True)
@require_POST
def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """On or off."""
    channel = get_object_or_404(Channel, slug=slug)
    try:
        services.switch(channel, is_enabled=request.POST.get("is_enabled") == "1")
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect("channels:edit", slug=slug)
    toast(request, (_("「%s」已启用") if channel.is_enabled else _("「%s」已停用")) % channel.title)
    return redirect("channels:list")


@login_required
@permission_required("channels.test_channel", raise_exception=True)
@require_POST
def test(request: HttpRequest, slug: str) -> HttpResponse:
    """Send one test message, and say what became of it."""
    channel = get_object_or_404(Channel, slug=slug)
    if channel.kind in SHARED:  # A member would have to confirm it, and one customer would get it.
        raise Http404
    form = TestForm(request.POST)
    if not form.is_valid():
        toast(request, _("请填写收件地址。"), level="error")
        return redirect("channels:edit", slug=slug)
    outcome = services.send_test(channel, form.cleaned_data["address"])
    if outcome.state == "sent":
        toast(request, _("测试消息已发出。"))
    else:
        toast(request, _("测试消息没有发出：%s") % reason_text(outcome.reason), level="error")
    return redirect("channels:edit", slug=slug)


def _row(channel: Channel, counts: queries.Counts | None) -> dict[str, object]:
    return {
        "channel": channel,
        "kind": KINDS[channel.kind].label,
        "addresses": [Identity.Kind(kind).label for kind in channel.address_kinds],
        "counts": counts or queries.Counts(channel.slug, 0, 0, 0),
        "is_ready": services.is_ready(channel),
    }
