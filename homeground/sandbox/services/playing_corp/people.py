"""Who is there: a new customer somewhere in the world, a new member of staff, one who leaves."""

from datetime import datetime

from django.db import transaction

from homeground.sandbox.errors import UseridTaken
from homeground.sandbox.models import Contact, GroupChat, Member
from homeground.sandbox.services.wecom import clock, ids


def new_contact(name: str, *, gender: int = 0, mobile: str = "") -> Contact:
    """A person with WeChat, nobody's friend yet."""
    return Contact.objects.create(
        external_userid=ids.new("wm"),
        name=name,
        gender=gender,
        mobile=mobile,
        unionid=ids.new("o6", 26),
        openid=ids.new("oX", 26),
    )


def hire(userid: str, name: str, *, position: str = "", at: datetime | None = None) -> Member:
    """A member of staff who may serve customers. Raises UseridTaken."""
    if Member.objects.filter(userid__iexact=userid).exists():
        raise UseridTaken
    return Member.objects.create(
        userid=userid, name=name, position=position, departments=[1], joined_at=at or clock.now()
    )


@transaction.atomic
def resign(member: Member, at: datetime | None = None) -> None:
    """Leave the corp: the customers and groups wait for somebody to take them over. A repeat changes nothing."""
    moment = at or clock.now()
    if Member.objects.filter(pk=member.pk, resigned_at=None).update(resigned_at=moment, is_active=False):
        GroupChat.objects.filter(owner=member, dismissed_at=None).update(status=GroupChat.Status.RESIGNED)
