"""Phones of staff: WeCom as a member has it."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeground.core.errors import BusinessError
from homeground.sandbox.forms import HireForm, MemberSearchForm
from homeground.sandbox.models import MassTask, Member, Tag
from homeground.sandbox.queries import phones_of_corp as queries
from homeground.sandbox.services.playing_corp import people
from homeground.sandbox.views.corp.phones import Phone, Place, Screen, act, show, whereabouts
from homeground.sandbox.views.corp.staff_deeds import DEEDS, chat_of, friendship_of
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def members(request: HttpRequest) -> HttpResponse:
    """All staff of the corp."""
    form = MemberSearchForm(request.GET)
    search = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = page_of(queries.members(search), request.GET, by=("pk",))
    return render(
        request, "sandbox/corp/members.html", {"form": form, "page": page, "search": search, "hire": HireForm()}
    )


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def hire(request: HttpRequest) -> HttpResponse:
    """A new member of staff."""
    form = HireForm(request.POST)
    if form.is_valid():
        try:
            member = people.hire(**form.cleaned_data)
        except BusinessError as refusal:
            toast(request, str(refusal), level="error")
        else:
            return redirect("sandbox:staff_phone", pk=member.pk)
    else:
        toast(request, _("请填写账号和姓名；账号只能用字母、数字和 - _ . @。"), level="error")
    return redirect("sandbox:staff")


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """One member's phone."""
    request.session["sandbox_as"] = f"member:{pk}"  # Whom a sign-in page proposes first.
    return show(request, _phone(pk), whereabouts(request.GET, "chats"))


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """The member does something."""
    return act(request, _phone(pk), DEEDS, deed)


def _phone(pk: int) -> Phone:
    member = get_object_or_404(Member, pk=pk)
    context = {
        "member": member,
        "side": "staff",
        "tabs": _tabs(member),
    }
    url = reverse("sandbox:staff_phone", args=[pk])
    return Phone(
        url, member, "sandbox/corp/staff_phone.html", context, lambda place, given: _draw(member, place, given)
    )


def _tabs(member: Member) -> list[tuple[str, str, str, int]]:
    """The bar below: screen, words, icon, how much waits."""
    open_sends = MassTask.objects.filter(member=member, sent_at=None, message__cancelled_at=None).count()
    tasks = open_sends + len(queries.moment_tasks(member))
    return [
        ("chats", _("消息"), "message-circle", 0),
        ("customers", _("客户"), "address-book", queries.requests_to(member).count()),
        ("tasks", _("任务"), "checklist", tasks),
        ("moments", _("朋友圈"), "aperture", 0),
        ("app", _("工作台"), "layout-dashboard", 0),
    ]


def _draw(member: Member, place: Place, given: QueryDict) -> Screen:
    if place.screen not in SCREENS:
        raise Http404
    return SCREENS[place.screen](member, place.pk, given)


def _chats(member: Member, pk: int | None, given: QueryDict) -> Screen:
    context = {"conversations": queries.conversations_of_member(member)}
    return Screen("chats", _("消息"), "sandbox/corp/chats.html", context)


def _chat(member: Member, pk: int | None, given: QueryDict) -> Screen:
    tie = friendship_of(member, pk)
    thread = queries.messages_of(tie)
    context = {"thread": thread, "mine": False, "friendship": tie, "is_over": tie.ended_at is not None}
    name = tie.remark or tie.contact.name
    return Screen("chat", name, "sandbox/corp/thread.html", context, pk, "chats", composer="say", count=len(thread))


def _group(member: Member, pk: int | None, given: QueryDict) -> Screen:
    chat = chat_of(member, pk)
    thread = queries.messages_of(chat)
    people_in = queries.people_in(chat)
    context = {"thread": thread, "mine": False, "group": chat, "people": people_in}
    title = f"{chat.name} ({len(people_in)})"
    return Screen(
        "group", title, "sandbox/corp/thread.html", context, pk, "chats", composer="say_in_group", count=len(thread)
    )


def _group_info(member: Member, pk: int | None, given: QueryDict) -> Screen:
    chat = chat_of(member, pk)
    context = {"group": chat, "people": queries.people_in(chat), "is_owner": chat.owner_id == member.pk}
    return Screen("group_info", _("群资料"), "sandbox/corp/group_info.html", context, pk, "group", pk)


def _new_group(member: Member, pk: int | None, given: QueryDict) -> Screen:
    context = {"customers": queries.customers_of(member)[: queries.MOST]}
    return Screen("new_group", _("发起客户群"), "sandbox/corp/new_group.html", context, back="chats")


def _customers(member: Member, pk: int | None, given: QueryDict) -> Screen:
    search = given.get("q", "").strip()[:50]
    found = queries.customers_of(member, search)
    context = {
        "requests": queries.requests_to(member),
        "customers": found[: queries.MOST],
        "number": found.count(),
        "search": search,
    }
    return Screen("customers", _("客户"), "sandbox/corp/customers.html", context)


def _customer(member: Member, pk: int | None, given: QueryDict) -> Screen:
    tie = friendship_of(member, pk)
    groups_of_tags = Tag.objects.filter(is_deleted=False).select_related("group").order_by("group", "-order")
    context = {"friendship": tie, "tag_names": queries.tag_names(tie.tag_ids), "tags": groups_of_tags}
    return Screen("customer", _("客户资料"), "sandbox/corp/customer.html", context, pk, "customers")


def _tasks(member: Member, pk: int | None, given: QueryDict) -> Screen:
    context = {"sends": queries.mass_tasks(member), "posts": queries.moment_tasks(member)}
    return Screen("tasks", _("任务"), "sandbox/corp/tasks.html", context)


def _own_send(member: Member, pk: int | None, given: QueryDict) -> Screen:
    context = {"number": queries.customers_of(member).count()}
    return Screen("own_send", _("群发助手"), "sandbox/corp/own_send.html", context, back="tasks")


def _moments(member: Member, pk: int | None, given: QueryDict) -> Screen:
    return Screen("moments", _("客户朋友圈"), "sandbox/corp/moments.html", {"posts": queries.posts_by(member)})


def _app(member: Member, pk: int | None, given: QueryDict) -> Screen:
    found = queries.app_messages(member)
    return Screen(
        "app", _("工作台"), "sandbox/corp/app.html", {"app_messages": found}, composer="tell_app", count=len(found)
    )


SCREENS = {
    "chats": _chats,
    "chat": _chat,
    "group": _group,
    "group_info": _group_info,
    "new_group": _new_group,
    "customers": _customers,
    "customer": _customer,
    "tasks": _tasks,
    "own_send": _own_send,
    "moments": _moments,
    "app": _app,
}
