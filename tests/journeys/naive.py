"""A journey walked by hand: one customer at a time, one step at a time, no database. The engine must agree with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeground.journeys.holdout import bucket

WAITS = ("wait", "wait_until", "wait_event", "wait_date")


@dataclass
class Walk:
    """One walk, as far as it has come."""

    customer: int
    key: str
    version: int
    graph: dict[str, Any]
    entered_at: datetime
    node: str = ""
    arrived_at: datetime | None = None
    due_at: datetime | None = None
    woken: bool = False
    state: str = "walking"
    ending: str = ""
    path: list[tuple[str, str]] = field(default_factory=list)
    effects: list[tuple[str, int]] = field(default_factory=list)  # (node, step) of each call.
    given: list[int] = field(default_factory=list)  # The steps that gave points.

    @property
    def is_inside(self) -> bool:
        return self.state == "walking"

    @property
    def step(self) -> dict[str, Any]:
        found: dict[str, Any] = self.graph["nodes"][self.node]
        return found

    def end(self, ending: str) -> None:
        self.state, self.ending, self.due_at = "ended", ending, None


@dataclass
class People:
    """Who is who, where they live, and which date was said of whom when."""

    zones: Mapping[int, str]
    into: dict[int, int] = field(default_factory=dict)
    said: list[tuple[datetime, int, date]] = field(default_factory=list)

    def root(self, customer: int) -> int:
        return self.into.get(customer, customer)

    def zone(self, customer: int) -> str:
        return self.zones[self.root(customer)]

    def day(self, customer: int) -> date | None:
        root = self.root(customer)
        said = [(at, day) for at, who, day in self.said if self.root(who) == root]
        return max(said)[1] if said else None

    def merge(self, one: int, other: int) -> None:
        one, other = self.root(one), self.root(other)
        self.into |= {who: other for who in self.zones if self.root(who) == one and who != other}


@dataclass
class Naive:
    """A journey and everybody in it."""

    journey_id: int
    graph: dict[str, Any]
    most_steps: int
    people: People
    walks: list[Walk] = field(default_factory=list)
    number: int = 1
    is_paused: bool = False

    def enter(self, customer: int, key: str, at: datetime) -> None:
        root, again = self.people.root(customer), self.graph["again"]
        walks = [walk for walk in self.walks if self.people.root(walk.customer) == root]
        same = [walk for walk in walks if walk.key == key]
        if any(walk.is_inside for walk in same) or sum(walk.is_inside for walk in walks) >= again["at_once"]:
            return
        if same and again["when"] == "never":
            return
        newest = max((walk.entered_at for walk in same), default=None)
        if newest and again["when"] == "after_days" and at < newest + timedelta(days=again["days"]):
            return
        walk = Walk(root, key, self.number, self.graph, at)
        self.walks.append(walk)
        self._arrive(walk, self.graph["variants"][0]["start"], at)

    def event(self, name: str, customer: int, happened_at: datetime, at: datetime) -> None:
        for walk in self.walks:
            if walk.is_inside and self.people.root(walk.customer) == self.people.root(customer):
                self._feel(walk, name, happened_at, at)

    def clock(self, at: datetime) -> None:
        for walk in self.walks:
            while not self.is_paused and walk.due_at is not None and walk.due_at <= at:
                self._step(walk, at)

    def look(self, at: datetime) -> None:
        """Dates may have moved."""
        for walk in self.walks:
            if walk.is_inside and walk.step["kind"] == "wait_date":
                walk.due_at = max(at, self._due(walk))

    def merge(self, one: int, other: int) -> None:
        self.people.merge(one, other)
        seen = set()
        for walk in sorted((walk for walk in self.walks if walk.is_inside), key=lambda walk: walk.entered_at):
            person = (self.people.root(walk.customer), walk.key)
            if person in seen:
                walk.end("same_person")
            seen.add(person)

    def publish(self, graph: dict[str, Any], succession: str, node_map: Mapping[str, str], at: datetime) -> None:
        self.graph, self.number = graph, self.number + 1
        for walk in self.walks:
            if not walk.is_inside or succession == "finish":
                continue
            if succession == "leave" or walk.node not in node_map:
                walk.end("new_version")
            else:
                self._move(walk, node_map[walk.node], at)

    def _move(self, walk: Walk, to: str, at: datetime) -> None:
        before, after = walk.step, self.graph["nodes"][to]
        stays = before["kind"] == after["kind"] and before["kind"] in WAITS
        walk.woken = walk.woken and stays and before["event"] == after["event"]
        walk.version, walk.graph, walk.node = self.number, self.graph, to
        walk.arrived_at = walk.arrived_at if stays else at
        walk.due_at = at if walk.woken else max(at, self._due(walk))

    def _feel(self, walk: Walk, name: str, happened_at: datetime, at: datetime) -> None:
        for ending, sign in (("goal", walk.graph["goal"]), *(("exit", one) for one in walk.graph["exits"])):
            if sign and sign["event"] == name and happened_at > walk.entered_at:
                walk.end(ending)
                return
        assert walk.arrived_at
        assert walk.due_at
        waits = walk.step["kind"] == "wait_event" and walk.step["event"] == name and not walk.woken
        if waits and walk.arrived_at <= happened_at < walk.due_at:
            walk.woken, walk.due_at = True, min(walk.due_at, at)

    def _step(self, walk: Walk, at: datetime) -> None:
        if len(walk.path) >= self.most_steps:
            walk.end("too_many_steps")
            return
        if walk.step["kind"] == "wait_date" and (due := self._coming(walk)) is not None and due > at:
            walk.due_at = due
            return
        node, (way, to) = walk.node, self._way(walk)
        walk.path.append((node, way))
        if walk.step["kind"] == "webhook":
            walk.effects.append((node, len(walk.path)))
        if walk.step["kind"] == "points":
            walk.given.append(len(walk.path))
        if to is None:
            walk.end("finished")
            walk.node = ""
        else:
            self._arrive(walk, to, at)

    def _way(self, walk: Walk) -> tuple[str, str | None]:
        step, root = walk.step, self.people.root(walk.customer)
        if step["kind"] == "wait_event":
            return ("next", step["next"]) if walk.woken else ("otherwise", step["otherwise"])
        if step["kind"] == "wait_date":
            return ("next", step["next"]) if self._coming(walk) else ("otherwise", step["otherwise"])
        if step["kind"] == "branch":
            held = [way for way in step["ways"] if is_meant(way["rule"], root)]
            return (held[0]["name"], held[0]["next"]) if held else ("otherwise", step["otherwise"])
        if step["kind"] == "split":
            place, end = bucket(f"journey:{self.journey_id}:{walk.node}", str(root)), 0
            for way in step["ways"]:
                end += way["share_bp"]
                if place < end:
                    return way["name"], way["next"]
        return "next", step["next"]

    def _arrive(self, walk: Walk, node: str, at: datetime) -> None:
        walk.node, walk.arrived_at, walk.woken = node, at, False
        walk.due_at = self._due(walk)

    def _due(self, walk: Walk) -> datetime:
        assert walk.arrived_at
        if walk.step["kind"] == "wait_date":
            return self._coming(walk) or walk.arrived_at
        return _due(walk.step, walk.arrived_at, self.people.zone(walk.customer))

    def _coming(self, walk: Walk) -> datetime | None:
        day, zone = self.people.day(walk.customer), self.people.zone(walk.customer)
        assert walk.arrived_at
        days = _anniversaries(day) if day and walk.step["yearly"] else [day] if day else []
        moments = [_at(one - timedelta(days=walk.step["lead_days"]), 9, 30, zone) for one in days]
        return next((moment for moment in moments if moment > walk.arrived_at), None)


def is_meant(rule: Any, customer: int) -> bool:
    """What the tests' rules say: {"tag": ["3"]} holds for every third customer."""
    return customer % int(rule["tag"][0]) == 0


def _anniversaries(day: date) -> list[date]:
    is_leap_day = (day.month, day.day) == (2, 29)
    return [day.replace(year=year, day=28 if is_leap_day and year % 4 else day.day) for year in range(2024, 2030)]


def _at(day: date, hour: int, minute: int, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _due(step: dict[str, Any], at: datetime, zone: str) -> datetime:
    span = step.get("span") or step.get("at_most")
    if span:
        local = at.astimezone(ZoneInfo(zone))
        days = (local + timedelta(days=span.get("days", 0))).astimezone(UTC) if span.get("days") else at
        return days + timedelta(hours=span.get("hours", 0))
    if step["kind"] == "wait_until":
        hour, minute = map(int, step["time"].split(":"))
        day = at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        while (found := _at(day, hour, minute, zone)) <= at:
            day += timedelta(days=1)
        return found
    return at
