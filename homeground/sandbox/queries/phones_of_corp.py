"""What stands on the phones of the corp: conversations, people, tasks, posts. Lists are short: the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from homeground.sandbox.models import (
    AcquisitionLink,
    AppMessage,
    ChatMessage,
    Contact,
    ContactWay,
    FriendRequest,
    Friendship,
    GroupChat,
    GroupMember,
    JoinWay,
    MassTask,
    Member,
    MomentReaction,
    MomentTask,
    MomentViewer,
    Tag,
)

MOST = 40  # Rows of a list on a phone.


@dataclass(frozen=True)
class Conversation:
    """One line of the list of chats."""

    kind: str  # chat or group.
    pk: int
    name: str
    text: str
    at: datetime
    is_waiting: bool  # The other side spoke last.


def members(search: str = "") -> "QuerySet[Member]":
    """Staff by the beginning of the name or userid."""
    found = Member.objects.all()
    return found.filter(Q(name__startswith=search) | Q(userid__istartswith=search)) if search else found


def contacts(search: str = "") -> "QuerySet[Contact]":
    """Customers by the beginning of the name or id."""
    found = Contact.objects.all()
    return found.filter(Q(name__startswith=search) | Q(external_userid__startswith=search)) if search else found


def conversations_of_member(member: Member) -> list[Conversation]:
    """Chats and groups of a member, the newest first."""
    ties = Friendship.objects.filter(member=member, ended_at=None).select_related("contact")
    rooms = _groups(GroupMember.objects.filter(member=member))
    return _sorted([*_chats(ties, by_customer=True), *_rooms(rooms)])


def conversations_of_contact(contact: Contact) -> list[Conversation]:
    """Chats and groups of a customer, the newest first."""
    ties = Friendship.objects.filter(contact=contact, ended_at=None).select_related("member")
    rooms = _groups(GroupMember.objects.filter(contact=contact))
    return _sorted([*_chats(ties, by_customer=False), *_rooms(rooms)])


def customers_of(member: Member, search: str = "") -> "QuerySet[Friendship]":
    """A member's customers, the newest first; by the beginning of name or remark."""
    found = Friendship.objects.filter(member=member, ended_at=None).select_related("contact")
    if search:
        found = found.filter(Q(contact__name__startswith=search) | Q(remark__icontains=search))
    return found.order_by("-created_at", "-pk")


def requests_to(member: Member) -> "QuerySet[FriendRequest]":
    """Customers who wait for a member's yes."""
    waiting = FriendRequest.objects.filter(member=member, accepted_at=None, refused_at=None, is_from_member=False)
    return waiting.select_related("contact").order_by("-created_at")


def requests_to_contact(contact: Contact) -> "QuerySet[FriendRequest]":
    """Members who wait for a customer's yes."""
    waiting = FriendRequest.objects.filter(contact=contact, accepted_at=None, refused_at=None, is_from_member=True)
    return waiting.select_related("member").order_by("-created_at")


def messages_of(place: Friendship | GroupChat, most: int = 80) -> list[ChatMessage]:
    """The newest messages of a chat or group, oldest first."""
    newest = place.messages.select_related("member", "contact").order_by("-sent_at", "-pk")[:most]
    return list(reversed(newest))


def people_in(chat: GroupChat) -> "QuerySet[GroupMember]":
    """Who is in a group, staff first."""
    there = chat.members.filter(left_at=None).select_related("member", "contact")
    return there.order_by("contact_id", "pk")


def mass_tasks(member: Member) -> list[MassTask]:
    """What a member has to confirm, then what was confirmed, newest first."""
    tasks = MassTask.objects.filter(member=member).select_related("message").order_by("-message__created_at", "-pk")
    found = [task for task in tasks[:MOST] if task.sent_at or not task.message.cancelled_at]
    for task in found:
        task.people = task.message.recipients.filter(member=member).count()  # type: ignore[attr-defined]
    return sorted(found, key=lambda task: task.sent_at is not None)


def moment_tasks(member: Member) -> list[MomentTask]:
    """Posts that a member has to publish."""
    tasks = MomentTask.objects.filter(member=member, published_at=None, moment__cancelled_at=None)
    return list(tasks.select_related("moment").order_by("-moment__created_at", "-pk")[:MOST])


def posts_by(member: Member) -> list[MomentTask]:
    """What a member published, newest first, with its reactions."""
    mine = MomentTask.objects.filter(member=member, published_at__isnull=False, deleted_at=None)
    return _with_reactions(list(mine.select_related("moment", "member").order_by("-published_at")[:MOST]))


def posts_for(contact: Contact) -> list[MomentTask]:
    """What a customer sees, newest first: posts of members who are still friends."""
    seen = MomentViewer.objects.filter(contact=contact, moment=OuterRef("moment"), member=OuterRef("member"))
    friends = Friendship.objects.filter(contact=contact, ended_at=None).values("member")
    shown = MomentTask.objects.filter(published_at__isnull=False, deleted_at=None, member__in=friends)
    posts = shown.filter(pk__in=shown.annotate(seen=Subquery(seen.values("pk")[:1])).filter(seen__isnull=False))
    return _with_reactions(list(posts.select_related("moment", "member").order_by("-published_at")[:MOST]), contact)


def app_messages(member: Member) -> list[AppMessage]:
    """What the product's app sent to a member, oldest first."""
    return list(reversed(member.app_messages.filter(recalled_at=None).order_by("-sent_at", "-pk")[:MOST]))


def tag_names(tag_ids: list[str]) -> list[str]:
    """The names of tags, as they are sorted in the client."""
    found = Tag.objects.filter(tag_id__in=tag_ids, is_deleted=False).order_by("group__pk", "-order")
    return list(found.values_list("name", flat=True))


def _with_reactions(posts: list[MomentTask], contact: Contact | None = None) -> list[MomentTask]:
    """Each post with `likes`, `comments` and whether this person likes it."""
    about = MomentReaction.objects.filter(moment__in=[post.moment_id for post in posts]).select_related("contact")
    for post in posts:
        rows = [one for one in about if (one.moment_id, one.member_id) == (post.moment_id, post.member_id)]
        post.likes = [one for one in rows if one.kind == "like"]  # type: ignore[attr-defined]
        post.comments = [one for one in rows if one.kind == "comment"]  # type: ignore[attr-defined]
        mine = contact.pk if contact else None
        post.is_liked = any(one.contact_id == mine for one in post.likes)  # type: ignore[attr-defined]
    return posts


def _chats(ties: "QuerySet[Friendship]", *, by_customer: bool) -> list[Conversation]:
    newest = ChatMessage.objects.filter(friendship=OuterRef("pk")).order_by("-sent_at", "-pk")
    spoken = ties.filter(Q(chat_started_at__isnull=False) | Q(is_half=True)).order_by("-interacted_at")[:MOST]
    rows = spoken.annotate(
        last_text=Subquery(newest.values("text")[:1]),
        last_is_customers=Subquery(newest.values("is_from_customer")[:1]),
        last_at=Subquery(newest.values("sent_at")[:1]),
    )
    return [
        Conversation(
            "chat",
            tie.pk,
            (tie.remark or tie.contact.name) if by_customer else tie.member.name,
            tie.last_text or "",
            tie.last_at or tie.interacted_at,
            tie.last_is_customers is by_customer,
        )
        for tie in rows
    ]


def _groups(places: "QuerySet[GroupMember]") -> "QuerySet[GroupChat]":
    return GroupChat.objects.filter(pk__in=places.filter(left_at=None).values("chat"), dismissed_at=None)


def _rooms(rooms: "QuerySet[GroupChat]") -> list[Conversation]:
    newest = ChatMessage.objects.filter(chat=OuterRef("pk")).order_by("-sent_at", "-pk")
    found = rooms.order_by("-created_at")[:MOST].annotate(
        last_text=Subquery(newest.values("text")[:1]), last_at=Subquery(newest.values("sent_at")[:1])
    )
    return [
        Conversation("group", one.pk, one.name, one.last_text or "", one.last_at or one.created_at, False)
        for one in found
    ]


def _sorted(found: list[Conversation]) -> list[Conversation]:
    return sorted(found, key=lambda one: one.at, reverse=True)


def doors() -> dict[str, Any]:
    """What there is to scan: live codes, group live codes and acquisition links, the newest first."""
    return {
        "ways": ContactWay.objects.order_by("-created_at")[:MOST],
        "join_ways": JoinWay.objects.order_by("-created_at")[:MOST],
        "links": AcquisitionLink.objects.filter(deleted_at=None).order_by("-created_at")[:MOST],
    }
