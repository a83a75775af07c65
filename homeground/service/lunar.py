"""农历: whose birthday is on a day, by either calendar. The lunar tables are the library's, 1901 to 2099."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import cnlunar

_MONTHS = {name: number for number, name in enumerate("正二三四五六七八九十冬腊", 1)} | {
    "一": 1,
    "十一": 11,
    "十二": 12,
}
_ONES = "一二三四五六七八九"
_DAYS = (
    {f"初{name}": number for number, name in enumerate(f"{_ONES}十", 1)}
    | {f"{tens}{name}": start + number for tens, start in (("十", 10), ("二十", 20), ("廿", 20))
       for number, name in enumerate(["", *_ONES])}
    | {"三十": 30}
)  # fmt: skip
_NUMBERS = re.compile(r"(?:(?:19|20)\d\d\s*[-/.年])?\s*(闰|-)?\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
_WORDS = re.compile(
    r"(?:(?:19|20)\d\d年)?(闰)?([正一二三四五六七八九十冬腊]{1,2})月([初十二廿三一四五六七八九]{1,3})日?"
)


@dataclass(frozen=True)
class LunarDay:
    """A day of the lunar year; is_leap: of a leap month (闰月), which follows the month of the same number."""

    month: int
    day: int
    is_leap: bool = False


@dataclass(frozen=True)
class Birthdays:
    """Who has a birthday on one day: solar as MM-DD, lunar as days of the lunar year."""

    solar: frozenset[str]
    lunar: frozenset[LunarDay]


def birthdays_on(day: date) -> Birthdays:
    """The birthdays that are kept on this day.

    29 February is kept on the 28th of years without it. A leap month's birthday is kept in the month of that number in
    years without that leap month, and the 30th of a month on the 29th where the month ends there.
    """
    solar = {f"{day:%m-%d}"}
    if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
        solar.add("02-29")
    return Birthdays(frozenset(solar), frozenset(_lunar_birthdays(day)))


def lunar_day(day: date) -> LunarDay:
    """The lunar day of a solar day."""
    noon = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001  The library counts days of China.
    found = cnlunar.Lunar(noon)
    return LunarDay(found.lunarMonth, found.lunarDay, bool(found.isLunarLeapMonth))


def read(text: str) -> LunarDay | None:
    """A lunar birthday as people write it: 08-15, 1990-08-15, 闰4-10, 八月十五, 腊月廿三. None for what is none."""
    if found := _NUMBERS.fullmatch(text.strip()):
        return _checked(int(found[2]), int(found[3]), bool(found[1]))
    if found := _WORDS.fullmatch(text.strip()):
        return _checked(_MONTHS.get(found[2], 0), _DAYS.get(found[3], 0), bool(found[1]))
    return None


def _lunar_birthdays(day: date) -> set[LunarDay]:
    here, tomorrow = lunar_day(day), lunar_day(day + timedelta(days=1))
    days = range(here.day, 31 if tomorrow.day == 1 else here.day + 1)
    kept = {LunarDay(here.month, number, here.is_leap) for number in days}
    if not here.is_leap and not _next_month(day, here).is_leap:
        kept |= {LunarDay(here.month, number, True) for number in days}
    return kept


def _next_month(day: date, here: LunarDay) -> LunarDay:
    # Months have 29 or 30 days: one of the two days after the 29th is a first.
    after = day + timedelta(days=30 - here.day)
    return next(found for step in range(2) if (found := lunar_day(after + timedelta(days=step))).day == 1)


def _checked(month: int, day: int, is_leap: bool) -> LunarDay | None:
    return LunarDay(month, day, is_leap) if 1 <= month <= 12 and 1 <= day <= 30 else None
