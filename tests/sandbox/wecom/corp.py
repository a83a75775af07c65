"""A small sandbox corp, and a caller that speaks raw HTTP to it."""

import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client

from homeground.core import time
from homeground.sandbox.models import (
    Contact,
    Department,
    Friendship,
    GroupChat,
    GroupMember,
    Media,
    Member,
    Tag,
    TagGroup,
)
from homeground.sandbox.services.wecom import clock, corp
from homeground.sandbox.services.wecom.ids import new

ROOT = "/sandbox/wecom/cgi-bin/"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
_numbers = count(1)


class Caller:
    """Calls the API as any program would, with the token of one secret."""

    def __init__(self, secret: str = "contact_secret") -> None:
        self.client = Client()
        issued = self.get("gettoken", corpid=corp.corp().corpid, corpsecret=getattr(corp.corp(), secret))
        self.token = issued["access_token"]

    token = ""

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.client.get(ROOT + path, {**self._token(), **query}).json()

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        return self.raw(path, json.dumps(body, ensure_ascii=False).encode())

    def raw(self, path: str, body: bytes) -> dict[str, Any]:
        query = "&".join(f"{name}={value}" for name, value in self._token().items())
        # As real clients do: no content type worth the name.
        return self.client.generic("POST", f"{ROOT}{path}?{query}", body, content_type="").json()

    def upload(self, path: str, file: Any, **query: str) -> dict[str, Any]:
        text = "&".join(f"{name}={value}" for name, value in {**self._token(), **query}.items())
        return self.client.post(f"{ROOT}{path}?{text}", {"media": file}).json()

    def _token(self) -> dict[str, str]:
        return {"access_token": self.token} if self.token else {}


def make_member(userid: str, **more: Any) -> Member:
    return Member.objects.create(
        userid=userid, name=more.pop("name", userid), joined_at=clock.now(), **{"departments": [1], **more}
    )


def make_department(number: int = 1, parent: int = 0) -> Department:
    return Department.objects.get_or_create(number=number, defaults={"name": f"部门{number}", "parent": parent})[0]


def make_contact(**more: Any) -> Contact:
    number = next(_numbers)
    defaults = {"name": f"客户{number}", "unionid": f"union{number}", "openid": f"open{number}"}
    return Contact.objects.create(external_userid=new("wm"), **{**defaults, **more})


def befriend(member: Member, contact: Contact | None = None, at: datetime | None = None, **more: Any) -> Friendship:
    moment = at or clock.now()
    defaults = {"created_at": moment, "interacted_at": moment, "add_way": 1}
    return Friendship.objects.create(member=member, contact=contact or make_contact(), **{**defaults, **more})


def make_tags(*names: str, group: str = "意向", app: str = "contact") -> list[Tag]:
    row, _ = TagGroup.objects.get_or_create(
        name=group, defaults={"group_id": new("et"), "app": app, "created_at": clock.now()}
    )
    return [
        Tag.objects.create(group=row, tag_id=new("et"), name=name, app=app, created_at=clock.now()) for name in names
    ]


def make_group(owner: Member, *contacts: Contact, **more: Any) -> GroupChat:
    chat = GroupChat.objects.create(
        chat_id=new("wr"),
        name="福利群",
        owner=owner,
        member_version="0" * 32,
        opengid=new("op"),
        created_at=clock.now(),
        **more,
    )
    GroupMember.objects.create(chat=chat, member=owner, joined_at=clock.now())
    for contact in contacts:
        GroupMember.objects.create(chat=chat, contact=contact, joined_at=clock.now(), join_scene=3, state="店A")
    return chat


def make_media(**more: Any) -> Media:
    defaults = {"kind": "image", "name": "a.png", "content_type": "image/png", "body": PNG, "created_at": clock.now()}
    return Media.objects.create(media_id=new("3", 40), **{**defaults, **more})


def ago(**spans: float) -> datetime:
    return time.now() - timedelta(**spans)


def make_strategy(caller: Caller, *userids: str, parent: int = 0) -> int:
    """A rule group of these members; of ZhangSan when none is named."""
    reach = [{"type": 1, "userid": userid} for userid in userids or ("ZhangSan",)]
    said = {"strategy_name": "华东", "admin_list": ["ZhangSan"], "parent_id": parent, "range": reach}
    return caller.post("externalcontact/customer_strategy/create", **said)["strategy_id"]
