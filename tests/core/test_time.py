from datetime import UTC, date, datetime

from homeground.core import time


def test_a_moment_belongs_to_the_day_of_its_zone():
    moment = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)

    assert time.day_of(moment, "Asia/Shanghai") == date(2026, 3, 2)
    assert time.day_of(moment, "Europe/London") == date(2026, 3, 1)


def test_a_day_starts_at_its_own_midnight_also_in_summer():
    assert time.start_of(date(2026, 7, 1), "Europe/London") == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert time.start_of(date(2026, 1, 1), "Asia/Shanghai") == datetime(2025, 12, 31, 16, tzinfo=UTC)


def test_a_day_whose_midnight_is_skipped_starts_with_its_first_moment():
    assert time.start_of(date(2018, 11, 4), "America/Sao_Paulo") == datetime(2018, 11, 4, 3, tzinfo=UTC)
