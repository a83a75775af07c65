"""What a batch of callbacks needs to be read from the platform: several at once, no transaction open."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import connection

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.wecom import xml
from homeground.wecom.client import Api, WeComError, connect, contacts, groups
from homeground.wecom.client.contacts import Contact
from homeground.wecom.models import GroupChat
from homeground.wecom.services import tags
from homeground.wecom.services.callbacks import kinds
from homeground.wecom.services.groups import GroupRead
from homeground.wecom.services.welcome import give_way

T = TypeVar("T")
_AT_ONCE = 6
_NO_CONTACT, _NO_GROUP = (84061, 84084, 40096), (86001, 86003, 49008, 90501)


class DetailsLag(BusinessError):
    """The platform shows a group as it was before what it told us; it does so for some 2 s."""


@dataclass(frozen=True)
class Row:
    """A claimed callback."""

    id: int
    event: str
    fields: Mapping[str, str]
    told_at: datetime
    attempts: int

    @property
    def external_userid(self) -> str:
        return self.fields.get("ExternalUserID", "")

    @property
    def userid(self) -> str:
        return self.fields.get("UserID", "").lower()

    @property
    def chat_id(self) -> str:
        return self.fields.get("ChatId", "")


@dataclass
class Reading:
    """What the platform showed. A contact or group that is None is not there (any more). errors: by row."""

    at: datetime
    contacts: dict[str, Contact | None] = field(default_factory=dict)
    groups: dict[str, GroupRead | None] = field(default_factory=dict)
    errors: dict[int, Exception] = field(default_factory=dict)


def parsed(row_id: int, event: str, body: str, told_at: datetime, attempts: int) -> Row:
    """A row with its fields."""
    return Row(row_id, event, xml.fields(body.encode()), told_at, attempts)


def read(rows: Sequence[Row]) -> Reading:
    """Read what these callbacks are about; a failure is kept with its rows."""
    reading = Reading(time.now())
    if not any(map(_needs_platform, rows)):
        return reading
    try:
        api = connect()
    except BusinessError as refusal:
        reading.errors.update({row.id: refusal for row in rows if _needs_platform(row)})
        return reading
    _read_contacts(api, [row for row in rows if _needs_contact(row)], reading)
    _read_groups(api, [row for row in rows if _needs_group(row)], reading)
    _read_tags(api, [row for row in rows if row.event.startswith(kinds.TAG)], reading)
    return reading


def _read_contacts(api: Api, rows: Sequence[Row], reading: Reading) -> None:
    def one(external: str) -> Contact | None:
        return _unless(lambda: contacts.get(api, external), _NO_CONTACT)

    _read_all(one, {row.id: row.external_userid for row in rows}, reading.contacts, reading)
    shown = {tag for found in reading.contacts.values() if found for tie in found.follows for tag in tie.tag_ids}
    if tags.are_unknown(shown):
        _read_tags(api, rows, reading)


def _read_groups(api: Api, rows: Sequence[Row], reading: Reading) -> None:
    versions = dict(GroupChat.objects.filter(chat_id__in=[row.chat_id for row in rows]).values_list(
        "chat_id", "member_version"))  # fmt: skip
    wanted = {row.id: row.chat_id for row in rows if not is_enough(row, versions)}

    def one(chat_id: str) -> GroupRead | None:
        at = time.now()
        found = _unless(lambda: groups.get(api, chat_id), _NO_GROUP)
        return GroupRead(found, at) if found else None

    _read_all(one, wanted, reading.groups, reading)
    for row in rows:
        if (shown := reading.groups.get(row.chat_id)) and _lags(row, shown):
            reading.errors[row.id] = DetailsLag("the platform's details lag behind what it told")


def is_enough(row: Row, versions: Mapping[str, str]) -> bool:
    """Whether a change of members says all there is to know: who left, from the version that we have.

    Of those who joined it does not say through which door: that has to be read.
    """
    said = row.fields
    known = versions.get(row.chat_id)
    return said.get("UpdateDetail") == "del_member" and bool(known) and known == said.get("LastMemVer")


def _lags(row: Row, shown: GroupRead) -> bool:
    """Whether the platform still shows the version before the change. Any other one is newer than what was told."""
    told, before = row.fields.get("CurMemVer"), row.fields.get("LastMemVer")
    return bool(told) and told != before and shown.group.member_version == before


def _read_tags(api: Api, rows: Sequence[Row], reading: Reading) -> None:
    if not rows:
        return
    try:
        tags.read_tags(api)
    except BusinessError as failure:
        reading.errors.update({row.id: failure for row in rows})


def _read_all(one: Callable[[str], T], wanted: Mapping[int, str], into: dict[str, T], reading: Reading) -> None:
    failed: dict[str, Exception] = {}

    def tried(key: str) -> None:
        try:
            give_way()
            into[key] = one(key)
        except BusinessError as failure:
            failed[key] = failure
        finally:
            connection.close()

    if wanted:
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="wecom-read") as pool:
            list(pool.map(tried, sorted(set(wanted.values()))))
    reading.errors.update({row: failed[key] for row, key in wanted.items() if key in failed})


def _unless(call: Callable[[], T], codes: Sequence[int]) -> T | None:
    """What the call gives; None where the platform says that there is none."""
    try:
        return call()
    except WeComError as refusal:
        if refusal.code in codes:
            return None
        raise


def _needs_contact(row: Row) -> bool:
    return row.event in (kinds.ADDED, kinds.HALF_ADDED, kinds.EDITED) and bool(row.external_userid)


def _needs_group(row: Row) -> bool:
    return row.event in (kinds.CHAT_CREATED, kinds.CHAT_UPDATED) and bool(row.chat_id)


def _needs_platform(row: Row) -> bool:
    return _needs_contact(row) or _needs_group(row) or row.event.startswith(kinds.TAG)
