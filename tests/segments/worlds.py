"""Small worlds and rules about them: few names and days, so that things meet.

Everything comes from one random.Random, whose seed hypothesis chooses: drawing thousands of choices one by one, it
repeats a few simple rules most of the time (187 different ones in 1,000 were counted; a broken compiler went unseen).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from homeground.events import warehouse
from tests.segments.naive import CHANGED, PAID, REFUNDED, Deed, Person, World

GHOST = 77  # An id of nobody whom the warehouse knows.
KINDS = {"city": "text", "age": "number", "birthday": "date", "vip": "flag"}
TEXTS = ["5", "上海", "上海市", "海", "it's", 'back\\slash "q"', "%_", "tab\tline\n"]
NUMBERS = [0, 1, 2, -1, 0.1, 0.3, 5, 19.99, 100]
SKUS, TAGS, NAMES = ["A1", "B2", "C3"], ["高客单", "母婴", "o'tag"], ["viewed", "shared", PAID]
ZONES = ["Asia/Shanghai", "Europe/London", "America/New_York", "Asia/Kathmandu"]
CHANNELS, PURPOSES = ["phone", "email"], ["promotion", "service"]
DECISIONS = [f"{purpose}:{channel}" for purpose in PURPOSES for channel in [*CHANNELS, "*"]]
# Clocks change on 31 March 2024 in London and on 3 November in New York; 2024 has a 29 February.
MIDDLES = [date(2024, 3, 1), date(2024, 2, 28), date(2023, 2, 28), date(2024, 3, 31), date(2024, 11, 3)]
STEPS = [0, 0, 1, -1, 60_000, 3_600_000, -3_600_000, 43_200_000]  # Milliseconds around midnight.
RULED = {"buyers": {"orders": "count", "is": {"at_least": 1}}, "rest": {"not": {"segment": "buyers"}}}


@dataclass(frozen=True)
class Maker:
    """Makes one world, and rules that fit it."""

    random: Random
    zone: str
    middle: date

    def world(self) -> World:
        ids = list(range(1, self.random.randint(2, 10)))
        roots = self.some(ids, len(ids))
        people = [self.person(one, one if one in roots else self.random.choice(roots)) for one in ids]
        deeds = [self.deed(ids) for _ in range(self.random.randint(0, 40))]
        segments = {"listed": self.subset(ids), **RULED}
        return World(people, deeds, self.moment(), self.zone, "CNY", KINDS, segments)

    def rule(self, depth: int = 3) -> dict[str, Any]:
        kind = self.random.choice(["all", "any", "not", "leaf", "leaf", "leaf"]) if depth else "leaf"
        if kind == "leaf":
            return self.random.choice([self.attribute, self.profile, self.orders, self.event])()
        if kind == "not":
            return {"not": self.rule(depth - 1)}
        return {kind: [self.rule(depth - 1) for _ in range(self.random.choice([0, 1, 2, 2, 3, 3]))]}

    def subset(self, values: list[Any]) -> list[Any]:
        return self.random.sample(values, self.random.randint(0, min(3, len(values))))

    def some(self, values: list[Any], most: int = 2) -> list[Any]:
        return self.random.sample(values, self.random.randint(1, most))

    def date(self) -> date:
        return self.middle + timedelta(days=self.random.randint(-9, 9))

    def day(self) -> str:
        return self.date().isoformat()

    def moment(self) -> datetime:
        day = self.date()
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        return midnight + timedelta(milliseconds=self.random.choice(STEPS))

    def person(self, one: int, into: int) -> Person:
        given = {
            "city": self.random.choice(TEXTS),
            "age": self.random.choice([*map(str, NUMBERS), "12.3456789", "1200"]),
            "birthday": self.random.choice([self.day(), self.day(), "1950-02-28", "1988-02-29", "2024-03-01"]),
            "vip": self.random.choice(["true", "false"]),
        }
        return Person(
            id=one,
            into=into,
            created_at=self.moment(),
            source=self.random.choice(["", "poster", "老客"]),
            relation=self.random.choice(["none", "one_way", "two_way"]),
            identity_kinds=self.subset(["phone", "email", "openid"]),
            tags=self.subset(TAGS),
            consents=self.subset(DECISIONS),
            refusals=self.subset(DECISIONS),
            attributes={key: value for key, value in given.items() if self.random.random() < 0.7},
        )

    def deed(self, ids: list[int]) -> Deed:
        who = self.random.choice([*ids, 0, GHOST]) if self.random.random() < 0.2 else self.random.choice(ids)
        if self.random.random() < 0.5:
            values = [*TEXTS, *NUMBERS, *NUMBERS, True, False, None, ["上海"], "5"]
            properties = {key: self.random.choice(values) for key in self.subset(["page", "n"])}
            return Deed(who, self.random.choice(NAMES[:2]), self.moment(), properties)
        name, amount = self.random.choice([PAID, PAID, REFUNDED, CHANGED]), self.random.choice([0, 1, 100, 1999, 5000])
        currency = self.random.choice(["CNY", "CNY", "USD"])
        properties = {"skus": sorted(self.subset(SKUS)), "amount_minor": amount, "currency": currency}
        return Deed(who, name, self.moment(), properties, amount, currency)

    def numbers(self, values: list[Any] = NUMBERS) -> dict[str, Any]:
        op = self.random.choice(["equals", "greater", "at_least", "less", "at_most", "between", "in"])
        if op == "between":
            return {op: sorted(self.random.choices(values, k=2))}
        return {op: self.some(values) if op == "in" else self.random.choice(values)}

    def texts(self) -> dict[str, Any]:
        op = self.random.choice(["equals", "contains", "starts", "in"])
        return {op: self.some(TEXTS) if op == "in" else self.random.choice(TEXTS)}

    def window(self) -> dict[str, Any]:
        op = self.random.choice(["before", "after", "between", "last_days", "last_days"])
        if op == "between":
            return {op: sorted([self.day(), self.day()])}
        return {op: self.random.randint(1, 12) if op == "last_days" else self.day()}

    def days(self) -> dict[str, Any]:
        more = [{"equals": self.day()}, {"next_days": self.random.randint(1, 12)}]
        return self.random.choice([self.window(), self.window(), *more])

    def is_set(self) -> dict[str, bool]:
        return {"is_set": self.random.random() < 0.5}

    def flag(self) -> dict[str, bool]:
        return {"equals": self.random.random() < 0.5}

    def anniversary(self) -> dict[str, int]:
        return {"anniversary_days": self.random.choice([1, 2, 3, 9, 365, 366])}

    def months(self) -> dict[str, list[int]]:
        return {"in_months": self.random.sample(range(1, 13), 4)}

    def within(self) -> dict[str, Any]:
        return {"within": self.window()} if self.random.random() < 0.5 else {}

    def attribute(self) -> dict[str, Any]:
        tests: dict[str, list[Callable[[], dict[str, Any]]]] = {
            "city": [self.texts],
            "age": [lambda: self.numbers([*NUMBERS, 12.345678])],
            "birthday": [self.days, self.anniversary, self.months],
            "vip": [self.flag],
        }
        key = self.random.choice(list(tests))
        return {"attribute": key, "is": self.random.choice([*tests[key], *tests[key], self.is_set])()}

    def profile(self) -> dict[str, Any]:
        decision = self.random.choice(["granted", "refused"])
        purpose, channel = self.random.choice(PURPOSES), self.random.choice(CHANNELS)
        return self.random.choice(
            [
                {"tag": self.some(TAGS)},
                {"source": self.some(["poster", "老客", "none"])},
                {"relation": self.some(["none", "one_way", "two_way"])},
                {"identity": self.some(["phone", "openid"])},
                {"created": self.window()},
                {"consent": purpose, "channel": channel, "is": decision},
                {"segment": self.random.choice(["listed", "buyers", "rest"])},
            ]
        )

    def orders(self) -> dict[str, Any]:
        counts, amounts = [0, 1, 2, 3, 5, 1.5, -1], [0, 19.99, 50, 0.01, 10, -1, 29.99, 1]
        return self.random.choice(
            [
                lambda: {"orders": "count", "is": self.numbers(counts)} | self.within(),
                lambda: {"orders": "days_since_last", "is": self.numbers(counts)} | self.within(),
                lambda: {"orders": self.random.choice(["net", "average"]), "is": self.numbers(amounts)} | self.within(),
                lambda: {"orders": self.random.choice(["first", "last"]), "is": self.days()} | self.within(),
                lambda: {"orders": self.random.choice(QUINTILES), "is": self.numbers([1, 2, 3, 4, 5])},
                lambda: {"bought": self.some(SKUS)} | self.within(),
            ]
        )()

    def where(self) -> list[dict[str, Any]]:
        tests = [self.numbers, self.texts, self.is_set, self.flag]
        keys = self.random.choices(["page", "n"], k=self.random.choice([0, 0, 1, 1, 2]))
        return [{"property": key, "is": self.random.choice(tests)()} for key in keys]

    def event(self) -> dict[str, Any]:
        rule = {"event": self.random.choice(NAMES), "where": self.where()} | self.within()
        how, key = self.random.choice(["sum", "min", "max"]), self.random.choice(["n", "amount_minor"])
        second = {"event": self.random.choice(NAMES), "where": self.where(), "within_days": self.random.randint(1, 4)}
        return rule | self.random.choice(
            [
                {},
                {"is": self.numbers([0, 1, 2, 3])},
                {"measure": {how: key}, "is": self.numbers()},
                {"measure": self.random.choice(["first", "last"]), "is": self.days()},
                {"then": second},
            ]
        )


QUINTILES = ["recency", "frequency", "monetary"]


def maker(seed: int) -> Maker:
    random = Random(seed)
    return Maker(random, random.choice(ZONES), random.choice(MIDDLES))


def write(world: World, segment_id: int) -> None:
    """Put a world into the warehouse."""
    for table in ("events", "customers", "segment_members"):
        warehouse.run(f"TRUNCATE TABLE events.{table}")
    people = [person_row(person) for person in world.people]
    warehouse.insert("customers", PERSON_COLUMNS, people)
    if world.deeds:
        warehouse.insert("events", DEED_COLUMNS, [deed_row(at, one) for at, one in enumerate(world.deeds)])
    if listed := world.segments["listed"]:
        rows = [(segment_id, 1, one) for one in listed] + [(segment_id, 2, 1), (segment_id + 1, 1, 2)]
        warehouse.insert("segment_members", ["segment_id", "generation", "customer_id"], rows)


PERSON_COLUMNS = [
    *("customer_id", "into_id", "created_at", "source", "relation", "identity_kinds", "tags", "consents", "refusals"),
    *("attributes", "version", "is_deleted"),
]
DEED_COLUMNS = [
    *("id", "name", "customer_id", "happened_at", "received_at", "source", "amount", "currency", "identities"),
    "properties",
]


def person_row(person: Person) -> tuple:
    lists = (list(person.identity_kinds), list(person.tags), list(person.consents), list(person.refusals))
    attributes = dict(person.attributes)
    return (person.id, person.into, person.created_at, person.source, person.relation, *lists, attributes, 1, 0)


def deed_row(at: int, one: Deed) -> tuple:
    text = json.dumps(one.properties, ensure_ascii=False)
    return (at + 1, one.name, one.customer_id, one.at, one.at, "test", one.amount, one.currency, "[]", text)
