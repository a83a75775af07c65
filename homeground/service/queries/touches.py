"""最近触达: what a customer was sent lately and by which way, so that nobody says it twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeground.channels.models import Channel
from homeground.core import time
from homeground.events import warehouse
from homeground.events.labels import label

_SQL = Path(__file__).parent.parent / "sql" / "last_touches.sql"
_DAYS, _MOST = 90, 5
_KINDS: dict[str, str | Promise] = {
    "follow_up": _("定期跟进"), "birthday": _("生日祝福"), "message": _("员工任务"), "care_like": _("朋友圈点赞"),
    "care_comment": _("朋友圈评论"),
}  # fmt: skip


@dataclass(frozen=True)
class _Told:
    """A row of last_touches.sql."""

    at: datetime
    stage: str
    channel: str
    kind: str


@dataclass(frozen=True)
class Touched:
    """One touch. way: the channel, or what a member did; stage: what a message came to, else empty."""

    at: datetime
    way: str
    stage: str


def last_touches(ids: Sequence[int], at: datetime | None = None) -> list[Touched]:
    """The newest five of the last ninety days, as far as they have reached ClickHouse."""
    since = (at or time.now()) - timedelta(days=_DAYS)
    told = warehouse.rows(_Told, _SQL, ids=list(ids), since=since, most=_MOST)
    names = {channel.slug: channel.title for channel in Channel.objects.all()}
    return [
        Touched(one.at, str(_KINDS.get(one.kind, one.kind)), "")
        if one.kind
        else Touched(one.at, str(names.get(one.channel, one.channel)), label(one.stage))
        for one in told
    ]
