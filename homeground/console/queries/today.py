"""What wants somebody's attention today, each with the page where it is mended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.urls import NoReverseMatch, reverse
from django.utils.translation import ngettext

from homeground.core import time
from homeground.events.queries import lag, set_aside_count
from homeground.insights.queries import timing
from homeground.journeys.models import Campaign
from homeground.people.models import MergeDoubt
from homeground.people.queries import brand
from homeground.segments.models import Segment

LATE_SECONDS = 120  # An accepted event that waits longer is worth a line.


@dataclass(frozen=True)
class Matter:
    """One line of today: how many of what, how urgent (tone of a dot), and where to go."""

    count: int
    phrase: str  # With a place for %(n)s.
    tone: str
    url: str

    @property
    def label(self) -> str:
        """The phrase with its number."""
        return self.phrase % {"n": f"{self.count:,}"}


def matters(user: User | AnonymousUser, at: datetime | None = None) -> list[Matter]:
    """What the user may do something about; nothing that is zero."""
    at = at or time.now()
    found = [matter for permission, look in _LOOKS if user.has_perm(permission) for matter in look(at)]
    return [matter for matter in found if matter.count]


def _sending(at: datetime) -> Iterator[Matter]:
    states = list(Campaign.objects.planned().values_list("state", flat=True).filter(state__in=("sending", "paused")))
    url, sending, paused = _url("journeys:campaigns"), states.count("sending"), states.count("paused")
    yield Matter(sending, ngettext("%(n)s 个活动正在发送", "%(n)s 个活动正在发送", sending), "blue", url)
    yield Matter(paused, ngettext("%(n)s 个活动已暂停，等你决定", "%(n)s 个活动已暂停，等你决定", paused), "amber", url)


def _unreviewed(at: datetime) -> Iterator[Matter]:
    window = ExpressionWrapper(F("window_days") * Value(timedelta(days=1)), output_field=DurationField())
    n = Campaign.objects.planned().filter(state="sent", frozen_at__lte=at - window).count()
    label = ngettext("%(n)s 个活动观察期已满，等待复盘", "%(n)s 个活动观察期已满，等待复盘", n)
    yield Matter(n, label, "amber", _url("insights:reviews"))


def _set_aside(at: datetime) -> Iterator[Matter]:
    n = set_aside_count()
    label = ngettext("%(n)s 条事件处理失败，已搁置", "%(n)s 条事件处理失败，已搁置", n)
    yield Matter(n, label, "red", _url("events:set_aside") or _url("events:stream"))


def _late(at: datetime) -> Iterator[Matter]:
    behind = lag()
    n = behind.waiting if behind.oldest_seconds > LATE_SECONDS else 0
    label = ngettext("%(n)s 条事件等待写入，处理进程可能没有运行", "%(n)s 条事件等待写入，处理进程可能没有运行", n)
    yield Matter(n, label, "red", _url("events:stream"))


def _doubts(at: datetime) -> Iterator[Matter]:
    n = MergeDoubt.objects.filter(decision="").count()
    yield Matter(
        n, ngettext("%(n)s 对客户疑似同一人", "%(n)s 对客户疑似同一人", n), "amber", _url("console:customer_doubts")
    )


def _stale(at: datetime) -> Iterator[Matter]:
    rest = ExpressionWrapper(F("refresh_minutes") * Value(timedelta(minutes=2)), output_field=DurationField())
    dynamic = Segment.objects.listed().filter(is_dynamic=True)
    failed = dynamic.exclude(failure="").count()
    late = dynamic.filter(Q(refreshed_at__lt=at - rest), failure="").count()
    url = _url("segments:list")
    yield Matter(failed, ngettext("%(n)s 个人群计算失败", "%(n)s 个人群计算失败", failed), "red", url)
    yield Matter(late, ngettext("%(n)s 个人群很久没有重新计算", "%(n)s 个人群很久没有重新计算", late), "amber", url)


def _leaving(at: datetime) -> Iterator[Matter]:
    n = timing.due(time.day_of(at, brand().time_zone), timing.LEAVING).count()
    label = ngettext("%(n)s 位高价值客户可能在流失", "%(n)s 位高价值客户可能在流失", n)
    yield Matter(n, label, "red", f"{_url('timing:overview')}?due={timing.LEAVING}")


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


_LOOKS: list[tuple[str, Callable[[datetime], Iterator[Matter]]]] = [
    ("journeys.view_campaign", _sending),
    ("journeys.view_campaign", _unreviewed),
    ("insights.view_review", _leaving),
    ("people.view_customer", _doubts),
    ("segments.view_segment", _stale),
    ("events.view_streamevent", _set_aside),
    ("events.view_streamevent", _late),
]
