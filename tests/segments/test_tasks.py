import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from homeground.segments.models import Segment
from homeground.segments.services import create, create_list_from_rule, refresh_soon
from homeground.segments.tasks import refresh_due, refresh_one
from tests.segments.people import AT, TAGGED, make_customers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_jobs_of_other_tests(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def waiting() -> list[int]:
    jobs = ProcrastinateJob.objects.filter(task_name="segments.refresh")
    return sorted(job.args["segment_id"] for job in jobs)


def test_the_clock_asks_for_what_is_due_once():
    make_customers(2, tagged=[0])
    first, second = create(slug="a", name="a", rule=TAGGED), create(slug="b", name="b", rule=TAGGED)
    create_list_from_rule(slug="fixed", name="fixed", rule=TAGGED, at=AT)

    refresh_due(0)
    refresh_due(60)

    assert waiting() == [first.pk, second.pk]


def test_a_refresh_by_a_worker_computes_and_one_that_is_refused_is_written_down(caplog):
    make_customers(2, tagged=[0])
    segment = create(slug="a", name="a", rule=TAGGED)
    refresh_soon(segment)
    assert waiting() == [segment.pk]

    refresh_one(segment.pk)
    Segment.objects.filter(pk=segment.pk).update(rule={"attribute": "gone", "is": {"is_set": True}})
    refresh_one(segment.pk)

    segment.refresh_from_db()
    assert segment.customers == 1
    assert "gone" in segment.failure
    assert "gone" in caplog.text
