"""What a rule means, said a second time: one customer at a time, in plain Python, straight from its JSON."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

PAID, REFUNDED, CHANGED = "commerce.order_paid", "commerce.order_refunded", "commerce.order_changed"


@dataclass(frozen=True)
class Person:
    id: int
    into: int
    created_at: datetime
    source: str = ""
    relation: str = "none"
    identity_kinds: Sequence[str] = ()
    tags: Sequence[str] = ()
    consents: Sequence[str] = ()
    refusals: Sequence[str] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deed:
    customer_id: int
    name: str
    at: datetime
    properties: Mapping[str, object]
    amount: int = 0
    currency: str = ""


@dataclass(frozen=True)
class World:
    people: Sequence[Person]
    deeds: Sequence[Deed]
    at: datetime
    zone: str
    currency: str
    kinds: Mapping[str, str]
    segments: Mapping[str, object]  # A rule, or a list of ids.

    def answer(self, rule: dict) -> list[int]:
        return sorted(person.id for person in self.live() if Judge(self, person).holds(rule))

    def live(self) -> list[Person]:
        return [person for person in self.people if person.into == person.id]

    def survivor(self, customer_id: int) -> int:
        return next((person.into for person in self.people if person.id == customer_id), customer_id)

    def deeds_of(self, person: Person) -> list[Deed]:
        return [d for d in self.deeds if self.survivor(d.customer_id) == person.id and d.at <= self.at]

    def day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def today(self) -> date:
        return self.day(self.at)


@dataclass(frozen=True)
class Judge:
    world: World
    person: Person

    def holds(self, rule: dict) -> bool:
        key = next(k for k in KINDS if k in rule)
        return KINDS[key](self, rule)

    def _all(self, rule: dict) -> bool:
        return all(self.holds(child) for child in rule["all"])

    def _any(self, rule: dict) -> bool:
        return any(self.holds(child) for child in rule["any"])

    def _not(self, rule: dict) -> bool:
        return not self.holds(rule["not"])

    def _attribute(self, rule: dict) -> bool:
        value = self.person.attributes.get(rule["attribute"])
        ((op, wanted),) = rule["is"].items()
        if op == "is_set":
            return (value is not None) == wanted
        if value is None:
            return False
        kind = self.world.kinds[rule["attribute"]]
        if kind == "text":
            return text_fits(value, op, wanted)
        if kind == "flag":
            return value == ("true" if wanted else "false")
        if kind == "number":
            return number_fits(decimal(value), op, wanted)
        return self.day_fits(date.fromisoformat(value), op, wanted)

    def day_fits(self, day: date, op: str, wanted: object) -> bool:
        today = self.world.today()
        if op == "anniversary_days":
            return any(same_day(day, today + timedelta(days=ahead)) for ahead in range(wanted))
        if op == "in_months":
            return day.month in wanted
        return {
            "equals": lambda: day.isoformat() == wanted,
            "before": lambda: day.isoformat() < wanted,
            "after": lambda: day.isoformat() > wanted,
            "between": lambda: wanted[0] <= day.isoformat() <= wanted[1],
            "last_days": lambda: 0 <= (today - day).days < wanted,
            "next_days": lambda: 0 <= (day - today).days < wanted,
        }[op]()

    def moment_fits(self, moment: datetime, window: dict | None) -> bool:
        if window is None:
            return True
        ((op, wanted),) = window.items()
        return self.day_fits(self.world.day(moment), op, wanted)

    def _tag(self, rule: dict) -> bool:
        return any(tag in self.person.tags for tag in rule["tag"])

    def _consent(self, rule: dict) -> bool:
        own, every = f"{rule['consent']}:{rule['channel']}", f"{rule['consent']}:*"
        yes, no = self.person.consents, self.person.refusals
        said, other = (yes, no) if rule["is"] == "granted" else (no, yes)
        return own in said or (every in said and own not in other)

    def _orders(self, rule: dict) -> bool:
        facts = buyer_facts(self.world, self.person, lambda d: self.moment_fits(d.at, rule.get("within")))
        ((op, wanted),) = rule["is"].items()
        what = rule["orders"]
        if what in ("first", "last"):
            moment = facts[what]
            return moment is not None and self.moment_fits(moment, rule["is"])
        if what in ("recency", "frequency", "monetary"):
            value = self.quintile(what)
        elif what == "days_since_last":
            value = facts["last"] and (self.world.today() - self.world.day(facts["last"])).days
        else:
            value = facts[what]
        return (
            value is not None and number_fits(Decimal(value), op, wanted)
            if not isinstance(value, Share)
            else (value.fits(op, wanted))
        )

    def quintile(self, what: str) -> int | None:
        fact = {"recency": "last", "frequency": "count", "monetary": "net"}[what]
        all_facts = {p.id: buyer_facts(self.world, p, lambda d: True) for p in self.world.live()}
        buyers = {key: facts[fact] for key, facts in all_facts.items() if facts["count"]}
        if self.person.id not in buyers:
            return None
        smaller = sum(1 for value in buyers.values() if value < buyers[self.person.id])
        return 1 + 5 * smaller // len(buyers)

    def _bought(self, rule: dict) -> bool:
        return any(
            d.name == PAID
            and self.moment_fits(d.at, rule.get("within"))
            and set(rule["bought"]) & set(d.properties.get("skus", ()))
            for d in self.world.deeds_of(self.person)
        )

    def _event(self, rule: dict) -> bool:
        deeds = [d for d in self.matching(rule) if self.moment_fits(d.at, rule.get("within"))]
        if then := rule.get("then"):
            span = timedelta(days=then["within_days"])
            return any(timedelta(0) < b.at - a.at <= span for a in deeds for b in self.matching(then))
        measure = rule.get("measure", "count")
        ((op, wanted),) = rule.get("is", {"at_least": 1}).items()
        if measure == "count":
            return number_fits(Decimal(len(deeds)), op, wanted)
        if measure in ("first", "last"):
            pick = min if measure == "first" else max
            return bool(deeds) and self.moment_fits(pick(d.at for d in deeds), rule["is"])
        return amount_fits(measure, deeds, op, wanted)

    def matching(self, rule: dict) -> list[Deed]:
        return [
            d
            for d in self.world.deeds_of(self.person)
            if d.name == rule["event"] and all(property_fits(d.properties, one) for one in rule.get("where", ()))
        ]

    def _segment(self, rule: dict) -> bool:
        inside = self.world.segments[rule["segment"]]
        if isinstance(inside, dict):
            return self.holds(inside)
        return self.person.id in {self.world.survivor(one) for one in inside}


KINDS: dict[str, Callable[[Judge, dict], bool]] = {
    "all": Judge._all,
    "any": Judge._any,
    "not": Judge._not,
    "attribute": Judge._attribute,
    "tag": Judge._tag,
    "source": lambda judge, rule: judge.person.source in rule["source"],
    "relation": lambda judge, rule: judge.person.relation in rule["relation"],
    "consent": Judge._consent,
    "identity": lambda judge, rule: bool(set(rule["identity"]) & set(judge.person.identity_kinds)),
    "created": lambda judge, rule: judge.moment_fits(judge.person.created_at, rule["created"]),
    "orders": Judge._orders,
    "bought": Judge._bought,
    "event": Judge._event,
    "segment": Judge._segment,
}


@dataclass(frozen=True)
class Share:
    """A fraction, compared without dividing."""

    whole: Decimal
    parts: int

    def fits(self, op: str, wanted: object) -> bool:
        times = (
            (lambda v: [Decimal(str(x)) * self.parts for x in v])
            if isinstance(wanted, list)
            else (lambda v: Decimal(str(v)) * self.parts)
        )
        return number_fits(self.whole, op, times(wanted))


def buyer_facts(world: World, person: Person, counts: Callable[[Deed], bool]) -> dict:
    deeds = [d for d in world.deeds_of(person) if counts(d)]
    paid = [d for d in deeds if d.name == PAID]
    own = [d for d in paid if d.currency == world.currency]
    back = [d for d in deeds if d.name == REFUNDED and d.currency == world.currency]
    changed = [d for d in deeds if d.name == CHANGED and d.currency == world.currency]
    net = Decimal(sum(d.amount for d in [*own, *changed]) - sum(d.amount for d in back)) / 100
    return {
        "count": len(paid),
        "net": net,
        "average": Share(net, len(own)) if own else None,
        "first": min((d.at for d in paid), default=None),
        "last": max((d.at for d in paid), default=None),
    }


def text_fits(value: str, op: str, wanted: object) -> bool:
    return {
        "equals": lambda: value == wanted,
        "in": lambda: value in wanted,
        "contains": lambda: wanted in value,
        "starts": lambda: value.startswith(wanted),
    }[op]()


def number_fits(value: Decimal | None, op: str, wanted: object) -> bool:
    if value is None:
        return False
    if isinstance(wanted, list):
        ends = [Decimal(str(one)) for one in wanted]
        return value in ends if op == "in" else ends[0] <= value <= ends[1]
    limit = Decimal(str(wanted))
    return {
        "equals": value == limit,
        "greater": value > limit,
        "at_least": value >= limit,
        "less": value < limit,
        "at_most": value <= limit,
    }[op]


def decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text).quantize(Decimal("0.000001"), ROUND_DOWN)
    except InvalidOperation:
        return None


def property_fits(properties: Mapping[str, object], one: dict) -> bool:
    value = properties.get(one["property"])
    ((op, wanted),) = one["is"].items()
    if op == "is_set":
        return (value is not None) == wanted
    first = wanted[0] if isinstance(wanted, list) else wanted
    if isinstance(first, bool):
        return isinstance(value, bool) and value == wanted
    if isinstance(first, str):
        return isinstance(value, str) and text_fits(value, op, wanted)
    return is_number(value) and number_fits(Decimal(str(value)), op, wanted)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def amount_fits(measure: dict, deeds: Iterable[Deed], op: str, wanted: object) -> bool:
    ((how, key),) = measure.items()
    amounts = [Decimal(str(v)) for d in deeds if is_number(v := d.properties.get(key))]
    if how == "sum":
        return number_fits(sum(amounts, Decimal(0)), op, wanted)
    return bool(amounts) and number_fits({"min": min, "max": max}[how](amounts), op, wanted)


def same_day(born: date, day: date) -> bool:
    leap = (day + timedelta(days=1)).day != 1 or day.month != 2  # Not the last day of February.
    return (born.month, born.day) == (day.month, day.day) or (
        (born.month, born.day) == (2, 29) and not leap and day.day == 28
    )


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
