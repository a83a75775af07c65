"""What is planned for each day, from every room that plans."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from homeground.content.models import MomentPlan
from homeground.journeys.models import Campaign, State
from homeground.journeys.queries.calendar.results import results, reviews_due
from homeground.journeys.queries.calendar.shape import ACTIVITY, CONTENT, DATA, Choice, Entry, Span
from homeground.journeys.queries.calendar.walks import coming_in, due_walks
from homeground.service.models import Task

__all__ = ["Choice", "Entry", "Span", "dated", "entries", "unscheduled"]
_TONES = {
    State.DRAFT: "neutral",
    State.FROZEN: "blue",
    State.SENDING: "green",
    State.PAUSED: "amber",
    State.SENT: "purple",
    State.CLOSED: "purple",
}
_MOMENT_TONES = {"draft": "neutral", "failed": "red", "closed": "purple", "handed": "green", "handing": "green"}


def entries(span: Span, choice: Choice) -> list[Entry]:
    """Everything on these days, in the order of days and moments."""
    found = [entry for calendar in choice.calendars for entry in _SOURCES[calendar](span, choice)]
    return sorted(found, key=lambda entry: (entry.on, entry.at is None, entry.at or span.at, entry.key))


def dated() -> QuerySet[Any]:
    """Campaigns with `planned_at`: when they go out, or went; a draft without a schedule has none."""
    sent = Coalesce(Greatest("scheduled_at", "started_at"), "frozen_at")
    planned_at = Case(When(state=State.DRAFT, then=F("scheduled_at")), default=sent, output_field=DateTimeField())
    return Campaign.objects.planned().exclude(state=State.CANCELLED).annotate(planned_at=planned_at)


def unscheduled(choice: Choice) -> QuerySet[Campaign]:
    """Drafts that nobody has given a day, newest first."""
    drafts = Campaign.objects.planned().filter(state=State.DRAFT, scheduled_at=None)
    return _chosen(drafts, choice).order_by("-created_at", "-pk")


def _chosen(campaigns: QuerySet[Any], choice: Choice) -> QuerySet[Any]:
    wanted = Q()
    if choice.link:
        wanted &= Q(link=choice.link)
    if choice.channel:
        wanted &= Q(channel=choice.channel) | Q(weak_channel=choice.channel)
    if choice.segment:
        wanted &= Q(segment=choice.segment)
    return campaigns.filter(wanted).select_related("segment")


def _activity(span: Span, choice: Choice) -> Iterator[Entry]:
    yield from _campaigns(span, choice)
    yield from due_walks(span, choice)
    yield from coming_in(span, choice)
    if not choice.is_narrow:
        yield from _tasks(span)


def _campaigns(span: Span, choice: Choice) -> Iterator[Entry]:
    for campaign in _chosen(dated(), choice).filter(planned_at__gte=span.starts, planned_at__lt=span.ends):
        at, state = campaign.planned_at, State(campaign.state)
        size = campaign.audience_size if campaign.audience_size is not None else _members(campaign)
        yield Entry(
            ACTIVITY,
            "campaign",
            f"campaign:{campaign.pk}",
            campaign.name if campaign.groups is None else _("%s（发到客户群）") % campaign.name,
            span.day_of(at),
            at,
            str(state.label),
            _TONES.get(state, "neutral"),
            size,
            is_movable=state == State.DRAFT,
        )


def _members(campaign: Campaign) -> int | None:
    return campaign.segment.customers if campaign.segment and campaign.groups is None else None


def _tasks(span: Span) -> Iterator[Entry]:
    """How many tasks staff are to do by each day, and how many of them are done."""
    rows = Task.objects.filter(due_on__range=(span.first, span.last)).exclude(state=Task.State.EXPIRED)
    counted = rows.values("due_on").annotate(all=Count("pk"), open=Count("pk", filter=Q(state=Task.State.OPEN)))
    for row in counted.order_by("due_on"):
        late = row["open"] and row["due_on"] < span.today
        title = _("员工任务 %(all)d 项，未完成 %(open)d 项") % row
        tone = "red" if late else "amber" if row["open"] else "green"
        yield Entry(ACTIVITY, "task", f"task:{row['due_on']}", title, row["due_on"], tone=tone, people=row["all"])


def _content(span: Span, choice: Choice) -> Iterator[Entry]:
    rows = MomentPlan.objects.filter(planned_at__gte=span.starts, planned_at__lt=span.ends)
    for plan in rows.order_by("planned_at", "pk"):
        title = _("朋友圈：%(topic)s") % {"topic": plan.topic or plan.get_kind_display()}
        yield Entry(
            CONTENT,
            "moment",
            f"moment:{plan.pk}",
            title,
            span.day_of(plan.planned_at),
            plan.planned_at,
            str(plan.get_state_display()),
            _MOMENT_TONES.get(plan.state, "blue"),
        )


def _data(span: Span, choice: Choice) -> Iterator[Entry]:
    yield from reviews_due(span, choice)
    yield from results(span, choice)


_SOURCES = {CONTENT: _content, ACTIVITY: _activity, DATA: _data}
