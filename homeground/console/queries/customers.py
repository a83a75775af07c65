"""What the customer pages show, read across rooms."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from homeground.channels.models import Channel
from homeground.commerce import queries as commerce
from homeground.journeys.models import Enrolment, Participant, Touch
from homeground.journeys.queries import reason_text
from homeground.people.identities import STRENGTH
from homeground.people.models import AttributeValue, Consent, Customer, Identity, Merge, MergeDoubt, RelationMove
from homeground.people.queries import addresses, tags_of

SHOWN = 100  # Rows of a tab; the newest.


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    customer: Customer
    address: tuple[str, str]  # Kind and value; ("", "") where nothing is known.
    tags: list[str]
    totals: commerce.Totals


@dataclass(frozen=True)
class Decision:
    """What counts now for a purpose on a channel."""

    purpose: str
    channel: str
    is_granted: bool
    decided_at: datetime


@dataclass(frozen=True)
class Reached:
    """What a campaign or a journey did with a customer: a touch with its reason, or being held out.

    journey: its slug; empty for a campaign, which campaign_id names.
    """

    campaign_id: int
    journey: str
    name: str
    channel: str
    state: str
    label: str
    reason: str
    at: datetime | None


def rows(customers: Sequence[Customer], currency: str) -> list[Row]:
    """The lines of a page of customers: three reads, however many."""
    ids = [customer.pk for customer in customers]
    reach, tags, bought = addresses(ids, list(STRENGTH)), tags_of(ids), commerce.totals(ids, currency)
    return [
        Row(customer, reach.get(customer.pk, ("", "")), tags.get(customer.pk, []), bought[customer.pk])
        for customer in customers
    ]


def identities(ids: Sequence[int]) -> list[Identity]:
    """Of one person, strongest kind first."""
    found = Identity.objects.filter(customer__in=ids).order_by("created_at", "pk")
    return sorted(found, key=lambda identity: STRENGTH[identity.kind])


def attributes(ids: Sequence[int]) -> list[AttributeValue]:
    """What is said of one person: the newest of each key, by key."""
    said = AttributeValue.objects.filter(customer__in=ids).select_related("attribute").order_by("said_at", "pk")
    newest = {value.attribute.key: value for value in said}
    return [newest[key] for key in sorted(newest)]


def moves(customer_id: int) -> list[RelationMove]:
    """How one person came to stand where they stand, newest first."""
    return list(RelationMove.objects.filter(customer=customer_id).order_by("-moved_at", "-pk")[:SHOWN])


def consents(ids: Sequence[int]) -> list[Consent]:
    """Every decision of one person, newest first."""
    return list(Consent.objects.filter(customer__in=ids).order_by("-decided_at", "-pk")[:SHOWN])


def decisions(history: Iterable[Consent]) -> list[Decision]:
    """What counts now: the newest of each channel, unless a newer one speaks for every channel."""
    newest: dict[tuple[str, str], Consent] = {}
    for said in history:
        newest.setdefault((said.purpose, said.channel), said)
    return [
        Decision(said.purpose, said.channel, said.is_granted, said.decided_at)
        for (purpose, channel), said in sorted(newest.items())
        if channel == "*" or not ((all_ := newest.get((purpose, "*"))) and all_.decided_at > said.decided_at)
    ]


def channels() -> dict[str, str]:
    """Slug → name of every channel."""
    return dict(Channel.objects.order_by("slug").values_list("slug", "name"))


def reached(ids: Sequence[int]) -> list[Reached]:
    """What campaigns and journeys did with one person, newest first; with why something was not sent (M14)."""
    held = Participant.objects.filter(customer__in=ids).exclude(arm="treated").select_related("campaign")
    apart = Enrolment.objects.filter(customer__in=ids).exclude(arm="treated").select_related("journey")
    lines = [*_touched(ids), *map(_held_out, held.order_by("-pk")[:SHOWN]), *map(_apart, apart.order_by("-pk")[:SHOWN])]
    return sorted(lines, key=lambda line: (line.at is not None, line.at or 0), reverse=True)


def _touched(ids: Sequence[int]) -> Iterator[Reached]:
    touches = Touch.objects.filter(customer__in=ids).select_related("campaign__version__journey")
    for touch in touches.order_by("-due_at", "-pk")[:SHOWN]:
        version = touch.campaign.version
        yield Reached(
            touch.campaign_id,
            version.journey.slug if version else "",
            touch.campaign.name,
            touch.channel,
            touch.state,
            touch.get_state_display(),
            reason_text(touch.state, touch.reason, touch.detail) if touch.reason else "",
            touch.sent_at or touch.due_at,
        )


def _held_out(row: Participant) -> Reached:
    held, label = row.campaign, row.get_arm_display()
    return Reached(held.pk, "", held.name, "", "held_out", label, "", held.frozen_at)


def _apart(walk: Enrolment) -> Reached:
    label = walk.get_arm_display()
    return Reached(0, walk.journey.slug, walk.journey.name, "", "held_out", label, "", walk.entered_at)


def merges(ids: Sequence[int]) -> list[Merge]:
    """The merges of one person, also those undone, newest first."""
    return list(Merge.objects.filter(Q(survivor__in=ids) | Q(absorbed__in=ids)).order_by("-merged_at", "-pk")[:SHOWN])


def doubts(ids: Sequence[int] | None = None) -> list[MergeDoubt]:
    """Pairs that wait for a decision, oldest first; of one person, or all of them."""
    waiting = MergeDoubt.objects.filter(decision="").select_related("one", "other").order_by("pk")
    if ids is not None:
        waiting = waiting.filter(Q(one__in=ids) | Q(other__in=ids))
    return list(waiting[:SHOWN])
