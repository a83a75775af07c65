"""A fact that tests put on the stream, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from homeground.events import warehouse
from homeground.events.facts import Event, Fact, on
from homeground.events.services import record


@dataclass(frozen=True, kw_only=True)
class Tapped(Fact):
    """A fact for tests."""

    name = "tests.tapped"
    number: int


def tap(*numbers: int, customer_id: int | None = None) -> None:
    record(*(Tapped(number=number, customer_id=customer_id) for number in numbers))


def numbers_in_clickhouse() -> list[int]:
    found = warehouse.client().query(
        "SELECT JSONExtractInt(properties, 'number') FROM events.events WHERE name = 'tests.tapped' ORDER BY id"
    )
    return [number for (number,) in found.result_rows]


def seen_by_a_handler() -> list[int]:
    seen: list[int] = []

    @on(Tapped)
    def remember(events: Sequence[Event]) -> None:
        seen.extend(event.properties["number"] for event in events)

    return seen
