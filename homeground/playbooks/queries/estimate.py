"""Which of the six types a brand is (M39, M40): by three answers, or by its own orders, with the evidence."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from homeground.core import money, time
from homeground.events import warehouse
from homeground.people.queries import brand
from homeground.playbooks.pack.nodes import Fit, Pack

_SQL = Path(__file__).parent.parent / "sql"
CONTACTS = ["wecom.friend_added", "growth.door_entered", "service.message_received", "wecom.chat_started"]
PRICES = ("low", "mid", "high")
# Yuan of one order: 1,000 to 10,000 is mid (M44). Elsewhere about as much, by rough rates of exchange.
_MID, _HIGH = 1_000, 10_000
_YUAN_BUY: dict[str, int | Decimal] = {"USD": 7, "EUR": 8, "GBP": 9, "HKD": Decimal("0.9"), "JPY": Decimal("0.05")}
LONG_DAYS, OFTEN_DAYS, OFTEN_SHARE = 14, 90, 0.2
_LEAST = 30  # Fewer of them say nothing.
_WEIGHTS = {"frequency": 4, "cycle": 2}  # A step of price weighs one: rhythm decides most of what is done.


@dataclass(frozen=True)
class Answers:
    """The three answers, and whether companies buy."""

    price: str
    cycle: str
    frequency: str
    buyer: str = "person"


@dataclass(frozen=True)
class _Orders:
    orders: int
    buyers: int
    repeaters: int
    first_at: datetime
    last_at: datetime
    median: float
    gaps: int
    gap_days: float
    led: int
    cycle_days: float
    ripe: int
    ripe_again: int


@dataclass(frozen=True)
class Estimate:
    """What the orders say. is_enough: thirty orders of people we know. cycle is None where too few were known before
    their first order; then "short" is taken, and said so.
    """

    answers: Answers
    orders: int
    buyers: int
    first_at: datetime
    last_at: datetime
    currency: str
    median_minor: int
    gap_days: float | None
    gaps: int
    cycle_days: float | None
    led: int
    again_share: float | None
    ripe: int

    @property
    def is_enough(self) -> bool:
        return self.orders >= _LEAST


@dataclass(frozen=True)
class Proposal:
    """The pack of the nearest type. misses: the questions where the answer is another than the pack is for."""

    pack: Pack
    misses: list[str]
    second: Pack


def estimated(at: datetime | None = None) -> Estimate | None:
    """From the brand's own orders; None: there are none yet."""
    owner = brand()
    rows = warehouse.rows(
        _Orders, _SQL / "orders.sql", until=at or time.now(), currency=owner.currency, contacts=CONTACTS
    )
    if not rows or not rows[0].orders:
        return None
    return _estimate(rows[0], owner.currency)


def proposed(answers: Answers, packs: list[Pack]) -> Proposal:
    """Exactly one of the types. Nearest where no type is exactly it; companies get the pack for them."""
    kept = [pack for pack in packs if pack.fit.buyer == answers.buyer] or packs
    rest = [pack for pack in packs if pack not in kept]
    ranked = sorted(kept, key=lambda pack: _distance(answers, pack.fit)) + rest
    first, second = ranked[0], ranked[1]
    return Proposal(first, [name for name in Answers.__match_args__ if _misses(name, answers, first.fit)], second)


def price_of(amount: Decimal, currency: str) -> str:
    """low, mid or high, of an order's amount in major units."""
    yuan = amount * Decimal(_YUAN_BUY.get(currency, 1))
    return "low" if yuan < _MID else "mid" if yuan < _HIGH else "high"


def _estimate(found: _Orders, currency: str) -> Estimate:
    median = round(found.median)
    gap = found.gap_days if found.gaps >= _LEAST else None
    cycle = found.cycle_days if found.led >= _LEAST else None
    again = found.ripe_again / found.ripe if found.ripe >= _LEAST else None
    often = gap is not None and gap <= OFTEN_DAYS and (again is None or again >= OFTEN_SHARE)
    answers = Answers(
        price=price_of(money.to_major(median, currency), currency),
        cycle="long" if cycle is not None and cycle > LONG_DAYS else "short",
        frequency="high" if often else "low",
    )
    return Estimate(
        answers, found.orders, found.buyers, found.first_at, found.last_at, currency, median, gap, found.gaps, cycle,
        found.led, again, found.ripe,
    )  # fmt: skip


def _distance(answers: Answers, fit: Fit) -> int:
    steps = abs(PRICES.index(answers.price) - PRICES.index(fit.price))
    return steps + sum(weight for name, weight in _WEIGHTS.items() if _misses(name, answers, fit))


def _misses(name: str, answers: Answers, fit: Any) -> bool:
    return bool(getattr(answers, name) != getattr(fit, name))
