"""What wants somebody's attention today, each with the page where it is mended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events.models import SetAside
from homeground.events.queries import lag
from homeground.journeys.models import Campaign
from homeground.people.models import MergeDoubt
from homeground.segments.models import Segment

LATE_SECONDS = 120  # An accepted event that waits longer is worth a line.


@dataclass(frozen=True)
class Matter:
    """One line of today: how many of what, how urgent (tone of a dot), and where to go."""

    count: int
    label: str
    tone: str
    url: str


def matters(user: User | AnonymousUser, at: datetime | None = None) -> list[Matter]:
    """What the user may do something about; nothing that is zero."""
    at = at or time.now()
    found = [matter for permission, look in _LOOKS if user.has_perm(permission) for matter in look(at)]
    return [matter for matter in found if matter.count]


def _sending(at: datetime) -> Iterator[Matter]:
    states = Campaign.objects.values_list("state", flat=True).filter(state__in=("sending", "paused"))
    url = _url("journeys:campaigns")
    yield Matter(sum(state == "sending" for state in states), _("个活动正在发送"), "blue", url)
    yield Matter(sum(state == "paused" for state in states), _("个活动已暂停，等你决定"), "amber", url)


def _unreviewed(at: datetime) -> Iterator[Matter]:
    window = ExpressionWrapper(F("window_days") * Value(timedelta(days=1)), output_field=DurationField())
    over = Campaign.objects.filter(state="sent", frozen_at__lte=at - window)
    yield Matter(over.count(), _("个活动观察期已满，等待复盘"), "amber", _url("insights:reviews"))


def _set_aside(at: datetime) -> Iterator[Matter]:
    waiting = SetAside.objects.filter(discarded_at=None).count()
    yield Matter(waiting, _("条事件处理失败，已搁置"), "red", _url("events:set_aside") or _url("events:stream"))


def _late(at: datetime) -> Iterator[Matter]:
    behind = lag()
    is_late = behind.oldest_seconds > LATE_SECONDS
    yield Matter(
        behind.waiting if is_late else 0, _("条事件等待写入，处理进程可能没有运行"), "red", _url("events:stream")
    )


def _doubts(at: datetime) -> Iterator[Matter]:
    yield Matter(MergeDoubt.objects.filter(decision="").count(), _("对客户疑似同一人"), "amber", _url("console:customer_doubts"))


def _stale(at: datetime) -> Iterator[Matter]:
    rest = ExpressionWrapper(F("refresh_minutes") * Value(timedelta(minutes=2)), output_field=DurationField())
    dynamic = Segment.objects.listed().filter(is_dynamic=True)
    failed = dynamic.exclude(failure="")
    late = dynamic.filter(Q(refreshed_at__lt=at - rest), failure="")
    yield Matter(failed.count(), _("个人群计算失败"), "red", _url("segments:list"))
    yield Matter(late.count(), _("个人群很久没有重新计算"), "amber", _url("segments:list"))


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


_LOOKS: list[tuple[str, Callable[[datetime], Iterator[Matter]]]] = [
    ("journeys.view_campaign", _sending),
    ("journeys.view_campaign", _unreviewed),
    ("people.view_customer", _doubts),
    ("segments.view_segment", _stale),
    ("events.view_streamevent", _set_aside),
    ("events.view_streamevent", _late),
]
