"""Friends as the platform shows them, written as one set: who they are, whose friends, with which tags."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.events import services as events
from homeground.events.catalog.wecom import FriendAdded, FriendRequested
from homeground.people import services as people
from homeground.people.services import AttributeGiven, Sighting
from homeground.wecom.client.contacts import Contact, FollowInfo
from homeground.wecom.services import tags

SOURCE = "wecom"
_SQL = Path(__file__).parents[2] / "sql" / "friends"


def _sql(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text()


_GIVEN, _CONTACTS, _PLACES, _CLOSE, _REOPEN, _FOLLOWS = map(
    _sql, ("given", "contacts", "places", "close_readded", "reopen", "follows")
)
_KNOWN = "SELECT external_userid, unionid, customer_id FROM wecom_externalcontact WHERE external_userid = ANY(%s)"
_COLUMNS = (
    "userid, external_userid, customer_id, name, avatar, kind, gender, unionid, corp_name, began_at, add_way, state,"
    " initiator, remark, description, mobiles, corp_remark, tag_ids, is_pending, requested_at, read_at"
)


@dataclass(frozen=True)
class Friend:
    """One contact with the tie to one member, and when the platform said so.

    is_whole: all details are known; else only who and when.
    is_pending: added, not yet confirmed by the member; None: what was known stays.
    """

    contact: Contact
    follow: FollowInfo
    read_at: datetime
    is_whole: bool = True
    is_pending: bool | None = None
    requested_at: datetime | None = None

    @property
    def began_at(self) -> datetime:
        return self.follow.began_at or self.read_at


def identified(friends: Sequence[Friend]) -> list[int]:
    """The customer of each friend, made where there was none. Commits on its own: the lock on identities is short."""
    known = _known(friends)
    news = [friend for friend in friends if _key(friend) not in known]
    sightings = [
        Sighting(_identities(friend.contact), friend.began_at, SOURCE, name=_cut(friend.contact.name.strip(), 100))
        for friend in news
    ]
    found = people.find_customers(sightings, are_news=True) if sightings else []
    known |= {_key(friend): customer or 0 for friend, customer in zip(news, found, strict=True)}
    return [known[_key(friend)] for friend in friends]


@transaction.atomic
def keep(friends: Iterable[Friend], customer_ids: Iterable[int]) -> int:
    """Write friends and tell what is new of them (wecom.friend_added, friend_requested). Returns how many are new.

    customer_ids: from identified(). A repeat changes nothing but when they were seen last; what was read before what
    is known already does not overwrite it.
    """
    rows = {(friend.follow.userid, friend.contact.external_userid): (friend, customer) for friend, customer in
            zip(friends, customer_ids, strict=True) if friend.follow.userid}  # fmt: skip
    if not rows:
        return 0
    with connection.cursor() as cursor:
        _load(cursor, rows.values())
        cursor.execute(_CONTACTS)
        named = cursor.fetchall()
        for statement in (_PLACES, _CLOSE, _REOPEN, _FOLLOWS):
            cursor.execute(statement)
        changed = cursor.fetchall()
        tags.keep_given(cursor)
    _say(named, changed)
    return events.record(*_facts(changed))


def keep_details(friends: Sequence[Friend]) -> int:
    """Find out who they are, and keep them."""
    return keep(friends, identified(friends))


def _known(friends: Sequence[Friend]) -> dict[tuple[str, str], int]:
    """The customers of contacts who are here and bring no other identity than they had, by _key()."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [[friend.contact.external_userid for friend in friends]])
        rows = cursor.fetchall()
    return {(external, unionid): customer for external, unionid, customer in rows} | {
        (external, ""): customer for external, _unionid, customer in rows
    }


def _key(friend: Friend) -> tuple[str, str]:
    return friend.contact.external_userid, friend.contact.unionid


def _load(cursor: Any, rows: Iterable[tuple[Friend, int]]) -> None:
    cursor.execute(_GIVEN)
    with cursor.copy(f"COPY wecom_given ({_COLUMNS}) FROM STDIN") as copy:
        for friend, customer in rows:
            copy.write_row(_row(friend, customer))
    cursor.execute("ANALYZE wecom_given")  # Else the planner reads all contacts for a page of them.


def _row(friend: Friend, customer: int) -> tuple[Any, ...]:
    person, tie = friend.contact, friend.follow
    known = friend.is_whole
    return (
        tie.userid[:64], person.external_userid[:64], customer, _cut(person.name, 200), person.avatar[:500],
        person.kind or 1, person.gender, person.unionid[:64], _cut(person.corp_name, 200),
        friend.began_at, tie.add_way, _cut(tie.state, 64), tie.initiator[:64],
        _cut(tie.remark, 60) if known else None, _cut(tie.description, 450) if known else None,
        [_cut(mobile, 30) for mobile in tie.mobiles] if known else None,
        _cut(tie.corp_remark, 60) if known else None, list(tie.tag_ids) if known else None,
        friend.is_pending, friend.requested_at, friend.read_at,
    )  # fmt: skip


def _cut(text: str, most: int) -> str:
    return text[:most].replace("\0", "")


def _identities(contact: Contact) -> list[tuple[str, str]]:
    found = [("wecom_external", contact.external_userid)]
    return [("unionid", contact.unionid), *found] if contact.unionid else found


def _say(named: Sequence[tuple[int, str, datetime]], changed: Sequence[tuple[Any, ...]]) -> None:
    said = [AttributeGiven(customer, "name", name, SOURCE, at) for customer, name, at in named]
    # What staff noted of a phone is hearsay: never an identity.
    said += [
        AttributeGiven(customer, "mobile", ", ".join(mobiles), SOURCE, at)
        for customer, _userid, _external, *_, mobiles, at in changed
        if mobiles
    ]
    if said:
        people.set_attributes(said)


def _facts(changed: Sequence[tuple[Any, ...]]) -> Iterable[FriendAdded | FriendRequested]:
    for customer, userid, external, began_at, state, add_way, is_added, is_requested, _mobiles, _at in changed:
        cause = f"{userid}:{external}:{int(began_at.timestamp())}"
        if is_added:
            yield FriendAdded(
                customer_id=customer, userid=userid, state=state, add_way=add_way, happened_at=began_at, cause=cause
            )
        elif is_requested:
            yield FriendRequested(customer_id=customer, userid=userid, state=state, happened_at=began_at, cause=cause)
