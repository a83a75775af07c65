"""Friends of each member, ours against theirs: who, since when, remark, phones, state, tags."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from homeground.wecom.client import Api
from homeground.wecom.client.contacts import ContactOfStaff
from homeground.wecom.models import CorpTag, Staff
from homeground.wecom.services.drift.lines import Line, Why
from homeground.wecom.services.drift.reasons import Reasons
from homeground.wecom.services.sync.pages import read_pages

_OURS = (Path(__file__).parents[2] / "sql" / "friends" / "of_staff.sql").read_text()
_FIELDS = ("name", "began_at", "remark", "description", "mobiles", "state", "tags")


@dataclass(frozen=True)
class _Friend:
    """What is compared of one friend."""

    name: str
    began_at: datetime | None
    remark: str
    description: str
    mobiles: tuple[str, ...]
    state: str
    tags: tuple[str, ...]


def compare_friends(
    api: Api, userids: Sequence[str], reasons: Reasons, compared: dict[str, int], told: Callable[[str, int], None]
) -> list[Line]:
    """Every member's friends; of members whom the platform does not show, ours."""
    lines, theirs, counted = [], dict[str, dict[str, _Friend]](), 0
    listed = set(CorpTag.objects.filter(is_deleted=False, people_tag__isnull=False).values_list("tag_id", flat=True))
    for pages in read_pages(api, dict.fromkeys(userids, "")):
        for page in pages:
            shown = theirs.setdefault(page.userid, {})
            shown.update((item.contact.external_userid, _shown(item, listed)) for item in page.items)
            if not page.next_cursor:
                counted += len(shown)
                lines += _of_member(page.userid, theirs.pop(page.userid), reasons)
                told("follows", counted)
    compared["follows"] = counted
    return lines + list(_of_hidden(userids))


def _of_member(userid: str, theirs: Mapping[str, _Friend], reasons: Reasons) -> list[Line]:
    ours, ended = _kept(userid)
    lines = list(_lines(userid, ours, theirs, reasons, ended))
    if not lines:
        return []
    # It took a while to read: only what has not changed here meanwhile is a difference.
    again, _ended = _kept(userid)
    return [line for line in lines if ours.get(line.key) == again.get(line.key)]


def _lines(
    userid: str, ours: Mapping[str, _Friend], theirs: Mapping[str, _Friend], reasons: Reasons, ended: set[str]
) -> Iterator[Line]:
    waiting = reasons.waiting() if ours.keys() ^ theirs.keys() else set()
    for external in sorted(ours.keys() | theirs.keys()):
        here, there = ours.get(external), theirs.get(external)
        if here and there:
            yield from _fields(userid, external, here, there)
        elif not here and external in ended:
            yield Line("follow", external, userid, "ended", "friend", Why.TOLD_ENDED)
        else:
            why = reasons.of_friend(userid, external, here is not None, waiting)
            yield Line("follow", external, userid, "friend" if here else "", "friend" if there else "", why)


def _fields(userid: str, external: str, here: _Friend, there: _Friend) -> Iterator[Line]:
    for name in _FIELDS:
        mine, other = getattr(here, name), getattr(there, name)
        if mine != other:
            yield Line(f"follow.{name}", external, userid, _text(mine), _text(other), Why.THROUGH_API)


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")


def _shown(item: ContactOfStaff, listed: set[str]) -> _Friend:
    tie = item.follow
    return _Friend(
        item.contact.name[:200], tie.began_at, tie.remark[:60], tie.description[:450],
        tuple(mobile[:30] for mobile in tie.mobiles), tie.state[:64],
        tuple(sorted(tag for tag in tie.tag_ids if tag in listed)),
    )  # fmt: skip


def _kept(userid: str) -> tuple[dict[str, _Friend], set[str]]:
    """Our friends of a member, and those of whom a callback said that it is over."""
    with connection.cursor() as cursor:
        cursor.execute(_OURS, [userid])
        found = cursor.fetchall()
    ours = {
        external: _Friend(name, began_at, remark, description, tuple(mobiles), state, tuple(sorted(tags)))
        for external, is_open, name, began_at, remark, description, mobiles, state, tags in found
        if is_open
    }
    return ours, {external for external, is_open, *_ in found if not is_open} - ours.keys()


def _of_hidden(userids: Sequence[str]) -> Iterator[Line]:
    """Members whom the platform does not show, with friends here."""
    hidden = Staff.objects.exclude(userid__in=userids).filter(follows__ended_at=None, left_at=None)
    for userid in sorted(set(hidden.filter(follows__isnull=False).values_list("userid", flat=True))):
        count = Staff.objects.filter(userid=userid, follows__ended_at=None).values("follows").count()
        yield Line("staff.follows", userid, userid, str(count), "", Why.OUT_OF_RANGE)
