"""What a graph may name, from the rows of this moment; and what it is called on screen."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from homeground.channels.kinds import KINDS
from homeground.channels.models import Channel
from homeground.content.models import Message
from homeground.content.services import refuse_unfit
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.growth.models import Door
from homeground.journeys.graph.known import Known, KnownChannel, KnownCoupon, KnownDoor, KnownJourney, KnownMessage
from homeground.journeys.graph.nodes import (
    Branch,
    GiveCoupon,
    Graph,
    HandOver,
    InviteToGroup,
    SendMessage,
)
from homeground.journeys.graph.parse import parse
from homeground.journeys.graph.parts import Enters
from homeground.journeys.graph.routes import handed_over_at_once
from homeground.journeys.graph.ways_in import ByDate, ByHand, BySchedule, BySegment
from homeground.journeys.graph.words import Labels
from homeground.journeys.models import Enrolment, Journey, Version, WebhookSettings
from homeground.loyalty.models import CouponKind
from homeground.loyalty.queries.coupons import refusal_words, stopped
from homeground.segments import queries as segments
from homeground.segments.rules.nodes import All, InSegment, Node


def known_to(graph: Graph) -> Known:
    """What this graph is read against: a query a kind of thing, however much it names."""
    return Known(
        dictionary=segments.dictionary_for(All(all=list(_rules(graph)))),
        messages=_messages({step.message for step in graph.nodes.values() if isinstance(step, SendMessage)}),
        channels={
            channel.slug: KnownChannel(channel.title, channel.kind, channel.is_enabled, channel.kind in KINDS)
            for channel in Channel.objects.all()
        },
        doors=_doors({step.door for step in graph.nodes.values() if isinstance(step, InviteToGroup)}),
        coupons=_coupons({step.coupon for step in graph.nodes.values() if isinstance(step, GiveCoupon)}),
        journeys=_journeys({step.journey for step in graph.nodes.values() if isinstance(step, HandOver)}),
        private_hosts=_private_hosts(),
    )


def labels() -> Labels:
    """What sentences about graphs call things."""
    return Labels(
        rules=segments.labels(),
        messages=dict(Message.objects.values_list("pk", "name")),
        channels={channel.slug: channel.title for channel in Channel.objects.all()},
        doors=dict(Door.objects.values_list("pk", "name")),
        coupons=dict(CouponKind.objects.values_list("pk", "name")),
        journeys=dict(Journey.objects.values_list("slug", "name")),
    )


def segment_users(slugs: Collection[str]) -> Iterable[tuple[str, segments.User]]:
    """Journeys that are not over and stand on these segments: by their live graph, or one on which somebody walks."""
    walkers = Enrolment.objects.filter(version=OuterRef("pk"), state=Enrolment.State.WALKING)
    versions = Version.objects.exclude(journey__state=Journey.State.ENDED)
    versions = versions.filter(Q(pk=F("journey__live")) | Exists(walkers)).order_by("journey", "pk")
    used = ((slug, name) for name, graph in versions.values_list("journey__name", "graph") for slug in _named_in(graph))
    for slug, name in dict.fromkeys(used):
        if slug in slugs:
            yield slug, segments.User(str(Journey._meta.verbose_name), name)


def _named_in(document: Any) -> Iterable[str]:
    """The segments that a published graph names: whatever part has one, has it under this key."""
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and isinstance(part.get("segment"), str):
            yield part["segment"]
        waiting += part.values() if isinstance(part, dict) else part if isinstance(part, list) else []


def _rules(graph: Graph) -> Iterable[Node]:
    """Every rule in it; a segment that is named stands as a rule of its own."""
    signs = [sign for sign in (graph.goal, *graph.exits) if isinstance(sign, Enters)]
    entries = [entry for entry in graph.entries if isinstance(entry, BySegment | ByDate | BySchedule)]
    for named in (*entries, *signs):
        if named.segment is not None:
            yield InSegment(segment=named.segment)
    for step in graph.nodes.values():
        if isinstance(step, Branch):
            yield from (way.rule for way in step.ways)


def _messages(ids: set[int]) -> dict[int, KnownMessage]:
    return {
        one.pk: KnownMessage(one.name, one.channel_kind, one.is_promotion, _refusal(one))
        for one in Message.objects.filter(pk__in=ids)
    }


def _refusal(message: Message) -> str:
    try:
        refuse_unfit(message)
    except BusinessError as refusal:
        return str(refusal)
    return ""


def _private_hosts() -> frozenset[str]:
    settings = WebhookSettings.objects.first()
    return frozenset(settings.allowed_hosts.split()) if settings else frozenset()


def _doors(ids: set[int]) -> dict[int, KnownDoor]:
    rows = Door.objects.filter(pk__in=ids).values_list("pk", "name", "kind", "retired_at")
    return {
        pk: KnownDoor(name, kind == Door.Kind.GROUP_CODE, retired_at is not None) for pk, name, kind, retired_at in rows
    }


def _coupons(ids: set[int]) -> dict[int, KnownCoupon]:
    at = time.now()
    kinds = CouponKind.objects.filter(pk__in=ids)
    return {kind.pk: KnownCoupon(kind.name, refusal_words(why) if (why := stopped(kind, at)) else "") for kind in kinds}


def _journeys(slugs: set[str]) -> dict[str, KnownJourney]:
    """These and whatever they hand people to at once, a query a level."""
    found: dict[str, KnownJourney] = {}
    while slugs:
        rows = Journey.objects.filter(slug__in=slugs).values_list("slug", "name", "state", "live__graph")
        level = {slug: _journey(name, state, graph) for slug, name, state, graph in rows}
        found |= level
        slugs = {to for one in level.values() for to in one.hands_over} - found.keys()
    return found


def _journey(name: str, state: str, published: Any) -> KnownJourney:
    if published is None or state == Journey.State.ENDED:
        return KnownJourney(name, state)
    graph = parse(published)
    takes_by_hand = any(isinstance(entry, ByHand) for entry in graph.entries)
    return KnownJourney(name, state, takes_by_hand, handed_over_at_once(graph))
