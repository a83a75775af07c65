from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.core import money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("19.99", "CNY", 1999),
        ("0.005", "CNY", 0),
        ("0.015", "CNY", 2),
        ("-1.234", "GBP", -123),
        ("7", "JPY", 7),
        ("1.2345", "KWD", 1234),
    ],
)
def test_an_amount_becomes_whole_minor_units_half_to_even(amount, currency, minor):
    assert money.to_minor(Decimal(amount), currency) == minor


@given(st.integers(-(10**15), 10**15), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_minor_units_survive_the_way_to_the_major_unit_and_back(minor, currency):
    assert money.to_minor(money.to_major(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [(123456, "CNY", "¥1,234.56"), (-5, "GBP", "-£0.05"), (1200, "JPY", "JP¥1,200"), (1000, "SEK", "SEK 10.00")],
)
def test_money_is_shown_with_its_symbol_and_groups(minor, currency, shown):
    assert money.show(minor, currency) == shown
