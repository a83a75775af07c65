"""What a customer does on the phone: each deed by the name that its form posts to."""

from urllib.parse import parse_qs, urlsplit

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from homeground.sandbox.errors import CodeIsOver, NothingWritten
from homeground.sandbox.models import (
    AcquisitionLink,
    Contact,
    ContactWay,
    FriendRequest,
    Friendship,
    GroupChat,
    JoinWay,
    KfAccount,
    Member,
    MomentTask,
    Transfer,
)
from homeground.sandbox.queries import phones_of_corp as queries
from homeground.sandbox.services.playing_corp import chats, console, doors, friends, groups, sends
from homeground.sandbox.views.corp.phones import Deed, Place, number


def friendship_of(contact: Contact, pk: int | None) -> Friendship:
    """The tie, open or over; somebody else's is not found."""
    return get_object_or_404(Friendship.objects.select_related("member", "contact", "link"), pk=pk, contact=contact)


def chat_of(contact: Contact, pk: int | None) -> GroupChat:
    """A group that the customer is or was in."""
    return get_object_or_404(GroupChat.objects.filter(members__contact=contact).distinct(), pk=pk)


def _say(contact: Contact, given: QueryDict) -> None:
    chats.say(friendship_of(contact, number(given.get("id", ""))), given.get("text", ""), is_from_customer=True)


def _say_in_group(contact: Contact, given: QueryDict) -> None:
    chat = chat_of(contact, number(given.get("id", "")))
    mentioned = [place.member for place in queries.people_in(chat) if place.member]
    named = [one for one in mentioned if given.get("mention") == str(one.pk) or f"@{one.name}" in given.get("text", "")]
    chats.say_in_group(chat, given.get("text", ""), contact=contact, mentions=named)


def _ask_kf(contact: Contact, given: QueryDict) -> None:
    chats.write_to_kf(get_object_or_404(KfAccount, pk=number(given.get("id", ""))), contact, given.get("text", ""))


def _scan_code(contact: Contact, given: QueryDict) -> Place:
    """What stands behind the code or the link: a friend, a request, or a group. Raises NothingWritten, CodeIsOver."""
    return open_door(contact, given.get("code", ""))


def open_door(contact: Contact, text: str) -> Place:
    """Scan what was typed: an address of a code, or the id in it."""
    parts = urlsplit(text.strip())
    code = parts.path.rstrip("/").rpartition("/")[2]
    if not code:
        raise NothingWritten
    if way := ContactWay.objects.filter(config_id=code).first():
        return _met(doors.scan_way(contact, way))
    if join_way := JoinWay.objects.filter(config_id=code).first():
        return Place("group", doors.scan_join_way(contact, join_way).chat_id)
    if link := AcquisitionLink.objects.filter(link_id=code).first():
        return _met(doors.open_link(contact, link, parse_qs(parts.query).get("customer_channel", [""])[0][:64]))
    raise CodeIsOver


def _met(met: doors.Met) -> Place:
    return Place("chat", met.friendship.pk) if met.friendship else Place("contacts")


def _ask(contact: Contact, given: QueryDict) -> Place:
    """Add a member without a code: by a card that somebody passed on."""
    member = get_object_or_404(Member, pk=number(given.get("member", "")))
    friends.ask(contact, member, friends.Source(3), words=given.get("words", "")[:100])
    return Place("contacts")


def _accept(contact: Contact, given: QueryDict) -> Place:
    return Place("chat", friends.accept(_request(contact, given)).pk)


def _refuse(contact: Contact, given: QueryDict) -> None:
    friends.refuse(_request(contact, given))


def _part(contact: Contact, given: QueryDict) -> Place:
    friends.part(friendship_of(contact, number(given.get("id", ""))), by_customer=True)
    return Place("contacts")


def _leave(contact: Contact, given: QueryDict) -> Place:
    groups.leave(chat_of(contact, number(given.get("id", ""))), contact)
    return Place("chats")


def _like(contact: Contact, given: QueryDict) -> None:
    sends.like(_post(given), contact)


def _comment(contact: Contact, given: QueryDict) -> None:
    sends.comment(_post(given), contact, given.get("text", ""))


def _refuse_transfer(contact: Contact, given: QueryDict) -> None:
    found = Transfer.objects.select_related("takeover", "contact")
    console.refuse_transfer(get_object_or_404(found, pk=number(given.get("transfer", "")), contact=contact))


DEEDS: dict[str, Deed] = {
    "say": _say,
    "say_in_group": _say_in_group,
    "ask_kf": _ask_kf,
    "scan_code": _scan_code,
    "ask": _ask,
    "accept": _accept,
    "refuse": _refuse,
    "part": _part,
    "leave": _leave,
    "like": _like,
    "comment": _comment,
    "refuse_transfer": _refuse_transfer,
}


def _request(contact: Contact, given: QueryDict) -> FriendRequest:
    found = FriendRequest.objects.select_related("member", "contact", "link")
    return get_object_or_404(found, pk=number(given.get("request", "")), contact=contact)


def _post(given: QueryDict) -> MomentTask:
    return get_object_or_404(MomentTask.objects.select_related("moment", "member"), pk=number(given.get("task", "")))
