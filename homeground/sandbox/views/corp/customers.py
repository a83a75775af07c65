"""Phones of customers: WeChat as a customer has it."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeground.sandbox.forms import ContactSearchForm, NewContactForm
from homeground.sandbox.models import Contact, Friendship, KfAccount, Member, Transfer
from homeground.sandbox.queries import phones_of_corp as queries
from homeground.sandbox.services.playing_corp import people
from homeground.sandbox.views.corp.customer_deeds import DEEDS, chat_of, friendship_of
from homeground.sandbox.views.corp.phones import Phone, Place, Screen, act, show, whereabouts
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def contacts(request: HttpRequest) -> HttpResponse:
    """All customers of the sandbox, the newest first."""
    form = ContactSearchForm(request.GET)
    search = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = page_of(queries.contacts(search), request.GET, by=("-pk",))
    context = {"form": form, "page": page, "search": search, "new": NewContactForm()}
    return render(request, "sandbox/corp/contacts.html", context)


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """A person with WeChat, nobody's friend yet."""
    form = NewContactForm(request.POST)
    if not form.is_valid():
        toast(request, _("请给这位客户起一个昵称。"), level="error")
        return redirect("sandbox:customers")
    made = people.new_contact(**form.cleaned_data)
    return redirect(reverse("sandbox:customer_phone", args=[made.pk]) + "?screen=scan")


@login_required
@permission_required("sandbox.view_phone", raise_exception=True)
@require_GET
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer's phone."""
    request.session["sandbox_as"] = f"contact:{pk}"  # Whom a sign-in page proposes first.
    return show(request, _phone(pk), whereabouts(request.GET, "chats"))


@login_required
@permission_required("sandbox.play_phone", raise_exception=True)
@require_POST
def deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """The customer does something."""
    return act(request, _phone(pk), DEEDS, deed)


def _phone(pk: int) -> Phone:
    contact = get_object_or_404(Contact, pk=pk)
    context = {"contact": contact, "side": "customer", "tabs": _tabs(contact)}
    url = reverse("sandbox:customer_phone", args=[pk])
    return Phone(
        url, contact, "sandbox/corp/customer_phone.html", context, lambda place, given: _draw(contact, place, given)
    )


def _tabs(contact: Contact) -> list[tuple[str, str, str, int]]:
    waiting = queries.requests_to_contact(contact).count()
    return [
        ("chats", _("微信"), "message-circle", 0),
        ("contacts", _("通讯录"), "address-book", waiting),
        ("moments", _("朋友圈"), "aperture", 0),
        ("scan", _("扫一扫"), "qrcode", 0),
    ]


def _draw(contact: Contact, place: Place, given: QueryDict) -> Screen:
    if place.screen not in SCREENS:
        raise Http404
    return SCREENS[place.screen](contact, place.pk, given)


def _chats(contact: Contact, pk: int | None, given: QueryDict) -> Screen:
    context = {"conversations": queries.conversations_of_contact(contact)}
    return Screen("chats", _("微信"), "sandbox/corp/chats.html", context)


def _chat(contact: Contact, pk: int | None, given: QueryDict) -> Screen:
    tie = friendship_of(contact, pk)
    thread = queries.messages_of(tie)
    context = {"thread": thread, "mine": True, "friendship": tie, "is_over": tie.ended_at is not None}
    return Screen(
        "chat", tie.member.name, "sandbox/corp/thread.html", context, pk, "chats", composer="say", count=len(thread)
    )


def _group(contact: Contact, pk: int | None, given: QueryDict) -> Screen:
    chat = chat_of(contact, pk)
    thread = queries.messages_of(chat)
    people_in = queries.people_in(chat)
    staff = [place.member for place in people_in if place.member]
    context = {"thread": thread, "mine": True, "group": chat, "people": people_in, "mentionable": staff}
    return Screen(
        "group",
        f"{chat.name} ({len(people_in)})",
        "sandbox/corp/thread.html",
        context,
        pk,
        "chats",
        composer="say_in_group",
        count=len(thread),
    )


def _contacts(contact: Contact, pk: int | None, given: QueryDict) -> Screen:
    ties = Friendship.objects.filter(contact=contact, ended_at=None).select_related("member").order_by("-created_at")
    moving = Transfer.objects.filter(contact=contact, status=Transfer.Status.WAITING).select_related("takeover")
    context = {
        "ties": ties[: queries.MOST],
        "requests": queries.requests_to_contact(contact),
        "transfers": moving,
        "accounts": KfAccount.objects.order_by("pk")[:10],
    }
    return Screen("contacts", _("通讯录"), "sandbox/corp/contact_list.html", context)


def _member(contact: Contact, pk: int | None, given: QueryDict) -> Screen:
    tie = friendship_of(contact, pk)
    return Screen("member", _("详细资料"), "sandbox/corp/member_card.html", {"friendship": tie}, pk, "contacts")


def _kf(contact: Contact, pk: int | None, given: QueryDict) -> Screen:
    account = get_object_or_404(KfAccount, pk=pk)
    newest = account.messages.filter(contact=contact).order_by("-pk")[:80]
    context = {"kf_messages": list(reversed(newest)), "account": account}
    return Screen(
        "kf", account.name, "sandbox/corp/kf.html", context, pk, "contacts", composer="ask_kf", count=len(newest)
    )


def _moments(contact: Contact, pk: int | None, given: QueryDict) -> Screen:
    return Screen("moments", _("朋友圈"), "sandbox/corp/moments.html", {"posts": queries.posts_for(contact)})


def _scan(contact: Contact, pk: int | None, given: QueryDict) -> Screen:
    context = {**queries.doors(), "members": Member.objects.filter(resigned_at=None, has_contact=True)[: queries.MOST]}
    return Screen("scan", _("扫一扫"), "sandbox/corp/scan.html", context)


SCREENS = {
    "chats": _chats,
    "chat": _chat,
    "group": _group,
    "contacts": _contacts,
    "member": _member,
    "kf": _kf,
    "moments": _moments,
    "scan": _scan,
}
