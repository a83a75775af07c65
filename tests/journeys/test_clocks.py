"""When waits are over, against zoneinfo one by one."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.journeys.graph.nodes import WaitForDate, WaitUntil
from homeground.journeys.graph.parts import Span
from homeground.journeys.graph.ways_in import BySchedule
from homeground.journeys.services.walking import clocks

ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Shanghai",
    "Asia/Tehran",
]
# Every hour of the days around clock changes in these zones, with half hours: Lord Howe moves by thirty minutes.
CHANGES = [
    datetime(2026, month, day, tzinfo=UTC) + timedelta(minutes=30 * step)
    for month, day in ((3, 7), (3, 28), (4, 4), (10, 3), (10, 24), (10, 31))
    for step in range(96)
]
MOMENTS = st.integers(1_420_000_000, 2_050_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))


def by_wall(local: datetime) -> datetime:
    """A wall clock's moment the slow way: the earliest UTC minute that shows it, else that much after the gap."""
    return local.replace(fold=0).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_a_span_of_days_keeps_the_time_of_the_clock_over_every_clock_change(zone):
    for moment in CHANGES:
        for days in (1, 2, 30):
            found = clocks.after(Span(days=days, hours=1), moment, zone)
            local = moment.astimezone(ZoneInfo(zone))
            day = local.date() + timedelta(days=days)
            wall = datetime(day.year, day.month, day.day, local.hour, local.minute, tzinfo=ZoneInfo(zone))
            assert found == by_wall(wall) + timedelta(hours=1)


@pytest.mark.parametrize("zone", ZONES)
def test_hours_and_minutes_are_as_long_as_they_are_whatever_the_clocks_do(zone):
    for moment in CHANGES:
        assert clocks.after(Span(hours=5, minutes=7), moment, zone) - moment == timedelta(hours=5, minutes=7)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("time", "weekdays"), [("02:30", []), ("00:00", [7, 1]), ("09:00", [3])])
def test_a_time_of_day_is_the_next_such_wall_clock_moment_over_every_clock_change(zone, time, weekdays):
    hour, minute = map(int, time.split(":"))
    for moment in CHANGES:
        start = moment.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        days = [start + timedelta(days=n) for n in range(12)]
        walls = [datetime(d.year, d.month, d.day, hour, minute, tzinfo=ZoneInfo(zone)) for d in days]
        slow = [by_wall(w) for w in walls if not weekdays or w.isoweekday() in weekdays]
        assert clocks.until(time, weekdays, moment, zone) == next(one for one in slow if one > moment)


@given(MOMENTS, st.sampled_from(ZONES), st.sets(st.integers(1, 7)))
def test_a_time_of_day_always_comes_later_and_shows_the_right_clock(moment, zone, weekdays):
    found = clocks.until("12:15", sorted(weekdays), moment, zone)

    local = found.astimezone(ZoneInfo(zone))
    assert found > moment
    assert (local.hour, local.minute) == (12, 15)
    assert not weekdays or local.isoweekday() in weekdays
    assert found - moment < timedelta(days=7, hours=2)


def test_a_time_that_does_not_exist_is_as_much_later_as_the_clock_jumps():
    before = datetime(2026, 3, 8, 1, tzinfo=ZoneInfo("America/New_York"))

    assert clocks.until("02:30", [], before, "America/New_York") == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 03:30 EDT


def test_of_a_time_that_comes_twice_the_first_counts():
    before = datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("America/New_York"))

    found = clocks.until("01:30", [], before, "America/New_York")

    assert found == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # EDT, not EST.
    assert clocks.until("01:30", [], found + timedelta(minutes=1), "America/New_York") == datetime(
        2026, 11, 2, 6, 30, tzinfo=UTC
    )


def test_an_anniversary_of_the_29th_of_february_is_the_28th_in_other_years():
    step = WaitForDate(name="生日", kind="wait_date", attribute="birthday", yearly=True, next=None, otherwise=None)
    born = date(2000, 2, 29)

    in_2027 = clocks.coming(step, born, datetime(2027, 1, 1, tzinfo=UTC), "Asia/Shanghai")
    in_2028 = clocks.coming(step, born, datetime(2028, 1, 1, tzinfo=UTC), "Asia/Shanghai")

    assert in_2027 == datetime(2027, 2, 28, 1, 30, tzinfo=UTC)
    assert in_2028 == datetime(2028, 2, 29, 1, 30, tzinfo=UTC)


@given(MOMENTS, st.dates(date(1920, 1, 1), date(2040, 1, 1)), st.integers(-365, 365), st.sampled_from(ZONES))
def test_an_anniversary_is_always_ahead_and_at_most_a_year_and_a_day(moment, day, lead, zone):
    step = WaitForDate(
        name="x", kind="wait_date", attribute="a", yearly=True, lead_days=lead, next=None, otherwise=None
    )

    found = clocks.coming(step, day, moment, zone)

    assert found is not None
    assert timedelta() < found - moment <= timedelta(days=367)


def test_a_date_that_is_past_never_comes():
    step = WaitForDate(name="x", kind="wait_date", attribute="a", lead_days=3, next=None, otherwise=None)
    moment = datetime(2026, 3, 10, 2, tzinfo=UTC)

    assert clocks.due(step, arrived_at=moment, zone="UTC", day=date(2026, 3, 12)) is None
    assert clocks.due(step, arrived_at=moment, zone="UTC", day=date(2026, 3, 14)) == datetime(
        2026, 3, 11, 9, 30, tzinfo=UTC
    )
    assert clocks.due(step, arrived_at=moment, zone="UTC", day=None) is None


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("yearly", [True, False])
@pytest.mark.parametrize("lead", [-365, 365])
def test_a_date_that_somebody_typed_far_from_now_never_fails(zone, yearly, lead):
    step = WaitForDate(
        name="x",
        kind="wait_date",
        attribute="a",
        time="00:00",
        lead_days=lead,
        yearly=yearly,
        next=None,
        otherwise=None,
    )
    for day in (date(1, 1, 1), date(2, 1, 1), date(3, 1, 1), date(9990, 12, 31), date(9999, 12, 31)):
        clocks.due(step, arrived_at=datetime(2026, 3, 10, tzinfo=UTC), zone=zone, day=day)


@pytest.mark.parametrize(
    ("entry", "days"),
    [
        (BySchedule(by="schedule", segment="s", day=31), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (BySchedule(by="schedule", segment="s", day=29), ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29"]),
        (BySchedule(by="schedule", segment="s", on="2026-02-14"), ["2026-02-14"]),
        (BySchedule(by="schedule", segment="s", weekday=1), None),
    ],
)
def test_a_schedule_comes_at_its_days_and_at_the_last_of_shorter_months(entry, days):
    since, to = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)

    found = [moment.astimezone(ZoneInfo("Asia/Shanghai")) for moment in clocks.turns(entry, since, to, "Asia/Shanghai")]

    assert {(one.hour, one.minute) for one in found} == {(9, 30)}
    if days:
        assert [one.date().isoformat() for one in found] == days
    else:
        assert len(found) == 17
        assert {one.isoweekday() for one in found} == {1}


def test_looking_in_pieces_finds_each_turn_once():
    entry = BySchedule(by="schedule", segment="s", weekday=7, time="02:30")
    ends = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=7 * n) for n in range(500)]
    pieces = [one for a, b in pairwise(ends) for one in clocks.turns(entry, a, b, "Europe/Berlin")]

    assert pieces == clocks.turns(entry, ends[0], ends[-1], "Europe/Berlin")


def test_a_zone_that_nobody_knows_is_utc():
    step = WaitUntil(name="x", kind="wait_until", time="09:00", next=None)

    assert clocks.due(step, arrived_at=datetime(2026, 1, 1, tzinfo=UTC), zone="Mars/Crater") == datetime(
        2026, 1, 1, 9, tzinfo=UTC
    )
