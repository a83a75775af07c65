"""People and doors of the sandbox corp, made as a caller or an operator would."""

from datetime import timedelta

from homeground.core import time
from homeground.sandbox.models import AcquisitionLink, AcquisitionQuota, Contact, ContactWay, Friendship, Member
from homeground.sandbox.services.playing_corp import friends, people
from homeground.sandbox.services.wecom import ids


def make_member(userid: str = "zhang", name: str = "张顾问", **fields: object) -> Member:
    member = people.hire(userid, name)
    Member.objects.filter(pk=member.pk).update(**fields)
    member.refresh_from_db()
    return member


def make_contact(name: str = "小鹿") -> Contact:
    return people.new_contact(name, gender=2)


def make_way(*members: Member, **fields: object) -> ContactWay:
    given = {"kind": 2, "scene": 2, "skip_verify": False, "state": "poster", "created_at": time.now(), **fields}
    return ContactWay.objects.create(config_id=ids.new("", 32), users=[one.userid for one in members], **given)


def make_link(*members: Member, quota: int = 100, **fields: object) -> AcquisitionLink:
    code, now = ids.new("ca"), time.now()
    AcquisitionQuota.objects.all().delete()
    AcquisitionQuota.objects.create(total=quota, balance=quota, expires_at=now + timedelta(days=30))
    given = {"name": "投放", "skip_verify": True, "app": "contact", "created_at": now, **fields}
    users = [one.userid for one in members]
    return AcquisitionLink.objects.create(link_id=code, url=f"https://x/ca/{code}", users=users, **given)


def befriend(contact: Contact, member: Member) -> Friendship:
    return friends.accept(friends.ask(contact, member))
