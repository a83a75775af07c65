"""Days of a corp's life: customers come, ask, leave, join groups and like posts; staff answer, confirm and publish.

Every action goes through the same services as a click in the phones, at its own moment, oldest first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np
from django.db.models import Model, QuerySet
from numpy.random import Generator

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.sandbox.models import (
    ContactWay,
    Friendship,
    GroupChat,
    GroupMember,
    MassTask,
    Member,
    MomentTask,
    MomentViewer,
)
from homeground.sandbox.queries.truth import counts
from homeground.sandbox.services import callbacks
from homeground.sandbox.services.playing_corp import chats, doors, friends, groups, people, sends
from homeground.sandbox.services.simulating import words
from homeground.sandbox.services.simulating.people import mobiles, nicknames, real_names
from homeground.sandbox.services.wecom import clock, mass, moments
from homeground.sandbox.services.wecom.corp import corp

Progress = Callable[[int, int], None]
Deed = tuple[datetime, Callable[[datetime], object]]
Row = TypeVar("Row", bound=Model)
# Of a day's actions: how many are what. The rest of the people do nothing that day.
_SHARES = {"chats": 0.45, "adds": 0.2, "group_talk": 0.15, "joins": 0.06, "edits": 0.06, "parts": 0.05, "likes": 0.03}


@dataclass
class Day:
    """24 hours up to `end`, and who takes part."""

    end: datetime
    zone: str
    draw: Generator
    most: int
    zeal: dict[int, float]  # By member: the share of what waits that they get done.

    @property
    def start(self) -> datetime:
        """When the 24 hours begin."""
        return self.end - timedelta(days=1)

    def moment(self) -> datetime:
        """Between 8 in the morning and 23 in the evening of the corp's clock, most of it after noon."""
        midnight = time.start_of(time.day_of(self.end, self.zone), self.zone)
        at = midnight + timedelta(seconds=8 * 3600 + int(self.draw.beta(2.2, 1.8) * 15 * 3600))
        return at if at <= self.end else at - timedelta(days=1)

    def later(self, at: datetime, minutes: float) -> datetime:
        """After a delay around so many minutes, now and then hours."""
        return at + timedelta(minutes=float(self.draw.lognormal(np.log(minutes), 1.0)))

    def count(self, kind: str) -> int:
        """How many actions of this kind the day has."""
        return max(1, int(self.most * _SHARES[kind]))

    def happens(self, share: float) -> bool:
        """Once in 1 / share."""
        return bool(self.draw.random() < share)

    def word(self, pool: list[str]) -> str:
        """One of them."""
        return pool[int(self.draw.integers(len(pool)))]


def live(
    days: int,
    seed: int,
    *,
    most: int = 2000,
    is_telling: bool = True,
    at: datetime | None = None,
    progress: Progress = lambda done, total: None,
) -> dict[str, int]:
    """Live so many days, the last one ending `at`; nothing happens after it. Returns the counts of the corp.

    most: actions a day. is_telling: whether the callback address is told.
    """
    end, draw, zone = at or clock.now(), np.random.default_rng(seed), corp().time_zone
    zeal = {pk: float(draw.uniform(0.4, 0.98)) for pk in Member.objects.order_by("pk").values_list("pk", flat=True)}
    with callbacks.telling(is_telling):
        for number in range(days):
            last = end - timedelta(days=days - number - 1)
            _live_through(Day(last, zone, draw, most, zeal), progress)
    return counts()


def _live_through(day: Day, progress: Progress) -> None:
    plans = (_adds, _chats, _group_talk, _joins, _edits, _parts, _confirmations, _likes)
    deeds = sorted((deed for plan in plans for deed in plan(day)), key=lambda deed: deed[0])
    todo = [deed for deed in deeds if deed[0] <= day.end]
    for number, (at, act) in enumerate(todo):
        try:
            act(at)
        except BusinessError:
            continue  # Two of the day's plans met: who left in the morning does not answer at night.
        finally:
            progress(number + 1, len(todo))


def _adds(day: Day) -> Iterator[Deed]:
    """New people scan a code, or ask; most are let in, sooner by busy staff and sometimes never."""
    count, ways = day.count("adds"), list(ContactWay.objects.filter(is_temp=False))
    members = list(Member.objects.filter(resigned_at=None, has_contact=True, is_active=True).order_by("pk"))
    names, genders = real_names(day.draw, count)
    phones = mobiles(day.draw, count)
    for name, gender, mobile in zip(nicknames(day.draw, names), genders, phones, strict=True):
        if members:
            member = members[int(day.draw.integers(len(members)))]
            way = ways[int(day.draw.integers(len(ways)))] if ways and day.happens(0.7) else None
            delay = day.later(day.start, 12) - day.start if day.happens(day.zeal.get(member.pk, 0.8)) else None
            yield day.moment(), _Arrival(name, gender, mobile, member, way, delay, day.end)


@dataclass
class _Arrival:
    """Somebody new. What follows from a yes (a first question) is left to the day after."""

    name: str
    gender: int
    mobile: str
    member: Member
    way: ContactWay | None
    delay: timedelta | None
    end: datetime

    def __call__(self, at: datetime) -> None:
        contact = people.new_contact(self.name, gender=self.gender, mobile=self.mobile)
        if self.way is None:
            met = doors.Met(self.member, request=friends.ask(contact, self.member, friends.Source(3), at=at))
        else:
            met = doors.scan_way(contact, self.way, at=at)
        if self.delay is None or at + self.delay > self.end:
            return  # Still waits when the day is over.
        if met.request:
            friends.accept(met.request, at + self.delay)
        elif met.friendship:
            friends.confirm(met.friendship, at + self.delay)


def _chats(day: Day) -> Iterator[Deed]:
    """A customer asks, a member answers as diligently as they are, the customer thanks. Few complain."""
    for friendship in _some_friendships(day, day.count("chats") // 3 + 1):
        at = day.moment()
        yield at, _saying(friendship, day.word(words.COMPLAINTS if day.happens(0.05) else words.QUESTIONS), True)
        if day.happens(day.zeal.get(friendship.member_id, 0.8)):
            answered = day.later(at, 6)
            yield answered, _saying(friendship, day.word(words.ANSWERS), False)
            if day.happens(0.6):
                yield day.later(answered, 3), _saying(friendship, day.word(words.THANKS), True)


def _saying(friendship: Friendship, text: str, is_from_customer: bool) -> Callable[[datetime], object]:
    return lambda at: chats.say(friendship, text, is_from_customer=is_from_customer, at=at)


def _group_talk(day: Day) -> Iterator[Deed]:
    places = GroupMember.objects.filter(contact__isnull=False, left_at=None, chat__dismissed_at=None)
    for place in _some(day, places.select_related("chat__owner", "contact"), day.count("group_talk")):
        mentions = [place.chat.owner] if day.happens(0.1) else []
        yield day.moment(), _group_saying(place, day.word(words.GROUP_TALK), mentions)


def _group_saying(place: GroupMember, text: str, mentions: list[Member]) -> Callable[[datetime], object]:
    return lambda at: chats.say_in_group(place.chat, text, contact=place.contact, mentions=mentions, at=at)


def _joins(day: Day) -> Iterator[Deed]:
    """Customers come into groups, and some go."""
    count = day.count("joins")
    rooms = list(_some(day, GroupChat.objects.filter(dismissed_at=None), count))
    for chat, friendship in zip(rooms, _some_friendships(day, count), strict=False):
        yield day.moment(), _joining(chat, friendship)
    places = GroupMember.objects.filter(contact__isnull=False, left_at=None, chat__dismissed_at=None)
    for place in _some(day, places.select_related("chat", "contact"), count // 3):
        yield day.moment(), _leaving(place)


def _joining(chat: GroupChat, friendship: Friendship) -> Callable[[datetime], object]:
    return lambda at: groups.join(chat, friendship.contact, at=at)


def _leaving(place: GroupMember) -> Callable[[datetime], object]:
    def leave(at: datetime) -> None:
        if place.contact:
            groups.leave(place.chat, place.contact, at=at)

    return leave


def _edits(day: Day) -> Iterator[Deed]:
    for friendship in _some_friendships(day, day.count("edits")):
        yield day.moment(), _editing(friendship, f"{day.word(words.SHOPS)}-{friendship.contact.name}"[:20])


def _editing(friendship: Friendship, remark: str) -> Callable[[datetime], object]:
    return lambda at: friends.edit(friendship, at, remark=remark)


def _parts(day: Day) -> Iterator[Deed]:
    for friendship in _some_friendships(day, day.count("parts")):
        yield day.moment(), _parting(friendship, not day.happens(0.1))


def _parting(friendship: Friendship, by_customer: bool) -> Callable[[datetime], object]:
    return lambda at: friends.part(friendship, by_customer=by_customer, at=at)


def _confirmations(day: Day) -> Iterator[Deed]:
    """Members who are up to it confirm mass sends and publish Moments."""
    for task in MassTask.objects.filter(sent_at=None, message__cancelled_at=None).select_related("message", "member"):
        if day.happens(day.zeal.get(task.member_id, 0.8)):
            yield max(day.moment(), day.later(task.message.created_at, 20)), _confirming(task)
    for post in MomentTask.objects.filter(published_at=None, moment__cancelled_at=None).select_related("moment"):
        if day.happens(day.zeal.get(post.member_id, 0.8)):
            yield max(day.moment(), day.later(post.moment.created_at, 30)), _publishing(post)


def _confirming(task: MassTask) -> Callable[[datetime], object]:
    return lambda at: mass.confirm(task, at=at)


def _publishing(task: MomentTask) -> Callable[[datetime], object]:
    return lambda at: moments.publish(task, at=at)


def _likes(day: Day) -> Iterator[Deed]:
    """Who sees a fresh post likes it, and a few write under it."""
    fresh = MomentTask.objects.filter(published_at__gt=day.start - timedelta(days=3), deleted_at=None)
    for post in fresh.select_related("moment", "member").order_by("-published_at")[: day.count("likes")]:
        seen = post.moment.viewers.filter(member=post.member).select_related("contact")
        for viewer in _some(day, seen, 3):
            at = max(day.moment(), day.later(post.published_at or day.start, 40))
            yield at, _reacting(post, viewer, day.word(words.COMMENTS) if day.happens(0.2) else "")


def _reacting(post: MomentTask, viewer: MomentViewer, text: str) -> Callable[[datetime], object]:
    if text:
        return lambda at: sends.comment(post, viewer.contact, text, at=at)
    return lambda at: sends.like(post, viewer.contact, at=at)


def _some_friendships(day: Day, count: int) -> list[Friendship]:
    open_ones = Friendship.objects.filter(ended_at=None, member__resigned_at=None)
    return _some(day, open_ones.select_related("member", "contact", "link"), count)


def _some(day: Day, rows: "QuerySet[Row]", count: int) -> "list[Row]":
    """That many of them by chance, at most; found by id, so that a large table is not sorted."""
    ids = np.fromiter(rows.order_by("pk").values_list("pk", flat=True).iterator(), dtype=np.int64)
    chosen = day.draw.choice(ids, min(count, len(ids)), replace=False) if len(ids) else ids
    found = {row.pk: row for row in rows.filter(pk__in=chosen.tolist())}
    return [found[pk] for pk in chosen.tolist()]
