"""The guard's policy as it counts at a moment: of the rows of one subject, the newest whose day has come."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from homeground.core import time
from homeground.journeys.models import (
    FrequencyCap,
    GlobalHoldout,
    GroupLimit,
    PlatformQuota,
    PromotionShare,
    QuietHours,
    Restoration,
)
from homeground.journeys.models.policy import EVERY, Dated

CORP_ZONE = "Asia/Shanghai"  # The platform counts days, weeks and months there.
Row = TypeVar("Row", bound=Dated)


@dataclass(frozen=True)
class Policy:
    """What counts at one moment. holdout, share, groups and restoration are None where no row was ever given."""

    holdout: GlobalHoldout | None
    quiet: dict[str, QuietHours]  # By channel; "*" where a channel has none of its own.
    caps: list[FrequencyCap]
    share: PromotionShare | None
    quotas: dict[str, PlatformQuota]  # By kind of channel.
    restoration: Restoration | None
    groups: GroupLimit | None  # Of each customer group.

    def quiet_hours(self, channel: str) -> QuietHours | None:
        """Those of the channel, else those of every channel."""
        return self.quiet.get(channel) or self.quiet.get(EVERY)

    @property
    def longest_days(self) -> int:
        """The longest window that any rule looks back over."""
        return max([cap.window_days for cap in self.caps] + ([self.share.window_days] if self.share else []), default=0)


def policy_at(at: datetime) -> Policy:
    """The policy that counts at a moment."""
    caps = _newest(FrequencyCap.objects.all(), at, "relation", "channel", "window_days")
    return Policy(
        holdout=next(iter(_newest(GlobalHoldout.objects.all(), at)), None),
        quiet={row.channel: row for row in _newest(QuietHours.objects.all(), at, "channel")},
        caps=[cap for cap in caps if cap.max_touches is not None],
        share=next(iter(_newest(PromotionShare.objects.all(), at)), None),
        groups=next(iter(_newest(GroupLimit.objects.all(), at)), None),
        quotas={row.channel_kind: row for row in _newest(PlatformQuota.objects.all(), at, "channel_kind")},
        restoration=next(iter(_newest(Restoration.objects.all(), at)), None),
    )


@dataclass(frozen=True)
class Period:
    """A natural period of a platform quota: from `starts` until before `ends`, at most `most` messages."""

    starts: datetime
    ends: datetime
    most: int
    first_on: date  # Its days, in the corp's zone; the last included.
    last_on: date


def period_of(mode: str, at: datetime, zone: str = CORP_ZONE) -> Period:
    """The period of a quota's mode that a moment lies in, in the corp's zone. Weeks begin on Monday."""
    day = time.day_of(at, zone)
    if mode == PlatformQuota.Mode.ONE_PER_DAY:
        first, last, most = day, day, 1
    elif mode == PlatformQuota.Mode.SEVEN_PER_WEEK:
        first = day - timedelta(days=day.weekday())
        last, most = first + timedelta(days=6), 7
    else:
        most = monthrange(day.year, day.month)[1]
        first, last = day.replace(day=1), day.replace(day=most)
    ends = time.start_of(last + timedelta(days=1), zone)
    return Period(time.start_of(first, zone), ends, most, first, last)


def quiet_until(at: datetime, zone: str, fallback_zone: str, hours: QuietHours | None) -> datetime | None:
    """When the quiet hours that a moment lies in end; None when it lies in none. Unknown zone: the fallback."""
    if hours is None or hours.starts == hours.ends:
        return None
    place = _zone(zone) or ZoneInfo(fallback_zone)
    local = at.astimezone(place)
    if not _is_within(local.time(), hours.starts, hours.ends):
        return None
    day = local.date() + timedelta(days=hours.starts > hours.ends and local.time() >= hours.starts)
    end = datetime.combine(day, hours.ends, tzinfo=place)
    # Where clocks jump, the end is the later reading: neither inside a gap nor at the first of two 02:30s.
    return max(end.astimezone(UTC), end.replace(fold=1).astimezone(UTC))


def _is_within(now: clock, starts: clock, ends: clock) -> bool:
    return starts <= now < ends if starts < ends else now >= starts or now < ends


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _newest(rows: Iterable[Row], at: datetime, *subject: str) -> list[Row]:
    due = [row for row in rows if row.valid_from <= at]
    due.sort(key=lambda row: (row.valid_from, row.pk))
    return list({tuple(getattr(row, name) for name in subject): row for row in due}.values())
