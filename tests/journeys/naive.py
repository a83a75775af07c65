"""A journey walked by hand: one customer at a time, one step at a time, no database. The engine must agree with it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeground.journeys.holdout import bucket


@dataclass
class Walk:
    """One walk, as far as it has come."""

    customer: int
    zone: str
    entered_at: datetime
    node: str | None
    arrived_at: datetime
    due_at: datetime | None = None
    woken: bool = False
    state: str = "walking"
    ending: str = ""
    path: list[tuple[str, str]] = field(default_factory=list)
    effects: list[tuple[str, int]] = field(default_factory=list)  # (node, step) of each call.


@dataclass
class Naive:
    """A journey and everybody in it."""

    journey_id: int
    graph: dict[str, Any]
    most_steps: int
    walks: list[Walk] = field(default_factory=list)
    is_paused: bool = False

    def enter(self, customer: int, zone: str, at: datetime) -> None:
        if any(walk.customer == customer and walk.state == "walking" for walk in self.walks):
            return
        walk = Walk(customer, zone, at, None, at)
        self.walks.append(walk)
        self._arrive(walk, self.graph["variants"][0]["start"], at)

    def event(self, name: str, customer: int, at: datetime) -> None:
        for walk in self.walks:
            if walk.customer == customer and walk.state == "walking":
                self._feel(walk, name, at)

    def clock(self, at: datetime) -> None:
        for walk in self.walks:
            while not self.is_paused and walk.state == "walking" and walk.due_at <= at:
                self._step(walk, at)

    def _feel(self, walk: Walk, name: str, at: datetime) -> None:
        for ending, sign in (("goal", self.graph["goal"]), *(("exit", one) for one in self.graph["exits"])):
            if sign and sign["event"] == name and at > walk.entered_at:
                walk.state, walk.ending, walk.due_at = "ended", ending, None
                return
        step = self.graph["nodes"][walk.node]
        waits = step["kind"] == "wait_event" and step["event"] == name and not walk.woken
        if waits and walk.arrived_at <= at < walk.due_at:
            walk.woken, walk.due_at = True, min(walk.due_at, at)

    def _step(self, walk: Walk, at: datetime) -> None:
        if len(walk.path) >= self.most_steps:
            walk.state, walk.ending, walk.due_at = "ended", "too_many_steps", None
            return
        node, step = walk.node, self.graph["nodes"][walk.node]
        way, to = self._way(walk, step)
        walk.path.append((node, way))
        if step["kind"] == "webhook":
            walk.effects.append((node, len(walk.path)))
        if to is None:
            walk.state, walk.ending, walk.node, walk.due_at = "ended", "finished", "", None
        else:
            self._arrive(walk, to, at)

    def _way(self, walk: Walk, step: dict[str, Any]) -> tuple[str, str | None]:
        if step["kind"] == "wait_event":
            return ("next", step["next"]) if walk.woken else ("otherwise", step["otherwise"])
        if step["kind"] == "branch":
            held = [way for way in step["ways"] if is_meant(way["rule"], walk.customer)]
            return (held[0]["name"], held[0]["next"]) if held else ("otherwise", step["otherwise"])
        if step["kind"] == "split":
            place, end = bucket(f"journey:{self.journey_id}:{walk.node}", str(walk.customer)), 0
            for way in step["ways"]:
                end += way["share_bp"]
                if place < end:
                    return way["name"], way["next"]
        return "next", step["next"]

    def _arrive(self, walk: Walk, node: str, at: datetime) -> None:
        walk.node, walk.arrived_at, walk.woken = node, at, False
        walk.due_at = _due(self.graph["nodes"][node], at, walk.zone)


def is_meant(rule: Any, customer: int) -> bool:
    """What the tests' rules say: {"tag": ["3"]} holds for every third customer."""
    return customer % int(rule["tag"][0]) == 0


def _due(step: dict[str, Any], at: datetime, zone: str) -> datetime:
    span = step.get("span") or step.get("at_most")
    if span:
        local = at.astimezone(ZoneInfo(zone))
        days = (local + timedelta(days=span.get("days", 0))).astimezone(UTC) if span.get("days") else at
        return days + timedelta(hours=span.get("hours", 0))
    if step["kind"] == "wait_until":
        hour, minute = map(int, step["time"].split(":"))
        day = at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        while True:
            found = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)
            if found > at:
                return found
            day += timedelta(days=1)
    return at
