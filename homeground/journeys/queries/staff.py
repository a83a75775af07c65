"""How a campaign fares with staff, where they have to confirm it: from assigned to ordered, the loss at each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from homeground.channels.kinds import SHARED
from homeground.channels.kinds.wecom import WECOM_MOMENTS
from homeground.channels.models import Channel
from homeground.events import warehouse
from homeground.journeys.models import Campaign, Touch, TouchState
from homeground.journeys.queries import groups
from homeground.wecom.models import MassSend, Moment
from homeground.wecom.queries import mass
from homeground.wecom.queries.mass import StaffLine

_SQL = Path(__file__).parent.parent / "sql"
_ANSWERS = (_SQL / "staff_answers.sql").read_text()
_CLICKS = _SQL / "shared_clicks.sql"
SORTS = ("name", "assigned", "confirmed", "delivered", "answered", "ordered", "waiting")


@dataclass(frozen=True)
class Clicks:
    """Links followed."""

    clicks: int


@dataclass(frozen=True)
class Line:
    """One member of staff in a campaign; in every column customers, or groups of a campaign to groups."""

    told: StaffLine
    answered: int
    ordered: int

    @property
    def waiting(self) -> int:
        """Customers whose message this member has not confirmed."""
        return self.told.assigned - self.told.confirmed

    @property
    def share(self) -> float:
        """Of the assigned, how many were confirmed."""
        return self.told.confirmed / self.told.assigned


@dataclass(frozen=True)
class Step:
    """One step of the chain: customers (or groups) that came so far, and how many of the step before did not."""

    label: str
    customers: int
    lost: int
    note: str = ""


@dataclass(frozen=True)
class Way:
    """The chain of a campaign, its members, and what is known of the asking.

    unread: assigned touches of which the platform has not told yet who serves them.
    """

    steps: list[Step]
    lines: list[Line]
    unread: int
    polled_at: datetime | None
    error: str
    is_open: bool


def goes_by_staff(campaign: Campaign) -> bool:
    """Whether members of staff have to confirm what it sends."""
    return Channel.objects.filter(slug=campaign.channel, kind__in=SHARED).exists()


def way(campaign: Campaign, sort: str = "waiting") -> Way:
    """How a frozen campaign fares with staff. sort: one of SORTS; numbers come largest first."""
    is_to_groups = campaign.groups is not None
    lines = _lines(campaign)
    asked: list[MassSend | Moment] = [*mass.sends_of(campaign.pk), *mass.posts_of(campaign.pk)]
    touched = Touch.objects.filter(campaign=campaign, state=TouchState.ASSIGNED).count()
    waiting = sum(line.waiting for line in lines)
    return Way(
        steps=_steps(lines, _group_words() if is_to_groups else _words(campaign)),
        lines=_sorted(lines, sort if sort in SORTS else "waiting"),
        unread=0 if is_to_groups else max(touched - waiting, 0),
        polled_at=max((one.polled_at for one in asked if one.polled_at), default=None),
        error=next((one.error for one in asked if one.error), ""),
        is_open=any(one.state in ("asking", "marking", "placed", "unknown") for one in asked),
    )


def shared_clicks(campaign: Campaign) -> int:
    """How often the links of a campaign were followed whose text is one for all; who did, nobody can tell."""
    params = {"campaign_id": campaign.pk, "since": campaign.frozen_at}
    return warehouse.rows(Clicks, _CLICKS, **params)[0].clicks


def _lines(campaign: Campaign) -> list[Line]:
    came = groups.came(campaign) if campaign.groups is not None else _came(campaign)
    return [Line(told, *came.get(told.staff_id, (0, 0))) for told in mass.funnel(campaign.pk)]


def _came(campaign: Campaign) -> dict[int, tuple[int, int]]:
    assert campaign.frozen_at
    until = campaign.frozen_at + timedelta(days=campaign.window_days)
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, {"campaign_id": campaign.pk, "until": until})
        return {staff: (answered, ordered) for staff, answered, ordered in cursor.fetchall()}


def _words(campaign: Campaign) -> list[tuple[str, str]]:
    is_post = campaign.message.channel_kind == WECOM_MOMENTS.slug
    return [
        (_("已分配员工"), ""),
        (_("已通知员工"), _("按应用消息")),
        (_("员工已发表") if is_post else _("员工已确认"), ""),
        (_("客户看得到") if is_post else _("客户已送达"), _("谁看过平台不告诉") if is_post else ""),
        (_("客户有回应"), _("三天内来信、点赞或评论")),
        (_("送达后下单"), _("观察期内；是不是活动带来的，看复盘")),
    ]


def _group_words() -> list[tuple[str, str]]:
    return [
        (_("已分配群主的群"), ""),
        (_("已通知群主"), _("按应用消息")),
        (_("群主已确认"), _("一次确认，发到自己的每个群")),
        (_("已送达的群"), ""),
        (_("有人发言的群"), _("三天内有客户发言；要接入会话存档才看得到")),
        (_("有人下单的群"), _("观察期内；大群总有人下单，不等于活动带来的")),
    ]


def _steps(lines: Sequence[Line], words: Sequence[tuple[str, str]]) -> list[Step]:
    told = [line.told for line in lines]
    counts = [
        sum(one.assigned for one in told),
        sum(one.notified for one in told),
        sum(one.confirmed for one in told),
        sum(one.delivered for one in told),
        sum(line.answered for line in lines),
        sum(line.ordered for line in lines),
    ]
    # Somebody may confirm without notice, or buy without an answer: a step can be larger than the one before.
    lost = [0, *(max(before - count, 0) for before, count in pairwise(counts))]
    return [Step(label, count, less, note) for (label, note), count, less in zip(words, counts, lost, strict=True)]


def _sorted(lines: Sequence[Line], sort: str) -> list[Line]:
    if sort == "name":
        return sorted(lines, key=lambda line: line.told.name or line.told.userid)
    return sorted(lines, key=lambda line: (-_number(line, sort), line.told.staff_id))


def _number(line: Line, name: str) -> int:
    return int(getattr(line, name) if name in ("answered", "ordered", "waiting") else getattr(line.told, name))
