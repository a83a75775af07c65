"""Where a graph leads: what can be reached, and what can be reached without any wait on the way."""

from collections.abc import Callable, Iterable
from typing import Any

from homeground.journeys.graph.nodes import (
    Graph,
    HandOver,
    Wait,
    WaitForDate,
    WaitForEvent,
    WaitUntil,
    edges,
)
from homeground.journeys.graph.parts import Span

Follow = Callable[[Any], Iterable[str]]  # The nodes that a node leads to.


def is_nothing(span: Span) -> bool:
    """Whether a length of time is none."""
    return not (span.days or span.hours or span.minutes)


def starts(graph: Graph) -> list[str]:
    """Where variants begin."""
    return [variant.start for variant in graph.variants]


def reached(graph: Graph, origins: Iterable[str], follow: Follow | None = None) -> set[str]:
    """The nodes on all ways from these, themselves included; those that are not there left out."""
    follow = follow or targets
    found: set[str] = set()
    waiting = [node for node in origins if node in graph.nodes]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += [to for to in follow(graph.nodes[node]) if to in graph.nodes]
    return found


def targets(step: Any) -> list[str]:
    """The nodes that a node leads to."""
    return [to for _way, to in edges(step) if to is not None]


def hasty_targets(step: Any) -> list[str]:
    """Those to which it leads with no time passing: a date that is past is not waited for."""
    match step:
        case WaitUntil():
            return []
        case Wait():
            return targets(step) if is_nothing(step.span) else []
        case WaitForEvent():
            return targets(step) if is_nothing(step.at_most) else []
        case WaitForDate():
            return [step.otherwise] if step.otherwise else []
    return targets(step)


def circles(graph: Graph) -> list[list[str]]:
    """Each group of nodes that lead round in a circle with no time passing, in the order of the graph."""
    ahead = {node: reached(graph, hasty_targets(step), hasty_targets) for node, step in graph.nodes.items()}
    found: list[list[str]] = []
    seen: set[str] = set()
    for node in graph.nodes:
        if node in ahead[node] and node not in seen:
            circle = [other for other in graph.nodes if other in ahead[node] and node in ahead[other]]
            seen.update(circle)
            found.append(circle)
    return found


def handed_over_at_once(graph: Graph) -> frozenset[str]:
    """The journeys to which somebody may be handed over in the moment of coming in."""
    passed = reached(graph, starts(graph), hasty_targets)
    return frozenset(step.journey for node in passed if isinstance(step := graph.nodes[node], HandOver))
