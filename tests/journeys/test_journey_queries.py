from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from homeground.journeys.errors import NoSuchJourney
from homeground.journeys.models import EdgeCount, StepTaken
from homeground.journeys.queries import journeys as queries
from homeground.journeys.queries.walks import walk, walks_of_customer
from homeground.journeys.services import publishing
from homeground.ui.paging import page_of
from tests.journeys import world
from tests.journeys.graphs import wait
from tests.journeys.test_publishing import live, redraft, walker
from tests.journeys.world import NOON

pytestmark = pytest.mark.django_db
OVER = {"state": "ended", "ended_at": NOON, "due_at": None}


@pytest.fixture(autouse=True)
def place(calm):
    pass


def test_a_list_says_who_is_inside_who_is_held_out_and_why_others_left():
    journey, quiet = live(), live()
    yesterday = NOON - timedelta(days=1)
    walker(journey)
    walker(journey, entered_at=yesterday)
    walker(journey, arm="holdout", state="held_out", due_at=None)
    walker(journey, **OVER, ending="finished", entered_at=yesterday)
    walker(journey, **OVER, ending="goal", entered_at=yesterday)
    walker(journey, **OVER, ending="goal", entered_at=NOON - timedelta(hours=13))  # 23:00 of the day before, there.

    with CaptureQueriesContext(connection) as asked:
        found = queries.numbers([journey.pk, quiet.pk], at=NOON)

    assert found[journey.pk] == queries.Numbers(2, 1, 2, {"finished": 1, "goal": 2})
    assert found[journey.pk].ended == 3
    assert found[quiet.pk] == queries.Numbers()
    assert len(asked) <= 4


def test_a_version_says_how_many_stand_where_and_went_which_way():
    journey = live({"a": wait("b"), "b": wait()})
    walker(journey)
    walker(journey, "b")
    walker(journey, "b")
    walker(journey, "b", **OVER, ending="failed")
    walker(journey, "b", **OVER, ending="finished")
    EdgeCount.objects.create(version=journey.live, node="a", way="next", walked=4)

    assert queries.counts(journey.live_id) == queries.Counts({"a": 1, "b": 2}, {"b": 1}, {("a", "next"): 4})


def test_versions_with_somebody_inside_are_named_and_the_live_one():
    journey = live()
    walker(journey)
    redraft(journey, {"b": wait()})
    version = publishing.publish(journey.pk, at=NOON)
    journey.refresh_from_db()

    assert [(one.number, count) for one, count in queries.inside_by_version(journey)] == [(2, 0), (1, 1)]
    assert queries.inside_by_version(journey)[0][0] == version


def test_people_at_a_node_come_by_pages_newest_first():
    journey = live({"a": wait("b"), "b": wait()})
    here = [walker(journey) for _turn in range(3)]
    walker(journey, "b")
    first = page_of(queries.walkers_at(journey.live_id, "a"), QueryDict(), size=2)
    rest = page_of(queries.walkers_at(journey.live_id, "a"), QueryDict(first.next.lstrip("?")), size=2)

    assert [*first.rows, *rest.rows] == here[::-1]
    everybody = queries.walks_of(journey, state="walking").order_by(*queries.NEWEST_WALKS)
    assert list(everybody.values_list("node", flat=True)) == ["b", "a", "a", "a"]


def test_a_walk_tells_its_steps_with_the_names_they_had():
    journey = live({"a": wait("b"), "b": wait()})
    one = walker(journey, "b")
    later = NOON + timedelta(days=1)
    StepTaken.objects.create(
        enrolment=one, number=1, version=journey.live, node="a", way="next", at=later, detail={"x": 1}
    )
    StepTaken.objects.create(enrolment=one, number=2, version=journey.live, node="gone", way="next", at=later)
    found = walk(one.pk)

    assert [(step.number, step.version, step.name, step.kind, step.detail) for step in found.steps] == [
        (1, 1, "等一天", "wait", {"x": 1}),
        (2, 1, "gone", "", None),
    ]


def test_the_walks_of_a_person_are_those_of_all_that_were_merged():
    survivor = world.make_customer()
    absorbed = world.make_customer(merged_into=survivor)
    journey = live()
    one, other = walker(journey, customer=survivor), walker(journey, customer=absorbed, key="2", cause="x")

    assert list(walks_of_customer(absorbed.pk)) == [other, one]


def test_an_unknown_slug_is_a_refusal():
    with pytest.raises(NoSuchJourney, match="none"):
        queries.journey_of("none")
