"""Entries by the clock: dates, schedules, and who was there at publication."""

from datetime import UTC, datetime, timedelta

import pytest

from homeground.journeys.models import Enrolment, Intake, Journey
from homeground.journeys.services import intakes
from homeground.people import services as people
from homeground.people.models import Customer
from homeground.segments.models import Segment
from tests.journeys.engine import END, make_journey, many_customers, publish, wait
from tests.journeys.world import LONG_AGO, make_customer

pytestmark = pytest.mark.django_db
NODES = {"w": wait(END, days=1)}
MORNING = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai.
DAY = timedelta(days=1)


def by_date(**more: object) -> Journey:
    entry = {"by": "date", "attribute": "birthday"} | more
    return make_journey(NODES, entries=[entry], again={"when": "any"})


def born(day: str, **fields: object) -> Customer:
    customer = make_customer(**fields)
    people.set_attributes([people.AttributeGiven(customer.pk, "birthday", day, "test", LONG_AGO)])
    return customer


def entered() -> set[int]:
    return set(Enrolment.objects.values_list("customer_id", flat=True))


def test_a_date_lets_in_when_it_has_come_and_once():
    today, tomorrow = born("2026-03-10"), born("2026-03-11")
    by_date()

    assert intakes.look(MORNING - timedelta(minutes=1)) == 0
    assert [intakes.look(MORNING + timedelta(minutes=n)) for n in (0, 5, 10)] == [1, 0, 0]
    assert entered() == {today.pk}
    assert intakes.look(MORNING + DAY) == 1
    assert entered() == {today.pk, tomorrow.pk}


def test_a_lead_and_the_customers_own_zone_count():
    born("2026-03-13")
    far = born("2026-03-13", time_zone="America/New_York")
    by_date(lead_days=3)

    intakes.look(MORNING + timedelta(hours=6))
    assert far.pk not in entered()
    intakes.look(MORNING + timedelta(hours=12))  # 09:30 in New York, four hours behind UTC since the 8th.

    assert len(entered()) == 2


def test_an_anniversary_comes_every_year_and_the_29th_of_february_on_the_28th():
    leap, march = born("2000-02-29"), born("1990-03-01")
    by_date(yearly=True)

    intakes.look(datetime(2026, 2, 28, 2, tzinfo=UTC))
    assert entered() == {leap.pk}
    intakes.look(datetime(2026, 3, 1, 2, tzinfo=UTC))
    assert entered() == {leap.pk, march.pk}
    Enrolment.objects.update(state="ended", ending="finished", ended_at=MORNING)
    assert intakes.look(datetime(2028, 2, 28, 2, tzinfo=UTC)) == 0
    assert intakes.look(datetime(2028, 2, 29, 2, tzinfo=UTC)) == 1


def test_who_was_down_for_days_does_not_greet_for_what_is_over():
    born("2026-03-10")
    by_date()

    assert intakes.look(MORNING + 2 * DAY) == 0


def test_an_entry_that_is_new_looks_no_further_back_than_its_publication():
    born("2026-03-10")
    journey = by_date()
    other = journey.draft | {"entries": [{"by": "date", "attribute": "birthday", "time": "08:00"}]}
    publish(journey, other, at=MORNING)

    assert intakes.look(MORNING + timedelta(minutes=5)) == 0


def test_the_newest_date_of_a_merged_person_counts():
    old, new = born("2026-03-10"), born("2026-06-01")
    people.set_attributes([people.AttributeGiven(new.pk, "birthday", "2026-06-01", "test", LONG_AGO + DAY)])
    Customer.objects.filter(pk=old.pk).update(merged_into=new)
    by_date()

    assert intakes.look(MORNING) == 0


def segment(monkeypatch: pytest.MonkeyPatch, members: list[int]) -> Segment:
    monkeypatch.setattr("homeground.segments.services.members", lambda _segment: members)
    return Segment.objects.create(slug="vip", name="VIP", is_dynamic=False)


def test_a_journey_whose_entry_cannot_be_asked_does_not_keep_others_from_theirs():
    born("2026-03-10")
    by_date(segment="gone")
    sound = by_date()

    assert intakes.look(MORNING) == 1
    assert Enrolment.objects.get().journey == sound


def run_intakes(at: datetime) -> int:
    return sum(intakes.take_in(pk, at) for pk in Intake.objects.order_by("pk").values_list("pk", flat=True))


def test_a_schedule_lets_the_members_in_once_a_turn(monkeypatch):
    customers = many_customers(5)
    segment(monkeypatch, [one.pk for one in customers])
    monkeypatch.setattr(intakes, "_PART", 2)
    make_journey(NODES, entries=[{"by": "schedule", "segment": "vip", "weekday": 2}])  # Tuesdays.

    intakes.look(MORNING - timedelta(minutes=1))
    assert not Intake.objects.exists()
    for minute in (0, 5, 10):
        intakes.look(MORNING + timedelta(minutes=minute))
    assert [run_intakes(MORNING), run_intakes(MORNING)] == [5, 0]

    intake = Intake.objects.get()
    assert (intake.entered, intake.after, bool(intake.done_at)) == (5, customers[-1].pk, True)
    intakes.look(MORNING + 7 * DAY)
    assert Intake.objects.count() == 2


def test_an_intake_that_died_goes_on_where_it_was(monkeypatch):
    customers = many_customers(4)
    segment(monkeypatch, [one.pk for one in customers])
    monkeypatch.setattr(intakes, "_PART", 2)
    make_journey(NODES, entries=[{"by": "schedule", "segment": "vip", "on": "2026-03-10"}])
    intakes.look(MORNING)
    honest, calls = intakes.enter, []

    def dying(*args: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return honest(*args)

    with monkeypatch.context() as patch:
        patch.setattr(intakes, "enter", dying)
        with pytest.raises(KeyboardInterrupt):
            run_intakes(MORNING)
    assert Enrolment.objects.count() == 2

    assert run_intakes(MORNING) == 2
    assert Intake.objects.get().entered == 4


def test_who_is_there_at_publication_enters_once_whatever_is_published_later(monkeypatch):
    customers = many_customers(3)
    segment(monkeypatch, [one.pk for one in customers])
    entries = [{"by": "segment", "segment": "vip", "has_existing": True}]
    journey = make_journey(NODES, entries=entries)

    assert intakes.begin_existing(journey.live_id, MORNING) == 1
    assert run_intakes(MORNING) == 3
    version = publish(journey, journey.draft)
    assert intakes.begin_existing(version.pk, MORNING) == 0
    assert run_intakes(MORNING) == 0
    assert set(Enrolment.objects.values_list("cause", flat=True)) == {f"existing:vip:{one.pk}" for one in customers}
