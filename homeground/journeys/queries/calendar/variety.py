"""Is it always the same (M50)? The formats of the last campaigns and of those that are planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from homeground.channels.models import Channel
from homeground.journeys.models import Campaign, Place, State
from homeground.journeys.queries.calendar.entries import dated
from homeground.journeys.queries.calendar.shape import Span

_BACK = timedelta(days=30)
TIRING = 3  # The same format so often in a row is a repeat.


@dataclass(frozen=True)
class Variety:
    """formats: how many different ones among `campaigns`; repeated: the run of equal ones that is the longest."""

    campaigns: int
    formats: int
    repeated: Sequence[Campaign]
    format: str  # Of the run, in words.

    @property
    def is_tiring(self) -> bool:
        return len(self.repeated) >= TIRING


def variety(span: Span) -> Variety:
    """Campaigns from thirty days before today to the end of the span, in the order of their sending."""
    rows = dated().filter(planned_at__gte=span.at - _BACK, planned_at__lt=span.ends).select_related("message")
    campaigns = list(rows.order_by("planned_at", "pk"))
    names = dict(Channel.objects.values_list("slug", "name"))
    formats = [_format(campaign, names) for campaign in campaigns]
    run = _longest_run(formats)
    return Variety(len(campaigns), len(set(formats)), campaigns[run], formats[run.start] if campaigns else "")


def _format(campaign: Campaign, channels: dict[str, str]) -> str:
    """Where it meets people, through what, and with what: 交易场 · 短信 · 文字."""
    attached = campaign.message.attachments if campaign.state == State.DRAFT else campaign.attachments
    kinds = sorted({str(item.get("kind", "")) for item in attached})
    shown = {"image": _("图片"), "video": _("视频"), "link": _("图文链接"), "miniprogram": _("小程序")}
    words = _("、").join(str(shown.get(kind, kind)) for kind in kinds) or _("纯文字")
    return " · ".join([str(Place(campaign.place).label), channels.get(campaign.channel, campaign.channel), words])


def _longest_run(formats: Sequence[str]) -> slice:
    """The longest run of equal ones; of several the latest."""
    best, start = slice(0, 0), 0
    for at in range(len(formats)):
        if at and formats[at] != formats[at - 1]:
            start = at
        if at + 1 - start >= best.stop - best.start:
            best = slice(start, at + 1)
    return best
