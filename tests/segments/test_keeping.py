import pytest

from homeground.segments.errors import RuleRefused, SegmentCycle, SegmentInUse, SegmentUnknown, SlugTaken
from homeground.segments.models import Segment
from homeground.segments.queries import segment_of
from homeground.segments.services import archive, create, create_list_from_rule, restore, save
from tests.segments.people import AT, TAGGED, make_customers

pytestmark = pytest.mark.django_db


def make(slug: str = "vip", rule: object = TAGGED) -> Segment:
    return create(slug=slug, name=slug, rule=rule)


def test_a_segment_keeps_its_rule_without_what_is_left_to_default():
    segment = make(rule={"event": "a", "where": [], "measure": "count"})

    assert Segment.objects.get(slug="vip") == segment
    assert segment.rule == {"event": "a"}


def test_a_slug_belongs_to_one_segment():
    make()
    with pytest.raises(SlugTaken):
        make()
    with pytest.raises(SlugTaken):
        create_list_from_rule(slug="vip", name="x", rule=TAGGED, at=AT)
    assert Segment.objects.count() == 1


def test_a_change_that_would_make_a_circle_changes_nothing():
    first = make("first")
    make("second", {"segment": "first"})

    with pytest.raises(SegmentCycle, match="first → second → first"):
        save(first, name="renamed", rule={"segment": "second"})
    with pytest.raises(SegmentCycle):
        save(first, name="renamed", rule={"not": {"segment": "first"}})

    first.refresh_from_db()
    assert (first.name, first.rule) == ("first", TAGGED)


def test_a_segment_that_another_names_stays():
    first = make("first")
    second = make("second", {"not": {"segment": "first"}})

    with pytest.raises(SegmentInUse, match="second"):
        archive(first)

    archive(second)
    archive(first)
    with pytest.raises(SegmentUnknown):
        segment_of("first")


def test_what_was_put_away_comes_back():
    segment = make()
    archive(segment)
    assert not Segment.objects.listed().exists()

    restore(segment)

    assert segment_of("vip").rule == TAGGED


def test_what_names_a_segment_that_is_gone_does_not_come_back():
    first = make("first")
    second = make("second", {"segment": "first"})
    archive(second)
    archive(first)

    with pytest.raises(RuleRefused):
        restore(second)


def test_a_list_keeps_its_rule():
    make_customers(1, tagged=[0])
    listed = create_list_from_rule(slug="now", name="now", rule=TAGGED, at=AT)

    save(listed, name="renamed", rule={"all": []})

    listed.refresh_from_db()
    assert (listed.name, listed.rule, listed.customers) == ("renamed", TAGGED, 1)
