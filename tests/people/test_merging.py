from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from homeground.events.models import StreamEvent
from homeground.people.errors import AlreadyOnePerson, AlreadyUnmerged, DoubtAlreadyDecided, NoSuchCustomer
from homeground.people.models import Customer, Merge, MergeDoubt, RelationMove
from homeground.people.queries import ids_of, survivor_of
from homeground.people.services import (
    AttributeGiven,
    Sighting,
    confirm_doubt,
    find_customers,
    keep_apart,
    merge,
    record_evidence,
    set_attributes,
    unmerge,
)

AT = datetime(2026, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def one(*identities: tuple[str, str]) -> int:
    found = find_customers([Sighting(identities, AT, "shop")])[0]
    assert found
    return found


def named(customer: int, name: str, at: datetime = AT) -> None:
    set_attributes([AttributeGiven(customer, "name", name, "shop", at)])


def roots() -> dict[int, int | None]:
    return dict(Customer.objects.values_list("pk", "merged_into_id"))


def test_a_merge_is_recorded_and_told():
    a, b = one(("device", "a")), one(("device", "b"))

    merge(a, b, {"by": "boss"})

    assert roots() == {a: None, b: a}
    assert ids_of(b) == ids_of(a) == [a, b]
    assert StreamEvent.objects.get(name="people.customers_merged").properties == {"absorbed_id": b}


def test_merging_one_person_with_itself_changes_nothing():
    a, b = one(("device", "a")), one(("device", "b"))
    merge(a, b, {})

    with pytest.raises(AlreadyOnePerson):
        merge(b, a, {})
    with pytest.raises(NoSuchCustomer):
        merge(a, 999_999, {})

    assert Merge.objects.count() == 1


def test_undoing_gives_back_what_arrived_since_under_the_absorbed_one():
    a, b = one(("device", "a")), one(("device", "b"))
    row = merge(a, b, {})
    late = one(("device", "b"), ("openid", "o"))

    unmerge(row.pk, "boss")

    assert late == b == one(("openid", "o"))
    assert roots() == {a: None, b: None}
    assert StreamEvent.objects.filter(name="people.customers_unmerged").count() == 1


def test_undoing_twice_is_refused():
    row = merge(one(("device", "a")), one(("device", "b")), {})
    unmerge(row.pk, "boss")

    with pytest.raises(AlreadyUnmerged):
        unmerge(row.pk, "boss")


def test_what_was_undone_is_not_joined_again_by_the_same_evidence():
    a, b = one(("device", "a")), one(("anonymous", "b"))
    one(("device", "a"), ("anonymous", "b"))

    unmerge(Merge.objects.get().pk, "boss")
    again = one(("device", "a"), ("anonymous", "b"))

    assert again == a
    assert roots() == {a: None, b: None}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_is_undone_in_any_order(order):
    a, b, c, d = (one(("device", name)) for name in "abcd")
    rows = [merge(c, d, {}), merge(b, c, {}), merge(a, b, {})]
    assert roots() == {a: None, b: a, c: a, d: a}

    left = set(range(3))
    for step in order:
        unmerge(rows[step].pk, "boss")
        left.discard(step)
        assert roots() == expected([a, b, c, d], left)


def expected(customers: list[int], joined: set[int]) -> dict[int, int | None]:
    """Merge 0 is d into c, 1 is c into b, 2 is b into a."""
    root: dict[int, int | None] = {customers[0]: None}
    for place, step in ((1, 2), (2, 1), (3, 0)):
        above = customers[place - 1]
        root[customers[place]] = (root[above] or above) if step in joined else None
    return root


def test_a_name_belongs_to_the_person_and_goes_back():
    a, b = one(("device", "a")), one(("device", "b"))
    named(b, "王小明", AT + timedelta(days=1))
    named(a, "小王")
    row = merge(a, b, {})
    assert Customer.objects.get(pk=a).name == "王小明"

    unmerge(row.pk, "boss")

    assert [Customer.objects.get(pk=pk).name for pk in (a, b)] == ["小王", "王小明"]


def test_a_stage_that_rested_on_the_other_falls_back():
    a, b = one(("device", "a")), one(("device", "b"))
    record_evidence([(b, "commerce.order_paid", AT)])
    row = merge(a, b, {})
    assert Customer.objects.get(pk=a).relation == "two_way"

    unmerge(row.pk, "boss")

    assert Customer.objects.get(pk=a).relation == "none"
    assert Customer.objects.get(pk=b).relation == "two_way"
    assert list(RelationMove.objects.filter(customer=a).order_by("pk").values_list("before", "after")) == [
        ("none", "two_way"),
        ("two_way", "none"),
    ]


@pytest.fixture
def doubt() -> MergeDoubt:
    one(("phone", "13800000001"), ("device", "d"))
    one(("phone", "13800000002"), ("device", "d"))
    return MergeDoubt.objects.get()


def test_a_doubt_confirmed_joins_them(doubt):
    confirm_doubt(doubt.pk, "boss")

    assert survivor_of(doubt.other_id) == doubt.one_id
    with pytest.raises(DoubtAlreadyDecided):
        keep_apart(doubt.pk, "boss")


def test_a_doubt_refused_is_not_raised_again(doubt):
    keep_apart(doubt.pk, "boss")

    one(("phone", "13800000002"), ("device", "d"))

    assert survivor_of(doubt.other_id) == doubt.other_id
    assert MergeDoubt.objects.get().decision == "kept_apart"
