from datetime import date

import pytest

from homeground.service.lunar import LunarDay, birthdays_on, lunar_day, read


@pytest.mark.parametrize(
    ("day", "lunar"),
    [
        (date(2024, 2, 10), LunarDay(1, 1)), (date(2025, 1, 29), LunarDay(1, 1)), (date(2026, 2, 17), LunarDay(1, 1)),
        (date(2025, 10, 6), LunarDay(8, 15)), (date(2026, 6, 19), LunarDay(5, 5)),
        (date(2023, 3, 22), LunarDay(2, 1, True)), (date(2025, 7, 25), LunarDay(6, 1, True)),
        (date(2033, 12, 22), LunarDay(11, 1, True)),
    ],
)  # fmt: skip
def test_known_days(day, lunar):
    assert lunar_day(day) == lunar


@pytest.mark.parametrize(
    ("text", "lunar"),
    [
        ("08-15", LunarDay(8, 15)), ("1990-8-5", LunarDay(8, 5)), ("闰4-10", LunarDay(4, 10, True)),
        ("1990年闰四月初十", LunarDay(4, 10, True)), ("八月十五", LunarDay(8, 15)), ("腊月廿三", LunarDay(12, 23)),
        ("十一月二十九", LunarDay(11, 29)), ("正月三十", LunarDay(1, 30)), ("12.30", LunarDay(12, 30)),
        ("13-01", None), ("08-31", None), ("中秋", None), ("", None), ("十十月初一", None),
    ],
)  # fmt: skip
def test_birthdays_as_people_write_them(text, lunar):
    assert read(text) == lunar


def test_29_february_is_kept_on_the_28th_where_it_is_missing():
    assert birthdays_on(date(2026, 2, 28)).solar == {"02-28", "02-29"}
    assert birthdays_on(date(2028, 2, 28)).solar == {"02-28"}
    assert birthdays_on(date(2028, 2, 29)).solar == {"02-29"}


def test_a_leap_months_birthday_is_kept_once_a_year_whether_or_not_the_month_comes():
    leap = LunarDay(6, 1, True)

    assert leap in birthdays_on(date(2025, 7, 25)).lunar  # 闰六月初一.
    assert leap not in birthdays_on(date(2025, 6, 25)).lunar  # 六月初一 of the same year.
    assert leap in birthdays_on(date(2026, 7, 14)).lunar  # A year without it.


def test_the_thirtieth_is_kept_on_the_last_day_of_a_short_month():
    assert LunarDay(12, 30) in birthdays_on(date(2026, 2, 16)).lunar  # 除夕 on the 29th.
    assert LunarDay(12, 30) in birthdays_on(date(2024, 2, 9)).lunar
    assert LunarDay(12, 30) not in birthdays_on(date(2024, 2, 8)).lunar


def test_every_birthday_comes_exactly_once_in_a_lunar_year():
    from collections import Counter
    from datetime import timedelta

    start, end = date(2025, 1, 29), date(2026, 2, 17)
    kept = Counter()
    while start < end:
        kept.update(birthdays_on(start).lunar)
        start += timedelta(days=1)

    assert {kept[LunarDay(month, day)] for month in range(1, 13) for day in range(1, 31)} == {1}
    assert {kept[LunarDay(month, day, True)] for month in range(1, 13) for day in range(1, 31)} == {1}
