"""Which steps walks took in a batch. Walks that went the same way share a trail: a number."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import orjson

from homeground.journeys.services.walking.walkers import Move


class Step(NamedTuple):
    """A node of a version, left by a way."""

    version_id: int
    node: str
    way: str
    detail: str | None  # JSON.


class Trails:
    """All trails of a batch; 0 is the empty one."""

    def __init__(self) -> None:
        self._trails: list[tuple[Step, ...]] = [()]
        self._known: dict[tuple[int, int, str, int], int] = {}
        self._moves: list[Move] = []  # Kept, so that no other takes the place of one that was seen.

    def extend(self, trail: int, version_id: int, node: str, move: Move) -> int:
        """The trail with one more step."""
        key = (trail, version_id, node, id(move))
        if (known := self._known.get(key)) is None:
            detail = orjson.dumps(move.detail).decode() if move.detail else None
            known = self._known[key] = len(self._trails)
            self._trails.append((*self._trails[trail], Step(version_id, node, move.way, detail)))
            self._moves.append(move)
        return known

    def steps(self, trail: int) -> tuple[Step, ...]:
        """The steps of a trail, in order."""
        return self._trails[trail]

    def edges(self, trails: Iterable[int]) -> Counter[tuple[int, str, str]]:
        """How many left which node of which version by which way."""
        found: Counter[tuple[int, str, str]] = Counter()
        for trail, walks in Counter(trails).items():
            for step in self._trails[trail]:
                found[step[:3]] += walks
        return found
