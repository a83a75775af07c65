"""The calendar of data: which results are due to be looked at, and how past days went (参与率, 转化率)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.utils.translation import gettext as _

from homeground.journeys.models import Campaign, State
from homeground.journeys.queries.calendar.shape import DATA, Choice, Entry, Span

_RESULTS = (Path(__file__).parent.parent.parent / "sql" / "calendar" / "results.sql").read_text()


def reviews_due(span: Span, choice: Choice) -> Iterator[Entry]:
    """On the day on which a campaign's days are over, it is to be reviewed."""
    window = ExpressionWrapper(F("window_days") * Value(timedelta(days=1)), output_field=DurationField())
    rows: QuerySet[Any] = (
        Campaign.objects.planned().filter(_wanted(choice), frozen_at__isnull=False).exclude(state=State.CANCELLED)
    )
    rows = rows.annotate(over_at=F("frozen_at") + window)
    for campaign in rows.filter(over_at__gte=span.starts, over_at__lt=span.ends):
        is_done = campaign.state == State.CLOSED
        state = _("已结案") if is_done else _("待复盘")
        title = _("复盘：%(name)s") % {"name": campaign.name}
        on, tone = span.day_of(campaign.over_at), "green" if is_done else "amber"
        yield Entry(DATA, "review", f"review:{campaign.pk}", title, on, state=state, tone=tone)


def results(span: Span, choice: Choice) -> Iterator[Entry]:
    """How the messages of each past day were met: how many took part, how many bought within three days."""
    if span.starts > span.at:
        return
    params: dict[str, Any] = {
        "since": span.starts,
        "until": min(span.ends, span.at),
        "zone": span.zone,
        "campaigns": _sending(span, choice),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RESULTS, params)
        rows = cursor.fetchall()
    for on, sent, answered, bought in rows:
        shown = {"sent": sent, "answered": f"{100 * answered / sent:.1f}", "bought": f"{100 * bought / sent:.1f}"}
        title = _("发出 %(sent)d · 参与 %(answered)s%% · 三天内下单 %(bought)s%%") % shown
        yield Entry(DATA, "result", f"result:{on}", title, on, people=sent)


def _sending(span: Span, choice: Choice) -> list[int]:
    """Who may have sent something in the span: few of all campaigns, so that touches are read by campaign."""
    later = Q(finished_at=None) | Q(finished_at__gte=span.starts - timedelta(days=7))
    rows = Campaign.objects.filter(_wanted(choice), later, frozen_at__lt=span.ends)
    return list(rows.values_list("pk", flat=True))


def _wanted(choice: Choice) -> Q:
    wanted = Q()
    if choice.link:
        wanted &= Q(link=choice.link)
    if choice.channel:
        wanted &= Q(channel=choice.channel) | Q(weak_channel=choice.channel)
    if choice.segment:
        wanted &= Q(segment=choice.segment)
    return wanted
