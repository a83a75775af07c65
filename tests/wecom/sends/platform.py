"""The sandbox corp as the platform, called in this process; and people who are in it and in our tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from django.test import RequestFactory

from homeground.core import time
from homeground.core.secrets import seal
from homeground.people.models import Customer, Identity
from homeground.sandbox import models as sandbox
from homeground.sandbox.services.wecom import corp as sandbox_corp
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.views import wecom_api
from homeground.wecom.client import budget, tokens, transport
from homeground.wecom.models import App, Corp, ExternalContact, Follow, GroupChat, GroupMember, Staff

BASE_URL = "http://platform.test/"


class Platform:
    """Carries each call to the sandbox's view. asked: the paths in order; loses: paths whose answer gets lost."""

    def __init__(self):
        self.asked, self.loses, self.fails = [], [], []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/cgi-bin/")
        self.asked.append(path)
        if path in self.fails:
            raise httpx.ConnectError("no way there")
        made = RequestFactory().generic(
            request.method, f"/sandbox/wecom/cgi-bin/{path}?{request.url.query.decode()}", request.content
        )
        answer = wecom_api.call(made, path)
        if path in self.loses:
            raise httpx.ReadTimeout("the answer got lost")
        return httpx.Response(answer.status_code, content=answer.content)

    def count(self, name):
        return sum(path.endswith(name) for path in self.asked)


def connect(monkeypatch) -> Platform:
    """A corp that is connected to the sandbox, with tasks that are there at once."""
    platform = Platform()
    connect_again(monkeypatch, platform)
    add_corp(BASE_URL)
    return platform


def connect_again(monkeypatch, platform) -> None:
    """Lead the client's calls to this platform."""
    monkeypatch.setattr(
        transport,
        "pooled",
        lambda base_url: httpx.Client(base_url=base_url, transport=httpx.MockTransport(platform)),
    )
    monkeypatch.setattr(tokens, "_held", {})
    budget.forget()


def add_corp(base_url):
    sandbox_corp.change(dispatch_seconds=0)
    row = sandbox_corp.corp()
    Corp.objects.create(pk=1, corpid=row.corpid, base_url=base_url, connected_at=time.now())
    for slug, secret in (("contact", row.contact_secret), ("agent", row.secret)):
        App.objects.create(slug=slug, agentid=str(row.agentid), sealed_secret=seal(secret))


@dataclass(frozen=True)
class Friend:
    """One customer who is somebody's friend, on both sides."""

    customer: Customer
    contact: ExternalContact
    there: sandbox.Contact

    @property
    def id(self) -> str:
        return self.contact.external_userid


def member(userid: str) -> Staff:
    sandbox.Member.objects.get_or_create(userid=userid, defaults={"name": userid.title(), "joined_at": time.now()})
    return Staff.objects.get_or_create(userid=userid, defaults={"name": userid.title()})[0]


def friend(userid: str = "zhang", customer: Customer | None = None) -> Friend:
    """A new friend of this member; given a customer, one more contact of theirs."""
    staff, at = member(userid), time.now()
    external = new("wm")
    there = sandbox.Contact.objects.create(external_userid=external, name="客")
    place = sandbox.Member.objects.get(userid=userid)
    sandbox.Friendship.objects.create(member=place, contact=there, created_at=at, interacted_at=at)
    customer = customer or Customer.objects.create(created_at=at)
    Identity.objects.create(customer=customer, kind="wecom_external", value=external)
    contact = ExternalContact.objects.create(external_userid=external, customer=customer)
    Follow.objects.create(staff=staff, contact=contact, began_at=at, seen_at=at)
    return Friend(customer, contact, there)


def group(userid: str = "zhang", people: Sequence[Friend] = (), name: str = "福利群") -> GroupChat:
    """A new group that this member owns with these friends in it, on both sides."""
    staff, at, chat_id = member(userid), time.now(), new("wr")
    there = sandbox.GroupChat.objects.create(
        chat_id=chat_id, name=name, owner=sandbox.Member.objects.get(userid=userid), member_version="v",
        opengid=chat_id, created_at=at,
    )  # fmt: skip
    chat = GroupChat.objects.create(chat_id=chat_id, name=name, owner=staff, created_at=at, seen_at=at)
    for one in people:
        sandbox.GroupMember.objects.create(chat=there, contact=one.there, joined_at=at)
        GroupMember.objects.create(chat=chat, member_id=one.id, is_external=True, customer=one.customer, joined_at=at)
    return chat


def unfriend(one: Friend) -> None:
    """The friendship ends on the platform; we have not heard of it."""
    sandbox.Friendship.objects.filter(contact=one.there).update(ended_at=time.now(), ending="by_customer")


def confirm(userid: str) -> int:
    """The member sends everything that waits. Returns how many tasks."""
    from homeground.sandbox.services.wecom import mass

    tasks = sandbox.MassTask.objects.filter(member__userid=userid, sent_at=None, message__cancelled_at=None)
    return sum(mass.confirm(task) for task in tasks)


def publish(userid: str) -> int:
    """The member publishes every Moment that waits."""
    from homeground.sandbox.services.wecom import moments

    tasks = sandbox.MomentTask.objects.filter(member__userid=userid, published_at=None, moment__cancelled_at=None)
    return sum(moments.publish(task) for task in tasks)


def react(one: Friend, userid: str, kind: str = "like") -> None:
    """A customer likes or comments the newest Moment of a member."""
    post = sandbox.Moment.objects.latest("pk")
    place = sandbox.Member.objects.get(userid=userid)
    sandbox.MomentReaction.objects.create(
        moment=post, member=place, contact=one.there, kind=kind, created_at=time.now()
    )
