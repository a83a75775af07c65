"""How two become friends and stop being so: requests, adding without verification, deleting, remarks and tags."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from homeground.sandbox.errors import AlreadyAnswered, AlreadyFriends, HasResigned, MemberIsFull, NotFriends
from homeground.sandbox.models import AcquisitionLink, Contact, FriendRequest, Friendship, Member, WelcomeCode
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.wecom import clock, welcome

_CODE_SECONDS = 20
_WECOM_USER = 2
_EDITABLE = ("remark", "description", "remark_company", "remark_mobiles", "tag_ids", "personal_tags")


@dataclass(frozen=True)
class Source:
    """How somebody came: the platform's way, the corp's own mark, and the link if there was one."""

    add_way: int = 1
    state: str = ""
    link: AcquisitionLink | None = None


@transaction.atomic
def ask(
    contact: Contact,
    member: Member,
    source: Source | None = None,
    *,
    words: str = "",
    is_from_member: bool = False,
    at: datetime | None = None,
) -> FriendRequest:
    """One asks the other to be friends. A request that waits already is the same one. Raises AlreadyFriends."""
    _may_meet(contact, member)
    came = source or Source()
    made, is_new = FriendRequest.objects.get_or_create(
        member=member,
        contact=contact,
        accepted_at=None,
        refused_at=None,
        defaults={
            "is_from_member": is_from_member,
            "words": words,
            "add_way": came.add_way,
            "state": came.state,
            "link": came.link,
            "created_at": at or clock.now(),
        },
    )
    if is_new and came.link:
        tell(events.acquisition("friend_request", came.link.link_id, State=came.state), at=at)
    return made


@transaction.atomic
def accept(request: FriendRequest, at: datetime | None = None) -> Friendship:
    """The one who was asked says yes: the event carries a welcome code. Raises AlreadyAnswered, MemberIsFull."""
    moment = at or clock.now()
    _answer(request, accepted_at=moment)
    source = Source(request.add_way, request.state, request.link)
    asked_by = request.member.userid if request.is_from_member else request.contact.external_userid
    made = _befriend(request.contact, request.member, source, asked_by, moment)
    _tell_added("add_external_contact", made, _code(made, moment), moment)
    return made


@transaction.atomic
def refuse(request: FriendRequest, at: datetime | None = None) -> None:
    """The one who was asked says no; nobody is told. Raises AlreadyAnswered."""
    _answer(request, refused_at=at or clock.now())


@transaction.atomic
def add_unverified(
    contact: Contact, member: Member, source: Source | None = None, at: datetime | None = None
) -> Friendship:
    """The customer adds a member who asks for no verification: half a friendship until the member opens it.

    Raises AlreadyFriends, MemberIsFull.
    """
    moment = at or clock.now()
    made = _befriend(contact, member, source or Source(), contact.external_userid, moment, is_half=True)
    _tell_added("add_half_external_contact", made, _code(made, moment), moment)
    return made


@transaction.atomic
def confirm(friendship: Friendship, at: datetime | None = None) -> None:
    """The member opens a half friendship: it is whole. A repeat tells nothing."""
    if not Friendship.objects.filter(pk=friendship.pk, is_half=True, ended_at=None).update(is_half=False):
        return
    moment = at or clock.now()
    since = moment - timedelta(seconds=_CODE_SECONDS)
    code = WelcomeCode.objects.filter(friendship=friendship, used_at=None, created_at__gt=since).first()
    _tell_added("add_external_contact", friendship, code.code if code else "", moment)


@transaction.atomic
def part(friendship: Friendship, *, by_customer: bool, at: datetime | None = None) -> None:
    """One deletes the other (blocking counts the same). A repeat changes nothing and tells nothing."""
    ending = Friendship.Ending.BY_CUSTOMER if by_customer else Friendship.Ending.BY_MEMBER
    moment = at or clock.now()
    if Friendship.objects.filter(pk=friendship.pk, ended_at=None).update(ended_at=moment, ending=ending):
        change = "del_follow_user" if by_customer else "del_external_contact"
        tell(events.contact(change, friendship.member.userid, friendship.contact.external_userid), at=moment)


@transaction.atomic
def edit(friendship: Friendship, at: datetime | None = None, **changes: Any) -> None:
    """The member edits remark, description, company, mobiles or tags in the client. Raises NotFriends."""
    wrong = set(changes) - set(_EDITABLE)
    if wrong:
        raise TypeError(f"not a member's to edit: {', '.join(sorted(wrong))}")
    if not Friendship.objects.filter(pk=friendship.pk, ended_at=None).update(**changes):
        raise NotFriends
    told = events.contact("edit_external_contact", friendship.member.userid, friendship.contact.external_userid)
    tell(told, at=at)


def open_friendship(contact: Contact, members: Sequence[Member]) -> Friendship | None:
    """The friendship with one of these members, if there is one."""
    found = Friendship.objects.filter(contact=contact, member__in=members, ended_at=None)
    return found.select_related("member", "contact").first()


def _befriend(
    contact: Contact, member: Member, source: Source, asked_by: str, at: datetime, *, is_half: bool = False
) -> Friendship:
    Contact.objects.select_for_update().get(pk=contact.pk)  # Two scans at once make one friendship.
    _may_meet(contact, member)
    if Friendship.objects.filter(member=member, ended_at=None).count() >= member.customer_cap:
        raise MemberIsFull
    return Friendship.objects.create(
        member=member,
        contact=contact,
        created_at=at,
        interacted_at=at,
        is_half=is_half,
        oper_userid=asked_by,
        add_way=source.add_way,
        state=source.state,
        link=source.link,
    )


def _may_meet(contact: Contact, member: Member) -> None:
    if member.resigned_at:
        raise HasResigned
    if open_friendship(contact, [member]):
        raise AlreadyFriends


def _answer(request: FriendRequest, **answer: datetime) -> None:
    waiting = FriendRequest.objects.filter(pk=request.pk, accepted_at=None, refused_at=None)
    if not waiting.update(**answer):
        raise AlreadyAnswered


def _code(friendship: Friendship, at: datetime) -> str:
    """A welcome code; none for WeCom users, nor where a code would be over by now."""
    is_late = clock.now() - at > timedelta(seconds=_CODE_SECONDS)
    return "" if is_late or friendship.contact.kind == _WECOM_USER else welcome.issue(friendship)


def _tell_added(change: str, friendship: Friendship, code: str, at: datetime) -> None:
    told = events.contact(
        change,
        friendship.member.userid,
        friendship.contact.external_userid,
        state=friendship.state,
        code=code,
    )
    tell(told, at=at)
