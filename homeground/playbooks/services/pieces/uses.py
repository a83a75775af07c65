"""What journeys stand on: they name segments, messages and each other in their graphs, where no foreign key does."""

from collections.abc import Iterator
from typing import Any

from homeground.journeys.models import Journey, Version
from homeground.playbooks.pack.wording import segments_named


def segments_in_journeys() -> set[str]:
    """Slugs of segments that any journey names, in its draft or a published version."""
    return {slug for graph in _graphs() for slug in segments_named(graph)}


def messages_in_journeys() -> set[int]:
    """Ids of messages that any journey sends."""
    return {step["message"] for step in _steps("message") if "message" in step}


def coupons_in_journeys() -> set[int]:
    """Ids of kinds of coupons that any journey gives."""
    return {step["coupon"] for step in _steps("coupon") if "coupon" in step}


def journeys_handed_over_to(besides: int) -> set[str]:
    """Slugs of journeys that other journeys hand over to."""
    return {step["journey"] for step in _steps("handover", besides) if "journey" in step}


def _steps(kind: str, besides: int = 0) -> Iterator[dict[str, Any]]:
    for graph in _graphs(besides):
        nodes = graph.get("nodes")
        for step in nodes.values() if isinstance(nodes, dict) else []:  # A draft may be anything.
            if isinstance(step, dict) and step.get("kind") == kind:
                yield step


def _graphs(besides: int = 0) -> Iterator[dict[str, Any]]:
    yield from Journey.objects.exclude(pk=besides).values_list("draft", flat=True)
    yield from Version.objects.exclude(journey=besides).values_list("graph", flat=True)
