"""What a member does on the phone: each deed by the name that its form posts to."""

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from homeground.sandbox.models import Contact, FriendRequest, Friendship, GroupChat, MassTask, Member, MomentTask, Tag
from homeground.sandbox.services.playing_corp import chats, friends, groups, people, sends
from homeground.sandbox.services.wecom import mass, moments
from homeground.sandbox.views.corp.phones import Deed, Place, number


def friendship_of(member: Member, pk: int | None) -> Friendship:
    """The tie, open or over; somebody else's is not found."""
    return get_object_or_404(Friendship.objects.select_related("member", "contact", "link"), pk=pk, member=member)


def chat_of(member: Member, pk: int | None) -> GroupChat:
    """A group that the member is or was in."""
    return get_object_or_404(GroupChat.objects.filter(members__member=member).distinct(), pk=pk)


def _say(member: Member, given: QueryDict) -> None:
    chats.say(friendship_of(member, number(given.get("id", ""))), given.get("text", ""), is_from_customer=False)


def _say_in_group(member: Member, given: QueryDict) -> None:
    chat = chat_of(member, number(given.get("id", "")))
    chats.say_in_group(chat, given.get("text", ""), member=member)


def _tell_app(member: Member, given: QueryDict) -> None:
    chats.write_to_app(member, given.get("text", ""))


def _accept(member: Member, given: QueryDict) -> Place:
    return Place("chat", friends.accept(_request(member, given)).pk)


def _refuse(member: Member, given: QueryDict) -> None:
    friends.refuse(_request(member, given))


def _confirm(member: Member, given: QueryDict) -> None:
    friends.confirm(friendship_of(member, number(given.get("id", ""))))


def _edit(member: Member, given: QueryDict) -> None:
    tie = friendship_of(member, number(given.get("id", "")))
    known = set(Tag.objects.filter(is_deleted=False).values_list("tag_id", flat=True))
    friends.edit(
        tie,
        remark=given.get("remark", "").strip()[:20],
        description=given.get("description", "").strip()[:150],
        remark_mobiles=[one[:30] for one in given.get("mobiles", "").replace("，", " ").replace(",", " ").split()][:5],
        tag_ids=[tag_id for tag_id in given.getlist("tags") if tag_id in known],
    )


def _part(member: Member, given: QueryDict) -> Place:
    friends.part(friendship_of(member, number(given.get("id", ""))), by_customer=False)
    return Place("customers")


def _send(member: Member, given: QueryDict) -> None:
    mass.confirm(get_object_or_404(MassTask, pk=number(given.get("task", "")), member=member))


def _send_own(member: Member, given: QueryDict) -> Place:
    sends.send_own(member, given.get("text", ""))
    return Place("tasks")


def _publish(member: Member, given: QueryDict) -> None:
    moments.publish(get_object_or_404(MomentTask, pk=number(given.get("task", "")), member=member))


def _post_own(member: Member, given: QueryDict) -> Place:
    sends.post_own(member, given.get("text", ""))
    return Place("moments")


def _comment(member: Member, given: QueryDict) -> None:
    sends.comment(_post(member, given), None, given.get("text", ""))


def _like(member: Member, given: QueryDict) -> None:
    sends.like(_post(member, given), None)


def _make_group(member: Member, given: QueryDict) -> Place:
    ids = [number(one) or 0 for one in given.getlist("customers")]
    chosen = list(Contact.objects.filter(friendships__in=Friendship.objects.filter(member=member, pk__in=ids)))
    name = given.get("name", "").strip()[:40] or _("客户群")
    return Place("group", groups.create(member, name, chosen).pk)


def _change_group(member: Member, given: QueryDict) -> None:
    """Name and notice; each only if it is another."""
    chat = chat_of(member, number(given.get("id", "")))
    name, notice = given.get("name", "").strip()[:40], given.get("notice", "").strip()[:2000]
    if name and name != chat.name:
        groups.rename(chat, name)
    if notice != chat.notice:
        groups.announce(chat, notice)


def _remove(member: Member, given: QueryDict) -> None:
    chat = chat_of(member, number(given.get("id", "")))
    groups.leave(chat, get_object_or_404(Contact, pk=number(given.get("contact", ""))), removed=True)


def _dismiss(member: Member, given: QueryDict) -> Place:
    groups.dismiss(chat_of(member, number(given.get("id", ""))))
    return Place("chats")


def _resign(member: Member, given: QueryDict) -> None:
    people.resign(member)
    member.refresh_from_db()


DEEDS: dict[str, Deed] = {
    "say": _say,
    "say_in_group": _say_in_group,
    "tell_app": _tell_app,
    "accept": _accept,
    "refuse": _refuse,
    "confirm": _confirm,
    "edit": _edit,
    "part": _part,
    "send": _send,
    "send_own": _send_own,
    "publish": _publish,
    "post_own": _post_own,
    "comment": _comment,
    "like": _like,
    "make_group": _make_group,
    "change_group": _change_group,
    "remove": _remove,
    "dismiss": _dismiss,
    "resign": _resign,
}


def _request(member: Member, given: QueryDict) -> FriendRequest:
    found = FriendRequest.objects.select_related("member", "contact", "link")
    return get_object_or_404(found, pk=number(given.get("request", "")), member=member)


def _post(member: Member, given: QueryDict) -> MomentTask:
    return get_object_or_404(
        MomentTask.objects.select_related("moment"), pk=number(given.get("task", "")), member=member
    )
