"""Random journeys, and what may happen to them: (hours later, action) one after the other."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

PEOPLE = 5
EVENTS = ["e0", "e1"]


def targets(count: int) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *(f"n{n}" for n in range(count))])


@st.composite
def nodes(draw: Any, count: int) -> dict[str, Any]:
    to = targets(count)
    span = st.sampled_from([{"hours": 5}, {"days": 1}, {"days": 1, "hours": 3}, {"days": 2}])
    name = {"name": "x"}
    for_event = st.builds(
        lambda n, o, e, s: {"kind": "wait_event", "event": e, "at_most": s, "next": n, "otherwise": o} | name,
        to, to, st.sampled_from(EVENTS), span,
    )  # fmt: skip
    for_date = st.builds(
        lambda n, o, lead, yearly: {
            "kind": "wait_date", "attribute": "due_on", "lead_days": lead, "yearly": yearly, "next": n, "otherwise": o,
        } | name,
        to, to, st.integers(-1, 2), st.booleans(),
    )  # fmt: skip
    kinds = st.one_of(
        for_event, for_event, for_event, for_date, for_date,
        st.builds(lambda n, s: {"kind": "wait", "span": s, "next": n} | name, to, span),
        st.builds(
            lambda n, t: {"kind": "wait_until", "time": t, "next": n} | name, to, st.sampled_from(["02:30", "09:00"])
        ),
        st.builds(lambda n: {"kind": "webhook", "url": "https://example.com/x", "next": n} | name, to),
        st.builds(lambda n: {"kind": "points", "points": 7, "reason": "走到", "next": n} | name, to),
        st.builds(
            lambda a, b, share: {
                "kind": "split",
                "ways": [
                    {"name": "a", "share_bp": share, "next": a}, {"name": "b", "share_bp": 10_000 - share, "next": b}
                ],
            } | name,
            to, to, st.integers(1, 9999),
        ),
        st.builds(
            lambda a, b, o: {
                "kind": "branch",
                "ways": [
                    {"name": "two", "rule": {"tag": ["2"]}, "next": a},
                    {"name": "three", "rule": {"tag": ["3"]}, "next": b},
                ],
                "otherwise": o,
            } | name,
            to, to, to,
        ),
    )  # fmt: skip
    return {f"n{n}": draw(kinds) for n in range(count)}


SIGNS = st.sampled_from([None, None, {"event": "e1"}, {"event": "paid"}, {"event": "gone"}])
AGAIN = st.sampled_from(
    [
        {"when": "any", "at_once": 1},
        {"when": "any", "at_once": 2},
        {"when": "never", "at_once": 1},
        {"when": "after_days", "days": 2, "at_once": 2},
    ]
)
GRAPHS = st.builds(
    lambda nodes, goal, leave, again: {"nodes": nodes, "goal": goal, "exits": [leave] if leave else [], "again": again},
    st.integers(1, 6).flatmap(nodes), SIGNS, SIGNS, AGAIN,
)  # fmt: skip
WHO = st.integers(0, PEOPLE - 1)
NODE = st.sampled_from([f"n{n}" for n in range(6)])
DAYS = st.one_of(st.dates(date(2026, 3, 4), date(2026, 3, 20)), st.just(date(2024, 2, 29)))
HOURS_LATE = st.sampled_from([0, 0, 3, 9, 30])
ENTER = st.tuples(st.just("enter"), WHO, st.sampled_from(["", "", "k"]))
EVENT = st.tuples(st.just("event"), WHO, st.sampled_from([*EVENTS, *EVENTS, "paid", "gone"]), HOURS_LATE)
CLOCK = st.tuples(st.just("clock"), st.integers(1, 5))
PUBLISH = st.tuples(
    st.just("publish"), GRAPHS, st.sampled_from(["finish", "move", "move", "leave"]),
    st.dictionaries(NODE, NODE, min_size=4),
)  # fmt: skip
SAY = st.tuples(st.just("say"), WHO, DAYS)
RARE = st.one_of(
    PUBLISH,
    st.tuples(st.just("merge"), WHO, WHO),
    st.tuples(st.sampled_from(["look", "again", "pause", "resume"])),
)
CRASH = st.tuples(st.just("crash"), st.integers(0, 3), st.one_of(CLOCK, CLOCK, EVENT, ENTER, PUBLISH))
ACTIONS = st.lists(
    st.tuples(st.integers(0, 20), st.one_of(ENTER, EVENT, EVENT, EVENT, CLOCK, CLOCK, CRASH, SAY, RARE, RARE)),
    min_size=10,
    max_size=30,
)
BEGINNING = [(0, ("enter", n, "")) for n in range(PEOPLE)] + [(0, ("clock", 5))]
END = [(400, ("clock", 3))]
