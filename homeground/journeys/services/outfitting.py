"""What a published version lives with: its listeners, and a campaign row for each of its messages."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from homeground.channels.models import Channel
from homeground.content.models import Message
from homeground.events.catalog.segments import SegmentEntered
from homeground.journeys.graph.nodes import Graph, SendMessage, WaitForEvent
from homeground.journeys.graph.parts import Enters, Sign
from homeground.journeys.graph.ways_in import ByEvent, BySegment
from homeground.journeys.models import Campaign, Enrolment, Journey, Listener, Place, State, Touch, TouchState, Version
from homeground.journeys.services.campaigns import cancel_campaign, queue_dispatch
from homeground.segments.rules.nodes import PropertyIs

Purpose = Listener.Purpose
_OPEN = (State.SENDING, State.PAUSED)
_WAITING = (TouchState.QUEUED, TouchState.DEFERRED, TouchState.SENDING)


def outfit(version: Version, graph: Graph) -> None:
    """Make a version's listeners and campaigns; the older versions let nobody in any more."""
    Listener.objects.filter(version__journey=version.journey, purpose=Purpose.ENTER).delete()
    Listener.objects.bulk_create(_listeners(version, graph))
    Campaign.objects.bulk_create(_campaigns(version, graph))
    if any(isinstance(entry, BySegment) and entry.has_existing for entry in graph.entries):
        _defer("journeys.enter_existing", version)


def hold_messages(journey: Journey) -> None:
    """Nothing of the journey goes out until it is resumed; the batch under way still goes."""
    _messages(journey).filter(state=State.SENDING).update(state=State.PAUSED)


def let_messages_go(journey: Journey) -> None:
    """Go on sending what waits."""
    held = list(_messages(journey).filter(state=State.PAUSED).values_list("pk", flat=True))
    _messages(journey).filter(pk__in=held).update(state=State.SENDING)
    for campaign_id in held:
        queue_dispatch(campaign_id)


def cancel_messages(journey: Journey, at: datetime) -> None:
    """End all messages of the journey: whatever waits is suppressed as cancelled."""
    open_ones = _messages(journey).filter(state__in=_OPEN)
    for campaign_id in open_ones.order_by("pk").values_list("pk", flat=True):
        cancel_campaign(campaign_id, at)


def retire_drained(at: datetime, journey: Journey | None = None) -> int:
    """Close what belongs to older versions on which nobody walks and nothing waits to go out. Returns how many.

    journey: only its versions; None: those of every journey. A repeat changes nothing.
    """
    drained = list(_drained(journey).values_list("pk", flat=True))
    Listener.objects.filter(version__in=drained).delete()
    Campaign.objects.filter(version__in=drained, state__in=_OPEN).update(state=State.SENT, finished_at=at)
    return len(drained)


def _drained(journey: Journey | None) -> QuerySet[Version]:
    listeners = Listener.objects.filter(version=OuterRef("pk"))
    messages = Campaign.objects.filter(version=OuterRef("pk"), state__in=_OPEN)
    walkers = Enrolment.objects.filter(version=OuterRef("pk"), state=Enrolment.State.WALKING)
    waiting = Touch.objects.filter(campaign__version=OuterRef("pk"), state__in=_WAITING)
    older = Version.objects.exclude(pk=F("journey__live")).filter(journey__live__isnull=False)
    older = older.filter(Exists(listeners) | Exists(messages), ~Exists(walkers), ~Exists(waiting))
    return older.filter(journey=journey) if journey else older


def _messages(journey: Journey) -> QuerySet[Campaign]:
    return Campaign.objects.filter(version__journey=journey)


def _campaigns(version: Version, graph: Graph) -> Iterator[Campaign]:
    steps = {node: step for node, step in graph.nodes.items() if isinstance(step, SendMessage)}
    messages = Message.objects.in_bulk({step.message for step in steps.values()})
    costs = dict(Channel.objects.values_list("slug", "unit_cost_minor"))
    for node, step in steps.items():
        yield _campaign(version, node, step, messages[step.message], costs[step.channel])


def _campaign(version: Version, node: str, step: SendMessage, message: Message, cost: int) -> Campaign:
    journey, at = version.journey, version.published_at
    return Campaign(
        name=f"{journey.name} · {step.name}"[:80],
        link=journey.link,
        version=version,
        node=node,
        place=Place.TRADE,
        channel=step.channel,
        weak_channel=step.weak_channel,
        message=message,
        hypothesis=journey.hypothesis,
        primary_outcome=journey.primary_outcome,
        expected_lift_bp=0,
        window_days=journey.window_days,
        holdout_bp=0,  # Arms are drawn where people come in.
        urgency=step.urgency,
        value_minor=step.value_minor,
        state=State.PAUSED if journey.state == Journey.State.PAUSED else State.SENDING,
        is_promotion=message.is_promotion,
        subject=message.subject,
        body=message.body,
        attachments=message.attachments,
        audience_size=0,
        touch_cost_minor=cost,
        created_by=version.published_by,
        frozen_at=at,
        started_at=at,
    )


def _listeners(version: Version, graph: Graph) -> Iterator[Listener]:
    for entry in graph.entries:
        if isinstance(entry, ByEvent):
            yield _to_event(version, Purpose.ENTER, entry.event, entry.where, key=entry.key or "")
        elif isinstance(entry, BySegment):
            yield _to_segment(version, Purpose.ENTER, entry.segment)
    for node, step in graph.nodes.items():
        if isinstance(step, WaitForEvent):
            yield _to_event(version, Purpose.WAKE, step.event, step.where, node=node)
    if graph.goal:
        yield _to_sign(version, Purpose.GOAL, graph.goal)
    yield from (_to_sign(version, Purpose.EXIT, sign) for sign in graph.exits)


def _to_sign(version: Version, purpose: str, sign: Sign) -> Listener:
    if isinstance(sign, Enters):
        return _to_segment(version, purpose, sign.segment)
    return _to_event(version, purpose, sign.event, sign.where)


def _to_event(
    version: Version, purpose: str, event: str, where: Sequence[PropertyIs], *, node: str = "", key: str = ""
) -> Listener:
    filters = [one.model_dump(mode="json", by_alias=True) for one in where]
    return Listener(version=version, event=event, purpose=purpose, node=node, where=filters, key=key)


def _to_segment(version: Version, purpose: str, slug: str) -> Listener:
    is_it = PropertyIs.model_validate({"property": "segment", "is": {"equals": slug}})
    return _to_event(version, purpose, SegmentEntered.name, [is_it])


def _defer(task: str, version: Version) -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        jobs.configure_task(task, queueing_lock=f"{task}:{version.pk}").defer(version_id=version.pk)
