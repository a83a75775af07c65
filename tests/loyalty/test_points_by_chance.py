"""The ledger against a naive one: random movements, in one thread and in eight."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.core.errors import BusinessError
from homeground.loyalty.models import PointsLot, PointsPosting
from homeground.loyalty.queries.points import balance_of, totals, untruths
from homeground.loyalty.services.expiring import expire_points
from homeground.loyalty.services.points import Earning, earn_points, redeem_points, reverse_points
from tests.loyalty.world import NOON, make_customer

DAY = timedelta(days=1)


@dataclass
class Naive:
    """One customer's points: lots as [remaining, expires_on], the first to expire first; a debt is one number."""

    lots: list[list[Any]] = field(default_factory=list)
    debt: int = 0
    earned: dict[str, tuple[list[Any], int]] = field(default_factory=dict)
    spent: dict[str, list[tuple[list[Any], int]]] = field(default_factory=dict)

    def balance(self) -> int:
        return sum(lot[0] for lot in self.lots) - self.debt

    def earn(self, cause: str, points: int, ends: datetime | None) -> None:
        lot = [points, ends]
        self.lots.append(lot)
        self.earned[cause] = (lot, points)
        self._pay()

    def redeem(self, cause: str, points: int, at: datetime) -> None:
        open_ones = [lot for lot in self._sorted() if lot[1] is None or lot[1] > at]
        if sum(lot[0] for lot in open_ones) - self.debt < points:
            return
        self.spent[cause] = self._take(open_ones, points)

    def reverse_earning(self, cause: str, points: int) -> None:
        lot, left = self.earned[cause]
        if points > left:
            return
        self.earned[cause] = (lot, left - points)
        here = min(lot[0], points)
        lot[0] -= here
        self.debt += points - here
        self._pay()

    def reverse_spending(self, cause: str) -> None:
        for lot, points in self.spent.pop(cause):
            lot[0] += points
        self._pay()

    def clock(self, at: datetime) -> None:
        for lot in self.lots:
            if lot[1] is not None and lot[1] <= at:
                lot[0] = 0

    def _pay(self) -> None:
        paid = self._take(self._sorted(), self.debt)
        self.debt -= sum(points for _lot, points in paid)

    def _sorted(self) -> list[list[Any]]:
        return sorted(self.lots, key=lambda lot: (lot[1] is None, lot[1] or NOON))

    def _take(self, lots: list[list[Any]], points: int) -> list[tuple[list[Any], int]]:
        taken = []
        for lot in lots:
            part = min(lot[0], points)
            lot[0] -= part
            points -= part
            taken.append((lot, part))
        return taken


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.integers(1, 50), st.one_of(st.none(), st.integers(1, 6))),
        st.tuples(st.just("redeem"), st.integers(1, 80)),
        st.tuples(st.just("reverse earning"), st.integers(0, 5), st.integers(1, 40)),
        st.tuples(st.just("reverse spending"), st.integers(0, 3)),
        st.tuples(st.just("days"), st.integers(1, 3)),
    ),
    max_size=25,
)


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(ACTIONS)
def test_the_ledger_does_what_a_naive_one_does(actions):
    one, naive, at = make_customer(), Naive(), NOON
    for number, action in enumerate(actions):
        at += timedelta(hours=1)
        if action[0] == "days":
            at += action[1] * DAY
            expire_points(at)
            naive.clock(at)
        else:
            _do(one, naive, action, f"{one}:{number}", at)
        assert balance_of(one) == naive.balance()

    lots = sorted(PointsLot.objects.filter(account=one).values_list("remaining", flat=True))
    assert [lot for lot in lots if lot > 0] == sorted(lot[0] for lot in naive.lots if lot[0] > 0)
    assert untruths() == []


def _do(one: int, naive: Naive, action: tuple[Any, ...], cause: str, at: datetime) -> None:
    match action:
        case ("earn", points, days):
            ends = at + days * DAY if days else None
            earn_points([Earning(one, points, cause, expires_at=ends)], at=at)
            naive.earn(cause, points, ends)
        case ("redeem", points):
            _try(lambda: redeem_points(one, points, cause, at=at))
            naive.redeem(cause, points, at)
        case ("reverse earning", place, points) if place < len(naive.earned):
            of = [*naive.earned][place]
            _try(lambda: reverse_points("earn", of, cause, points=points, at=at))
            naive.reverse_earning(of, points)
        case ("reverse spending", place) if place < len(naive.spent):
            of = [*naive.spent][place]
            reverse_points("redeem", of, cause, at=at)
            naive.reverse_spending(of)


def _try(work: Callable[[], object]) -> None:
    with suppress(BusinessError):
        work()


@pytest.mark.django_db(transaction=True)
def test_eight_threads_lose_and_double_nothing():
    people = [make_customer() for _person in range(5)]
    earn_points([Earning(one, 500, f"first:{one}", expires_at=NOON + DAY) for one in people], at=NOON)

    def work(thread: int) -> int:
        """What this thread moved in sum, by what it was told."""
        dice, moved = Random(thread), 0
        try:
            for turn in range(12):
                some, cause = dice.sample(people, 3), f"{thread}:{turn}"
                earn_points([Earning(one, 7, f"{cause}:{one}") for one in some], at=NOON)
                moved += 21
                with suppress(BusinessError):
                    moved -= 90 if redeem_points(some[0], 90, cause, at=NOON) else 0
                with suppress(BusinessError):  # Seven of the threads find that it is done.
                    moved += reverse_points("earn", f"first:{some[1]}", f"back:{some[1]}", at=NOON)
            return moved
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        moved = sum(threads.map(work, range(8)))

    assert sum(balance_of(one) for one in people) == 2500 + moved
    assert totals(NOON, NOON + DAY).outstanding == 2500 + moved
    assert untruths() == []
    assert PointsPosting.objects.filter(kind="reverse").count() == len(people)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_want_the_same_points_at_once_one_gets_them():
    people, start = [make_customer() for _person in range(15)], Barrier(8)
    earn_points([Earning(one, 100, f"first:{one}") for one in people], at=NOON)

    def work(thread: int) -> int:
        got = 0
        try:
            for one in people:
                start.wait()
                with suppress(BusinessError):
                    got += redeem_points(one, 60, f"{thread}:{one}", at=NOON)
            return got
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        got = sum(threads.map(work, range(8)))

    assert got == len(people)
    assert {balance_of(one) for one in people} == {40}
    assert untruths() == []
