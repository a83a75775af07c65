"""Random journeys, and what may happen to them: (hours later, action) one after the other.

Drawn evenly from a seed, which hypothesis chooses: its own draws cling to what is simple, and of 300 such worlds hardly
one told a wait that forgets its beginning from an honest one.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

PEOPLE = 5
SIZE = 5  # Nodes.
Action = tuple[Any, ...]
BEGINNING: list[tuple[int, Action]] = [
    (0, ("say", [0, 1, 2], date(2026, 3, 9))),
    (0, ("enter", list(range(PEOPLE)), "")),
    (0, ("clock", 5)),
]
END: list[tuple[int, Action]] = [(1, ("resume",)), (400, ("clock", 3))]
_KINDS = ["wait_event"] * 6 + ["wait_date"] * 3 + ["wait", "wait_until", "webhook", "points", "split", "branch"]
_SPANS = [{"hours": 5}, {"days": 1}, {"days": 1, "hours": 3}, {"days": 2}]
_SIGNS: list[Any] = [None, None, None, {"event": "e1"}, {"event": "paid"}, {"event": "gone"}]
_AGAIN = [
    {"when": "any", "at_once": 1},
    {"when": "any", "at_once": 2},
    {"when": "never", "at_once": 2},
    {"when": "after_days", "days": 2, "at_once": 2},
]
_ACTIONS = (
    ["enter"] * 5 + ["event"] * 8 + ["clock"] * 8 + ["crash"] * 3 + ["say"] * 5
    + ["publish", "publish", "merge", "merge", "look", "look", "look", "again", "pause", "resume", "resume", "resume"]
)  # fmt: skip


def graph(chance: Random) -> dict[str, Any]:
    """A graph of a few nodes, mostly waits; circles and nodes that nobody reaches included."""
    leave = chance.choice(_SIGNS)
    return {
        "nodes": {f"n{n}": _node(chance) for n in range(SIZE)},
        "goal": chance.choice(_SIGNS),
        "exits": [leave] if leave else [],
        "again": chance.choice(_AGAIN),
    }


def actions(chance: Random, length: int) -> list[tuple[int, Action]]:
    """So many actions; the same chance begins with the same ones, however many are asked for."""
    found: list[tuple[int, Action]] = []
    while len(found) < length:
        found.append((chance.choice([0, 1, 3, 6, 12, 25]), _action(chance)))
        if found[-1][1][0] == "event" and chance.random() < 0.3:  # Before anybody has walked on.
            found.append((0, _action(chance, ["publish", "publish", "merge", "look", "again", "event"])))
    return found


def _node(chance: Random) -> dict[str, Any]:
    def to() -> str | None:
        return chance.choice([None, *(f"n{n}" for n in range(SIZE))])

    kind, share = chance.choice(_KINDS), chance.randint(1, 9999)
    rules = [{"name": name, "rule": {"tag": [name]}, "next": to()} for name in ("2", "3")]
    shares = [{"name": "a", "share_bp": share, "next": to()}, {"name": "b", "share_bp": 10_000 - share, "next": to()}]
    more: dict[str, dict[str, Any]] = {
        "wait_event": {
            "event": chance.choice(["e0", "e1"]), "at_most": chance.choice(_SPANS), "next": to(), "otherwise": to()
        },
        "wait_date": {
            "attribute": "due_on", "lead_days": chance.randint(-1, 2), "yearly": chance.random() < 0.5, "next": to(),
            "otherwise": to(),
        },
        "wait": {"span": chance.choice(_SPANS), "next": to()},
        "wait_until": {"time": chance.choice(["02:30", "09:00"]), "next": to()},
        "webhook": {"url": "https://example.com/x", "next": to()},
        "points": {"points": 7, "reason": "走到", "next": to()},
        "split": {"ways": shares},
        "branch": {"ways": rules, "otherwise": to()},
    }  # fmt: skip
    return {"kind": kind, "name": "x"} | more[kind]


def _action(chance: Random, kinds: list[str] = _ACTIONS) -> Action:
    kind = chance.choice(kinds)
    some = sorted(chance.sample(range(PEOPLE), chance.randint(1, PEOPLE)))
    given: dict[str, tuple[Any, ...]] = {
        "enter": (some, chance.choice(["", "", "k"])),
        "event": (some, chance.choice(["e0", "e1"] * 4 + ["paid", "gone"]), chance.choice([0, 0, 0, 3, 9, 30])),
        "clock": (chance.randint(1, 5),),
        "say": (some, chance.choice([date(2026, 3, 6) + timedelta(days=n) for n in range(15)] + [date(2024, 2, 29)])),
        "merge": tuple(chance.sample(range(PEOPLE), 2)),
    }
    if kind == "publish":
        node_map = {
            f"n{n}": f"n{chance.choice([n, n, chance.randrange(SIZE)])}" for n in range(SIZE) if chance.random() < 0.8
        }
        return (kind, graph(chance), chance.choice(["finish", "move", "move", "move", "move", "leave"]), node_map)
    if kind == "crash":
        return (kind, chance.randint(0, 3), _action(chance, ["clock", "clock", "event", "enter", "publish"]))
    return (kind, *given.get(kind, ()))
