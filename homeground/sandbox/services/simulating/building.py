"""A whole corp at rest: staff, customers, friendships with a history, tags and groups. COPY, no row by row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from numpy.random import Generator

from homeground.sandbox.errors import SeedIsTaken
from homeground.sandbox.models import Contact, Department, Friendship, GroupChat, GroupMember, Member, Tag, TagGroup
from homeground.sandbox.queries.truth import counts
from homeground.sandbox.services.simulating import people, words
from homeground.sandbox.services.simulating.copying import analyse, copy
from homeground.sandbox.services.simulating.people import coded, picked
from homeground.sandbox.services.wecom import clock
from homeground.sandbox.services.wecom.corp import corp

Progress = Callable[[str, int], None]
HISTORY_DAYS = 240
_SOURCES = {1: 0.52, 16: 0.1, 4: 0.09, 3: 0.08, 2: 0.07, 6: 0.06, 201: 0.04, 24: 0.03, 202: 0.01}  # add_way.
_STATES = ("", "", "门店海报", "包裹卡", "公众号菜单", "小红书")
_FRIENDSHIP = [
    "member_id", "contact_id", "created_at", "ended_at", "ending", "is_half", "remark", "description",
    "remark_company", "remark_mobiles", "tag_ids", "personal_tags", "oper_userid", "add_way", "state",
    "chat_started_at", "customer_messaged_at", "interacted_at",
]  # fmt: skip


@dataclass
class Plan:
    """What to build, and what was built so far."""

    staff: int
    customers: int
    seed: int
    days: int
    today: datetime
    draw: Generator
    members: list[Member] = field(default_factory=list)
    tags: list[list[str]] = field(default_factory=list)
    first_contact: int = 0
    names: list[str] = field(default_factory=list)
    mobiles: list[str] = field(default_factory=list)
    external_ids: list[str] = field(default_factory=list)

    @property
    def people(self) -> int:
        """The customers, and one in 25 on top who was one once."""
        return self.customers + self.customers // 25


def build(
    staff: int,
    customers: int,
    seed: int,
    *,
    days: int = HISTORY_DAYS,
    at: datetime | None = None,
    progress: Progress = lambda what, count: None,
) -> dict[str, int]:
    """Add a corp's staff and customers to the sandbox. The same numbers give the same people, ties, tags and groups.

    days: how far the history of adding goes back from the day of `at`.
    A repeat finds its people and adds nothing. Raises SeedIsTaken if this seed was used for another size.
    Returns the counts of the whole corp.
    """
    corp()
    day = (at or clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    plan = Plan(staff, customers, seed, days, day, np.random.default_rng(seed))
    if not _is_here(plan):
        with transaction.atomic():
            for step in (_departments, _staff, _tags, _contacts, _friendships, _groups):
                progress(step.__name__.strip("_"), step(plan))
        analyse()
    return counts()


def _is_here(plan: Plan) -> bool:
    ours = Member.objects.filter(userid__startswith=_userid(plan.seed, 0)[:-4])
    if not ours.exists():
        return False
    codes = coded("", plan.seed, "contact", plan.people + 1)[-2:]
    ids = [[f"{prefix}{code}" for prefix in ("wm", "wo")] for code in codes]
    is_same = [Contact.objects.filter(external_userid__in=pair).exists() for pair in ids]
    if ours.count() != plan.staff or is_same != [True, False][-len(codes) :]:
        raise SeedIsTaken(plan.seed)
    return True


def _userid(seed: int, number: int) -> str:
    return f"guwen{seed}_{number + 1:04d}"


def _departments(plan: Plan) -> int:
    rows = [Department(number=1, name=corp().name)]
    rows += [Department(number=2 + place, name=name, parent=1) for place, name in enumerate(words.SHOPS)]
    Department.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _staff(plan: Plan) -> int:
    names, genders = people.real_names(plan.draw, plan.staff)
    positions = picked(plan.draw, words.POSITIONS, plan.staff)
    plan.members = Member.objects.bulk_create(
        Member(
            userid=_userid(plan.seed, number),
            name=name,
            gender=gender,
            position=position,
            departments=[2 + number % len(words.SHOPS)],
            joined_at=plan.today - timedelta(days=plan.days + 30),
        )
        for number, (name, gender, position) in enumerate(zip(names, genders, positions, strict=True))
    )
    return len(plan.members)


def _tags(plan: Plan) -> int:
    """The usual tags of the corp, where they are not there yet."""
    for group_name, names in words.TAGS.items():
        group, _is_new = TagGroup.objects.get_or_create(
            name=group_name,
            strategy_id=0,
            is_deleted=False,
            defaults={"group_id": coded("et", plan.seed, group_name, 1)[0], "created_at": plan.today},
        )
        codes = coded("et", plan.seed, f"tag {group_name}", len(names))
        Tag.objects.bulk_create(
            (
                Tag(group=group, tag_id=code, name=name, order=len(names) - place, created_at=plan.today)
                for place, (code, name) in enumerate(zip(codes, names, strict=True))
            ),
            ignore_conflicts=True,
        )
        found = Tag.objects.filter(group=group, name__in=names, is_deleted=False).order_by("-order", "pk")
        plan.tags.append(list(found.values_list("tag_id", flat=True)))
    return sum(len(group) for group in plan.tags)


def _contacts(plan: Plan) -> int:
    count = plan.people
    plan.names, genders = people.real_names(plan.draw, count)
    plan.mobiles = people.mobiles(plan.draw, count)
    nicknames = people.nicknames(plan.draw, plan.names)
    is_wecom = (plan.draw.random(count) < 0.02).tolist()
    has_union = (plan.draw.random(count) < 0.95).tolist()
    codes = coded("", plan.seed, "contact", count)
    plan.external_ids = [("wo" if wecom else "wm") + code for wecom, code in zip(is_wecom, codes, strict=True)]
    columns = (
        plan.external_ids,
        [name if wecom else nick for wecom, name, nick in zip(is_wecom, plan.names, nicknames, strict=True)],
        [2 if wecom else 1 for wecom in is_wecom],
        genders,
        [
            "" if wecom or not one else f"o6{code[:26]}"
            for wecom, one, code in zip(is_wecom, has_union, codes, strict=True)
        ],
        ["" if wecom else f"oX{code[2:28]}" for wecom, code in zip(is_wecom, codes, strict=True)],
        ["采购" if wecom else "" for wecom in is_wecom],
        ["同行" if wecom else "" for wecom in is_wecom],
        plan.mobiles,
    )
    names = ("external_userid", "name", "kind", "gender", "unionid", "openid", "position", "corp_name", "mobile")
    blank = {"avatar": "", "corp_full_name": ""}
    plan.first_contact = copy(
        Contact, (*names, *blank), ((*row, *blank.values()) for row in zip(*columns, strict=True))
    )
    return count


def _friendships(plan: Plan) -> int:
    """One follower for most, two or three for some; a customer keeps at least one, whoever was one has none left."""
    ties = 1 + plan.draw.choice(3, plan.people, p=(0.83, 0.13, 0.04))
    ties[plan.customers :] = 1
    who = np.repeat(np.arange(plan.people), ties)
    pairs = np.unique(who * plan.staff + _members_for(plan, who))
    who, whose = pairs // plan.staff, pairs % plan.staff
    copy(Friendship, _FRIENDSHIP, zip(*_friendship_columns(plan, who, whose), strict=True))
    return len(who)


def _members_for(plan: Plan, who: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """A member for each tie: some serve several times as many as others."""
    weights = plan.draw.lognormal(0, 0.5, plan.staff)
    return plan.draw.choice(plan.staff, len(who), p=weights / weights.sum())


def _friendship_columns(
    plan: Plan, who: "np.ndarray[Any, Any]", whose: "np.ndarray[Any, Any]"
) -> tuple[Sequence[Any], ...]:
    draw, count = plan.draw, len(who)
    # More came lately than long ago: the share of the history that has passed, by a square root.
    ages = plan.days * 86_400 * (1 - np.sqrt(draw.random(count)))
    created = [plan.today - timedelta(seconds=int(age)) for age in ages]
    spoken, wrote = draw.random(count) < 0.7, draw.random(count) < 0.6
    ended, noted = _ended(plan, who), draw.random(count) < 0.3
    later = draw.random(count)
    latest = [plan.today - timedelta(seconds=int(age * (1 - part))) for age, part in zip(ages, later, strict=True)]
    names = [plan.names[index] for index in who.tolist()]
    ways = draw.choice(list(_SOURCES), count, p=np.array(list(_SOURCES.values()))).tolist()
    states = picked(draw, list(_STATES), count)
    by_member = (draw.random(count) < 0.15).tolist()
    ending = ["by_member" if one else "by_customer" for one in by_member]
    members = [plan.members[index] for index in whose.tolist()]
    return (
        [member.pk for member in members],
        (who + plan.first_contact).tolist(),
        created,
        [at if over else None for over, at in zip(ended, latest, strict=True)],
        [how if over else "" for over, how in zip(ended, ending, strict=True)],
        [False] * count,
        people.remarks(draw, names),
        picked(draw, words.DESCRIPTIONS, count),
        [""] * count,
        [[plan.mobiles[index]] if one else [] for one, index in zip(noted, who.tolist(), strict=True)],
        _drawn_tags(plan, count),
        [[]] * count,
        [plan.external_ids[index] for index in who.tolist()],
        ways,
        [state if way in (1, 16) else "" for state, way in zip(states, ways, strict=True)],
        [at if one else None for one, at in zip(spoken, created, strict=True)],
        [at if one and two else None for one, two, at in zip(spoken, wrote, created, strict=True)],
        [last if one else first for one, last, first in zip(spoken, latest, created, strict=True)],
    )


def _ended(plan: Plan, who: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Of the second and third ties a third are over; of those who are customers no more, all."""
    is_first = np.diff(who, prepend=-1) > 0
    return ((plan.draw.random(len(who)) < 0.33) & ~is_first) | (who >= plan.customers)


def _drawn_tags(plan: Plan, count: int) -> list[list[str]]:
    """At most one tag of each group, a group in three."""
    chosen: list[list[str]] = [[] for _ in range(count)]
    for group in plan.tags:
        picks = plan.draw.integers(0, 3 * len(group), count).tolist()
        for tags, pick in zip(chosen, picks, strict=True):
            if pick < len(group):
                tags.append(group[pick])
    return chosen


def _groups(plan: Plan) -> int:
    """A group for every 200 customers, 20 to 150 people in each, some of whom left."""
    count = min(plan.customers // 200 + 1, 20_000) if plan.customers >= 20 else 0
    codes, gids = coded("wr", plan.seed, "group", count), coded("oG", plan.seed, "opengid", count)
    owners = plan.draw.integers(0, plan.staff, count).tolist()
    ages = plan.draw.integers(1, plan.days * 86_400, count).tolist()
    kinds = picked(plan.draw, words.GROUPS, count)
    chats = GroupChat.objects.bulk_create(
        GroupChat(
            chat_id=code,
            opengid=gid,
            owner=plan.members[owner],
            name=f"{words.SHOPS[owner % len(words.SHOPS)]}{kind}{number + 1}群",
            notice="",
            member_version=code[2:].encode().hex()[:32],
            created_at=plan.today - timedelta(seconds=age),
        )
        for number, (code, gid, owner, age, kind) in enumerate(zip(codes, gids, owners, ages, kinds, strict=True))
    )
    columns = [
        "chat_id",
        "member_id",
        "contact_id",
        "nickname",
        "join_scene",
        "invited_by",
        "state",
        "joined_at",
        "left_at",
    ]
    copy(GroupMember, columns, (row for chat in chats for row in _places(plan, chat)))
    return count


def _places(plan: Plan, chat: GroupChat) -> Iterable[tuple[Any, ...]]:
    most = min(150, plan.customers)
    size = int(plan.draw.integers(min(20, most), most + 1))
    who = plan.draw.choice(plan.customers, size, replace=False).tolist()
    scenes = plan.draw.choice((1, 2, 3), size, p=(0.4, 0.1, 0.5)).tolist()
    shares, gone = plan.draw.random(size).tolist(), (plan.draw.random(size) < 0.08).tolist()
    span = plan.today - chat.created_at
    yield chat.pk, chat.owner_id, None, "", 1, "", "", chat.created_at, None
    for index, scene, share, left in zip(who, scenes, shares, gone, strict=True):
        joined = chat.created_at + span * share
        inviter = "" if scene == 3 else chat.owner.userid
        left_at = joined + (plan.today - joined) / 2 if left else None
        yield chat.pk, None, plan.first_contact + index, "", scene, inviter, "", joined, left_at
