"""Small worlds and rules about them, for hypothesis: few names and days, so that things meet."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from homeground.events import warehouse
from tests.segments.naive import PAID, REFUNDED, Deed, Person, World

KINDS = {"city": "text", "age": "number", "birthday": "date", "vip": "flag"}
TEXTS = ["上海", "上海市", "海", "it's", 'back\\slash "q"', "%_", "tab\tline\n"]
NUMBERS = [0, 1, 2, -1, 0.1, 0.3, 5, 19.99, 100]
SKUS, TAGS, NAMES = ["A1", "B2", "C3"], ["高客单", "母婴", "o'tag"], ["viewed", "shared", PAID]
ZONES = ["Asia/Shanghai", "Europe/London", "America/New_York", "Asia/Kathmandu"]
CHANNELS, PURPOSES = ["phone", "email"], ["promotion", "service"]
DECISIONS = [f"{purpose}:{channel}" for purpose in PURPOSES for channel in [*CHANNELS, "*"]]
MIDDLES = [date(2024, 3, 1), date(2024, 2, 28), date(2023, 2, 28), date(2024, 3, 31), date(2024, 11, 3)]
RULED = {"buyers": {"orders": "count", "is": {"at_least": 1}}, "rest": {"not": {"segment": "buyers"}}}


def subset(values):
    return st.lists(st.sampled_from(values), max_size=3, unique=True)


def some(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


@st.composite
def worlds(draw):
    zone = draw(st.sampled_from(ZONES))
    middle = draw(st.sampled_from(MIDDLES))
    ids = list(range(1, draw(st.integers(2, 9)) + 1))
    roots = draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    moments = edges(middle, zone)
    people = [draw(persons(one, one if one in roots else draw(st.sampled_from(roots)), moments)) for one in ids]
    deeds = draw(st.lists(deed(ids, moments), max_size=40))
    return World(people, deeds, draw(moments), zone, "CNY", KINDS, SEGMENTS(ids, draw))


def SEGMENTS(ids, draw):  # noqa: N802
    listed = draw(st.lists(st.sampled_from(ids), unique=True))
    return {
        "listed": listed,
        "buyers": {"orders": "count", "is": {"at_least": 1}},
        "rest": {"not": {"segment": "buyers"}},
    }


def edges(middle, zone):
    """Moments near the edges of the zone's days around the middle one."""
    day = st.integers(-8, 8).map(lambda days: middle + timedelta(days=days))
    midnight = day.map(lambda d: datetime(d.year, d.month, d.day, tzinfo=ZoneInfo(zone)).astimezone(UTC))
    step = st.sampled_from([0, 0, 1, -1, 60_000, 3_600_000, -3_600_000, 43_200_000])
    return st.builds(lambda m, ms: m + timedelta(milliseconds=ms), midnight, step)


def days_near():
    return st.builds(lambda m, n: (m + timedelta(days=n)).isoformat(), st.sampled_from(MIDDLES), st.integers(-9, 9))


def persons(one, into, moments):
    attributes = st.fixed_dictionaries(
        {},
        optional={
            "city": st.sampled_from(TEXTS),
            "age": st.sampled_from([*map(str, NUMBERS), "12.3456789", "1200"]),
            "birthday": st.one_of(days_near(), st.sampled_from(["1950-02-28", "1988-02-29", "2024-03-01"])),
            "vip": st.sampled_from(["true", "false"]),
        },
    )
    return st.builds(
        Person,
        id=st.just(one),
        into=st.just(into),
        created_at=moments,
        source=st.sampled_from(["", "poster", "老客"]),
        relation=st.sampled_from(["none", "one_way", "two_way"]),
        identity_kinds=subset(["phone", "email", "openid"]),
        tags=subset(TAGS),
        consents=subset(DECISIONS),
        refusals=subset(DECISIONS),
        attributes=attributes,
    )


def deed(ids, moments):
    free = st.dictionaries(
        st.sampled_from(["page", "n"]),
        st.one_of(st.sampled_from(TEXTS), st.sampled_from(NUMBERS), st.booleans(), st.none(), st.just(["上海"])),
        max_size=2,
    )
    who = st.sampled_from([*ids, 0, 77])
    plain = st.builds(Deed, who, st.sampled_from(NAMES[:2]), moments, free)
    money = st.sampled_from([0, 1, 100, 1999, 5000])
    order = st.builds(
        lambda who, name, at, skus, amount, currency: Deed(
            who, name, at, {"skus": sorted(skus), "amount_minor": amount, "currency": currency}, amount, currency
        ),
        who,
        st.sampled_from([PAID, PAID, REFUNDED]),
        moments,
        subset(SKUS),
        money,
        st.sampled_from(["CNY", "CNY", "USD"]),
    )
    return st.one_of(plain, order)


def number_tests(values=NUMBERS):
    one = st.sampled_from(values)
    pair = st.lists(one, min_size=2, max_size=2).map(sorted)
    single = st.sampled_from(["equals", "greater", "at_least", "less", "at_most"])
    return st.one_of(
        st.builds(lambda op, value: {op: value}, single, one),
        pair.map(lambda ends: {"between": ends}),
        some(values).map(lambda found: {"in": found}),
    )


def text_tests():
    single = st.sampled_from(["equals", "contains", "starts"])
    return st.one_of(
        st.builds(lambda op, value: {op: value}, single, st.sampled_from(TEXTS)),
        some(TEXTS).map(lambda found: {"in": found}),
    )


def windows():
    pair = st.lists(days_near(), min_size=2, max_size=2).map(sorted)
    return st.one_of(
        days_near().map(lambda day: {"before": day}),
        days_near().map(lambda day: {"after": day}),
        pair.map(lambda ends: {"between": ends}),
        st.integers(1, 12).map(lambda n: {"last_days": n}),
    )


def day_tests():
    return st.one_of(
        windows(),
        days_near().map(lambda day: {"equals": day}),
        st.integers(1, 12).map(lambda n: {"next_days": n}),
    )


def is_set():
    return st.booleans().map(lambda flag: {"is_set": flag})


def with_window(condition):
    return st.builds(lambda c, w: {**c, "within": w} if w else c, condition, st.one_of(st.none(), windows()))


def attributes():
    birthday = st.integers(1, 366).map(lambda n: {"anniversary_days": n})
    near = st.integers(1, 9).map(lambda n: {"anniversary_days": n})
    tests = {
        "city": st.one_of(text_tests(), is_set()),
        "age": st.one_of(number_tests([*NUMBERS, 12.345678]), is_set()),
        "birthday": st.one_of(day_tests(), birthday, near, is_set()),
        "vip": st.one_of(st.booleans().map(lambda flag: {"equals": flag}), is_set()),
    }
    return st.one_of(*(test.map(lambda found, key=key: {"attribute": key, "is": found}) for key, test in tests.items()))


def orders():
    def fact(names, tests):
        return st.builds(lambda name, test: {"orders": name, "is": test}, st.sampled_from(names), tests)

    return st.one_of(
        with_window(fact(["count", "days_since_last"], number_tests([0, 1, 2, 3, 5, 1.5, -1]))),
        with_window(fact(["net", "average"], number_tests([0, 19.99, 50, 0.01, 10, -1, 29.99]))),
        with_window(fact(["first", "last"], day_tests())),
        fact(["recency", "frequency", "monetary"], number_tests([1, 2, 3, 4, 5])),
        with_window(some(SKUS).map(lambda found: {"bought": found})),
    )


def where():
    test = st.one_of(number_tests(), text_tests(), is_set(), st.booleans().map(lambda flag: {"equals": flag}))
    one = st.builds(lambda key, found: {"property": key, "is": found}, st.sampled_from(["page", "n"]), test)
    return st.lists(one, max_size=2)


@st.composite
def events(draw):
    rule = {"event": draw(st.sampled_from(NAMES)), "where": draw(where())}
    shape = draw(st.sampled_from(["did", "count", "amount", "moment", "then"]))
    if shape == "count":
        rule["is"] = draw(number_tests([0, 1, 2, 3]))
    elif shape == "amount":
        rule |= {
            "measure": {draw(st.sampled_from(["sum", "min", "max"])): draw(st.sampled_from(["n", "amount_minor"]))}
        }
        rule["is"] = draw(number_tests())
    elif shape == "moment":
        rule |= {"measure": draw(st.sampled_from(["first", "last"])), "is": draw(day_tests())}
    elif shape == "then":
        second = {"event": draw(st.sampled_from(NAMES)), "where": draw(where())}
        rule["then"] = {**second, "within_days": draw(st.integers(1, 4))}
    return rule


def profile():
    return st.one_of(
        some(TAGS).map(lambda found: {"tag": found}),
        some(["poster", "老客", "none"]).map(lambda found: {"source": found}),
        some(["none", "one_way", "two_way"]).map(lambda found: {"relation": found}),
        some(["phone", "openid"]).map(lambda found: {"identity": found}),
        windows().map(lambda found: {"created": found}),
        st.builds(
            lambda purpose, channel, said: {"consent": purpose, "channel": channel, "is": said},
            st.sampled_from(PURPOSES),
            st.sampled_from(CHANNELS),
            st.sampled_from(["granted", "refused"]),
        ),
        st.sampled_from(["listed", "buyers", "rest"]).map(lambda slug: {"segment": slug}),
    )


def rules():
    leaf = st.one_of(attributes(), profile(), orders(), with_window(events()))
    group = lambda child: st.one_of(  # noqa: E731
        st.lists(child, max_size=3).map(lambda found: {"all": found}),
        st.lists(child, max_size=3).map(lambda found: {"any": found}),
        child.map(lambda found: {"not": found}),
    )
    return st.recursive(leaf, group, max_leaves=6)


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
