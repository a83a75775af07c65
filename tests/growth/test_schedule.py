"""Who is on by the wall clock of a zone, against a walk over every minute; also where the clock jumps."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as some

from homeground.growth.models import Door
from homeground.growth.queries.duty import duty, next_duty
from homeground.growth.schedule import Span, next_change, on_at
from homeground.people.services import set_brand
from tests.growth.world import NOON, given, make_door, make_staff, shift

ZONES = ["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]
JUMPS = [  # Shortly before a clock goes forward or back, somewhere.
    datetime(2026, 3, 28, 20, tzinfo=UTC),
    datetime(2026, 10, 24, 20, tzinfo=UTC),
    datetime(2026, 3, 7, 22, tzinfo=UTC),
    datetime(2026, 11, 1, 0, tzinfo=UTC),
    datetime(2026, 4, 4, 10, tzinfo=UTC),
    datetime(2026, 10, 3, 10, tzinfo=UTC),
]
edges = some.integers(0, 1440) | some.sampled_from([0, 1, 60, 90, 119, 120, 121, 150, 180, 1439, 1440])
spans = some.builds(
    lambda days, start, end: Span(frozenset(days), start % 1440, end if end else 1440),
    some.sets(some.integers(0, 6), min_size=1),
    edges,
    edges,
).filter(lambda span: span.start_minute != span.end_minute)
moments = some.builds(
    lambda start, minutes: start + timedelta(minutes=minutes), some.sampled_from(JUMPS), some.integers(0, 9 * 1440)
)


def walked(spans, at, zone):
    """The plain reading of a weekly plan: look at the wall, go back to the day on which the shift began."""
    local = at.astimezone(ZoneInfo(zone))
    minute, today, yesterday = local.hour * 60 + local.minute, local.weekday(), (local.weekday() + 6) % 7
    found = []
    for place, span in enumerate(spans):
        length = (span.end_minute - span.start_minute) % 1440 or 1440
        begun_today = today in span.weekdays and span.start_minute <= minute < span.start_minute + length
        begun_yesterday = yesterday in span.weekdays and span.start_minute <= minute + 1440 < span.start_minute + length
        if begun_today or begun_yesterday:
            found.append(place)
    return found


@settings(max_examples=300, deadline=None)
@generated(some.lists(spans, max_size=4), moments, some.sampled_from(ZONES))
def test_who_is_on_is_what_the_wall_clock_says(spans, at, zone):
    assert on_at(spans, at, zone) == walked(spans, at, zone)


@settings(max_examples=60, deadline=None)
@generated(some.lists(spans, max_size=3), moments, some.sampled_from(ZONES))
def test_the_next_change_is_the_first_minute_at_which_anything_changes(spans, at, zone):
    now = walked(spans, at, zone)
    minutes = (at + timedelta(minutes=n) for n in range(1, 8 * 1440 + 1))
    first = next((minute for minute in minutes if walked(spans, minute, zone) != now), None)

    assert next_change(spans, at, zone) == first


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ZONES)
def test_the_statement_and_the_walk_agree(zone):
    set_brand(name="店", time_zone=zone, currency="CNY")
    ann, bob, cat = make_staff("Ann"), make_staff("Bob"), make_staff("Cat")
    plan = [
        shift(ann, days=(0, 6), start=30, end=150),
        shift(bob, days=(5, 6), start=22 * 60, end=2 * 60 + 30),
        shift(ann, bob, days=(2,), start=0, end=1440),
    ]
    door = make_door(shifts=tuple(plan), backup_ids=(cat.pk,))
    spans = [Span(frozenset(one.weekdays), one.start_minute, one.end_minute) for one in plan]
    on = [{"ann"}, {"bob"}, {"ann", "bob"}]
    for start in JUMPS:
        for minutes in range(0, 3 * 1440, 97):
            at = start + timedelta(minutes=minutes)
            wanted = set().union(*(on[place] for place in walked(spans, at, zone))) or {"cat"}
            assert set(duty([door.pk], at)[door.pk].userids) == wanted, at


@pytest.mark.django_db
def test_the_page_knows_who_comes_next():
    ann, bob, cat = make_staff("Ann"), make_staff("Bob"), make_staff("Cat")
    door = make_door(
        shifts=(shift(ann), shift(bob, start=18 * 60, end=9 * 60)), staff_ids=(cat.pk,), backup_ids=(cat.pk,)
    )

    found = next_duty(door, NOON)

    assert found is not None
    assert found.at == NOON + timedelta(hours=6)
    assert {staff.name for staff in found.staff} == {"Bob", "Cat"}
    assert Door.objects.count() == 1
    assert given().shifts == ()
