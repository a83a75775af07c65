from datetime import timedelta

import pytest

from homeground.core import time
from homeground.events import warehouse
from homeground.events.models import StreamEvent
from homeground.people.services import merge
from homeground.segments.errors import ListIsFixed, SegmentBusy
from homeground.segments.models import Generation, Segment
from homeground.segments.services import create, create_list_from_rule, due, members, refresh
from homeground.segments.services.refreshing import lease
from tests.segments.people import AT, TAGGED, in_step, make_customers, put_tag

pytestmark = pytest.mark.django_db


def make(slug: str = "vip", rule: object = TAGGED) -> Segment:
    return create(slug=slug, name=slug, rule=rule)


def told(name: str) -> list[int]:
    found = StreamEvent.objects.filter(name=f"segments.segment_{name}").order_by("customer_id")
    return [one for one in found.values_list("customer_id", flat=True) if one]


def test_the_first_generation_tells_who_entered():
    ids = make_customers(4, tagged=[0, 2])
    segment = make()

    generation = refresh(segment, AT)

    assert members(segment) == [ids[0], ids[2]] == told("entered")
    assert (generation.customers, generation.entered, generation.left) == (2, 2, 0)
    assert (segment.customers, segment.as_of, segment.lease_until, segment.failure) == (2, AT, None, "")


def test_only_comings_and_goings_are_told():
    ids = make_customers(4, tagged=[0, 2])
    segment = make(rule={"any": [TAGGED, {"tag": ["新"]}]})
    refresh(segment, AT)
    StreamEvent.objects.all().delete()
    put_tag([ids[0], ids[3]], "新")

    generation = refresh(segment, AT)
    again = refresh(segment, AT)

    assert members(segment) == [ids[0], ids[2], ids[3]]
    assert told("entered") == [ids[3]]
    assert told("left") == []
    assert (generation.entered, again.entered, again.left) == (1, 0, 0)


def test_who_no_longer_fits_has_left():
    ids = make_customers(3, tagged=[0, 1])
    segment = make(rule={"all": [TAGGED, {"not": {"tag": ["退"]}}]})
    refresh(segment, AT)
    put_tag([ids[1]], "退")

    refresh(segment, AT)

    assert members(segment) == [ids[0]]
    assert told("left") == [ids[1]]


def test_a_merge_is_no_coming_or_going():
    ids = make_customers(3, tagged=[0, 1])
    segment = make()
    refresh(segment, AT)
    merge(ids[0], ids[1], {"by": "test"})
    in_step()
    assert members(segment) == [ids[0]]  # The old generation, as its people are now.

    generation = refresh(segment, AT)

    assert (generation.customers, generation.entered, generation.left) == (1, 0, 0)


def test_a_second_refresh_at_the_same_time_is_refused():
    make_customers(1, tagged=[0])
    segment = make()
    lease(segment)

    with pytest.raises(SegmentBusy):
        refresh(segment, AT)

    assert not Generation.objects.exists()


def test_a_refresh_that_died_is_taken_over_and_what_it_left_is_never_read(monkeypatch):
    ids = make_customers(2, tagged=[0])
    segment = make()
    number = lease(segment)
    warehouse.insert("segment_members", ["segment_id", "generation", "customer_id"], [(segment.pk, number, ids[1])])
    later = time.now() + timedelta(hours=1)
    monkeypatch.setattr(time, "now", lambda: later)

    refresh(segment, AT)

    assert members(segment) == [ids[0]]
    assert stored(segment) == {segment.generation}


def test_a_late_refresh_whose_lease_was_taken_publishes_nothing(monkeypatch):
    make_customers(2, tagged=[0])
    segment = make()
    run = warehouse.run

    def overtaken(sql, **params):
        Segment.objects.filter(pk=segment.pk).update(last_generation=9)
        run(sql, **params)

    monkeypatch.setattr(warehouse, "run", overtaken)
    with pytest.raises(SegmentBusy):
        refresh(segment, AT)

    assert not Generation.objects.exists()
    assert not StreamEvent.objects.filter(name="segments.segment_entered").exists()


def test_a_failure_keeps_the_old_generation_and_frees_the_segment(monkeypatch):
    ids = make_customers(2, tagged=[0])
    segment = make()
    refresh(segment, AT)

    with monkeypatch.context() as patched:
        patched.setattr(warehouse, "run", lambda *_args, **_params: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(segment, AT)

    segment.refresh_from_db()
    assert (segment.lease_until, segment.failure) == (None, "division by zero")
    assert members(segment) == [ids[0]]
    assert refresh(segment, AT).number > 1


def test_old_generations_are_pruned():
    make_customers(2, tagged=[0])
    segment, other = make(), make("other")
    refresh(other, AT)
    for _ in range(4):
        refresh(segment, AT)

    assert stored(segment) == {3, 4}
    assert stored(other) == {1}
    assert Generation.objects.filter(segment=segment).count() == 4


def test_a_list_keeps_those_it_began_with():
    ids = make_customers(3, tagged=[0])
    segment = create_list_from_rule(slug="now", name="now", rule=TAGGED, at=AT)
    put_tag([ids[1]])

    with pytest.raises(ListIsFixed):
        refresh(segment, AT)

    assert members(segment) == [ids[0]]
    assert due() == []


def test_segments_inside_segments_answer_at_the_same_moment():
    ids = make_customers(4, tagged=[0, 1])
    create_list_from_rule(slug="listed", name="listed", rule=TAGGED, at=AT)
    make("vip")
    segment = make("both", {"all": [{"segment": "vip"}, {"not": {"segment": "listed"}}]})
    put_tag([ids[3]])

    refresh(segment, AT)

    assert members(segment) == [ids[3]]


def test_a_segment_is_due_when_its_interval_is_over():
    make_customers(1, tagged=[0])
    segment = make()
    assert due() == [segment]

    refresh(segment, AT)

    assert due() == []
    assert due(time.now() + timedelta(minutes=61)) == [segment]


def stored(segment: Segment) -> set[int]:
    found = warehouse.client().query(
        "SELECT DISTINCT generation FROM events.segment_members WHERE segment_id = {id:UInt64}",
        parameters={"id": segment.pk},
    )
    return {row[0] for row in found.result_rows}
