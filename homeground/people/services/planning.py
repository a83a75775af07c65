"""Who is who, decided for a whole batch without touching a table.

Sightings and the people they touch form a graph; its connected components are persons. A component in which strong
identities clash is settled one sighting after another (contest.py); where nothing clashes the order does not matter.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from homeground.people.identities import STRONG
from homeground.people.services.contest import Contest
from homeground.people.services.sightings import Ints, Known, Sightings, Standing

Flags = NDArray[np.bool_]


@dataclass
class Plan:
    """What is to be written. Customers that are still to be made are -1, -2 … in the order they will be made."""

    leaf: Ints  # Of each code.
    newcomers: list[int] = field(default_factory=list)  # The first sighting of each new customer.
    merges: list[tuple[int, int, int]] = field(default_factory=list)  # (survivor, absorbed, the sighting that says so)
    doubts: list[tuple[int, int, int]] = field(default_factory=list)  # (one, other, the sighting that says so)


class Graph:
    """The components of a batch: codes first, then the customers (roots) that they or their tellers name."""

    def __init__(self, sightings: Sightings, known: Known) -> None:
        from scipy.sparse import coo_matrix  # Half a second to load, at the start of every command otherwise.
        from scipy.sparse.csgraph import connected_components

        self.sightings, self.known = sightings, known
        named = np.concatenate([known.root, known.stated_root])
        self.roots = np.unique(named[named > 0])
        self.unknown = known.root == 0
        size = len(sightings.identities) + len(self.roots)
        start, end = self._edges()
        graph = coo_matrix((np.ones(len(start), dtype=np.int8), (start, end)), shape=(size, size))
        self.count, of_node = connected_components(graph, directed=False)
        self.of_code: Ints = of_node[: len(sightings.identities)].astype(np.int64)
        self.of_root: Ints = of_node[len(sightings.identities) :].astype(np.int64)

    def node_of_root(self, root: Ints) -> Ints:
        return len(self.sightings.identities) + np.searchsorted(self.roots, root).astype(np.int64)

    def component_of_sighting(self, places: Ints) -> Ints:
        return self.of_code[self.sightings.code[np.searchsorted(self.sightings.sighting, places)]]

    def _edges(self) -> tuple[Ints, Ints]:
        code, sighting, known = self.sightings.code, self.sightings.sighting, self.known
        together = sighting[1:] == sighting[:-1]
        owned = np.flatnonzero(known.root > 0)
        first = np.flatnonzero(np.append(True, ~together))[: len(code)]
        told = first[known.stated_root[sighting[first]] > 0]
        start = np.concatenate([code[:-1][together], owned, code[told]])
        end = [
            code[1:][together],
            self.node_of_root(known.root[owned]),
            self.node_of_root(known.stated_root[sighting[told]]),
        ]
        return start, np.concatenate(end)


def plan(sightings: Sightings, known: Known, standing: Callable[[Iterable[int]], Standing]) -> Plan:
    """Decide the customer of every code, and who must be made, joined or doubted.

    standing: looks up the strong kinds of roots; asked only about those that something new may be joined to.
    """
    graph = Graph(sightings, known)
    open_ = _open(graph)
    if not open_.any():
        return Plan(known.leaf)
    stand = standing(graph.roots[open_[graph.of_root]].tolist())
    contested = _contested(graph, stand) & open_
    result = Plan(known.leaf.copy())
    _place_new_codes(graph, ~contested, result)
    _join_roots(graph, ~contested & open_, result)
    if contested.any():
        _settle(graph, contested, stand, result)
    return result


def _open(graph: Graph) -> Flags:
    """Components that bring something new: an unknown identity, or two people who may be one."""
    unknown = np.bincount(graph.of_code[graph.unknown], minlength=graph.count)
    people = np.bincount(graph.of_root, minlength=graph.count)
    return (unknown > 0) | (people > 1)


def _contested(graph: Graph, standing: Standing) -> Flags:
    """Components with two values of one strong kind, or with two people whom someone keeps apart."""
    contested = np.zeros(graph.count, dtype=np.bool_)
    kinds = np.array(graph.sightings.kinds)
    for kind in sorted(STRONG):
        holders = np.bincount(graph.of_code[graph.unknown & (kinds == kind)], minlength=graph.count)
        having = [root for root, has in standing.strong.items() if kind in has]
        places = np.searchsorted(graph.roots, np.array(sorted(having), dtype=np.int64))
        contested |= holders + np.bincount(graph.of_root[places], minlength=graph.count) > 1
    for one, other in standing.apart:
        ours, theirs = graph.of_root[np.searchsorted(graph.roots, [one, other])]
        contested[ours] |= bool(ours == theirs)
    return contested


def _place_new_codes(graph: Graph, here: Flags, result: Plan) -> None:
    """An unknown identity goes to whom its sighting knows best, else to the oldest of its person, else a newcomer."""
    code, sighting = graph.sightings.code, graph.sightings.sighting
    anchor = _anchors(graph)
    hints = np.flatnonzero(graph.unknown[code] & (anchor[sighting] > 0) & here[graph.of_code[code]])
    hinted, first = np.unique(code[hints], return_index=True)
    result.leaf[hinted] = anchor[sighting[hints[first]]]
    eldest = np.zeros(graph.count, dtype=np.int64)
    components, first = np.unique(graph.of_root, return_index=True)
    eldest[components] = graph.roots[first]
    left = np.flatnonzero((result.leaf == 0) & here[graph.of_code])
    result.leaf[left] = eldest[graph.of_code[left]]
    _add_newcomers(graph, left[result.leaf[left] == 0], result)


def _add_newcomers(graph: Graph, codes: Ints, result: Plan) -> None:
    components, first, label = np.unique(graph.of_code[codes], return_index=True, return_inverse=True)
    result.leaf[codes] = -(label + 1)
    places = graph.sightings.sighting[graph.sightings.first_link[codes[first]]]
    result.newcomers = places.tolist() if len(components) else []


def _anchors(graph: Graph) -> Ints:
    """The customer whom each sighting knows best: the stated one, else the owner of its strongest known identity."""
    sighting, owner = graph.sightings.sighting, graph.known.leaf[graph.sightings.code]
    anchors = np.zeros(len(graph.sightings.all), dtype=np.int64)
    places, first = np.unique(sighting[owner > 0], return_index=True)
    anchors[places] = owner[owner > 0][first]
    return np.where(graph.known.stated > 0, graph.known.stated, anchors)


def _join_roots(graph: Graph, here: Flags, result: Plan) -> None:
    """The oldest customer of a component survives; the others are absorbed by it."""
    eldest = np.zeros(graph.count, dtype=np.int64)
    components, first = np.unique(graph.of_root, return_index=True)
    eldest[components] = graph.roots[first]
    survivor = eldest[graph.of_root]
    absorbed = np.flatnonzero(here[graph.of_root] & (survivor != graph.roots))
    if len(absorbed):
        evidence = _evidence(graph)
        result.merges = [
            (int(survivor[i]), int(graph.roots[i]), evidence[int(graph.roots[i])]) for i in absorbed.tolist()
        ]


def _evidence(graph: Graph) -> dict[int, int]:
    """For each root, the first sighting that ties it to anything else."""
    sighting, stated = graph.sightings.sighting, graph.known.stated_root
    ties = np.bincount(sighting, minlength=len(stated)) + (stated > 0)
    root = np.concatenate([graph.known.root[graph.sightings.code], stated])
    place = np.concatenate([sighting, np.arange(len(stated))])
    telling = np.flatnonzero((root > 0) & (ties[place] > 1))
    telling = telling[np.argsort(place[telling], kind="stable")]
    roots, first = np.unique(root[telling], return_index=True)
    return dict(zip(roots.tolist(), place[telling[first]].tolist(), strict=True))


def _settle(graph: Graph, contested: Flags, standing: Standing, result: Plan) -> None:
    contest = Contest(graph.sightings, graph.known, standing, len(result.newcomers))
    places = np.unique(graph.sightings.sighting)
    for place in places[contested[graph.component_of_sighting(places)]].tolist():
        contest.see(place)
    for code, leaf in contest.leaf.items():
        result.leaf[code] = leaf
    result.newcomers += contest.newcomers
    result.merges += contest.merges
    result.doubts = contest.doubts
