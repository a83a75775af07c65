from datetime import UTC, datetime

import pytest

from homeground.people.models import Customer, Identity, Merge, MergeDoubt
from homeground.people.queries import survivor_of
from homeground.people.services import Sighting, find_customers

AT = datetime(2026, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def seen(*identities: tuple[str, str], customer_id: int | None = None) -> Sighting:
    return Sighting(identities, AT, "shop", customer_id)


def one(*identities: tuple[str, str]) -> int:
    return find_customers([seen(*identities)])[0]


def test_a_new_identity_makes_a_customer_and_a_known_one_finds_it():
    first, second = find_customers([seen(("phone", "13800000001")), seen(("phone", "+86 138-0000-0001"))])

    assert first == second == one(("phone", "008613800000001"))
    assert Customer.objects.get().created_at == AT


def test_identities_that_come_together_are_one_person_through_a_chain():
    answers = find_customers(
        [
            seen(("device", "d1"), ("anonymous", "a1")),
            seen(("anonymous", "a1"), ("phone", "13800000001")),
            seen(("phone", "13800000001"), ("email", "A@b.cn")),
        ]
    )

    assert len(set(answers)) == 1
    assert Identity.objects.count() == 4
    assert Identity.objects.get(kind="email").value == "a@b.cn"


def test_an_event_with_two_identities_joins_two_customers_and_the_oldest_survives():
    older, younger = one(("device", "d1")), one(("phone", "13800000001"))

    answer = one(("device", "d1"), ("phone", "13800000001"))

    merge = Merge.objects.get()
    assert (merge.survivor_id, merge.absorbed_id) == (older, younger)
    assert merge.evidence == {"identities": [["phone", "13800000001"], ["device", "d1"]]}
    assert survivor_of(answer) == older


def test_two_phones_on_one_device_are_doubted_and_each_event_goes_to_its_phone():
    first = one(("phone", "13800000001"), ("device", "d1"))
    second = one(("phone", "13800000002"), ("device", "d1"))

    assert first != second
    assert not Merge.objects.exists()
    assert (MergeDoubt.objects.get().one_id, MergeDoubt.objects.get().other_id) == (first, second)
    assert one(("device", "d1")) == first


def test_the_same_clash_in_one_batch():
    first, second, third = find_customers(
        [
            seen(("phone", "13800000001"), ("device", "d1")),
            seen(("phone", "13800000002"), ("device", "d1")),
            seen(("device", "d1")),
        ]
    )

    assert first == third != second
    assert MergeDoubt.objects.count() == 1


@pytest.mark.parametrize(
    "junk", ["", "null", "Undefined", "none", "anonymous", "GUEST", "0", "[object Object]", "x" * 256, "a\x00b"]
)
def test_junk_is_nobody(junk):
    assert one(("user_id", junk)) is None
    assert not Customer.objects.exists()


def test_a_stated_customer_takes_the_unknown_identities_of_its_event():
    customer = one(("phone", "13800000001"))

    assert find_customers([seen(("email", "a@b.cn"), customer_id=customer)]) == [customer]
    assert one(("email", "a@b.cn")) == customer


def test_an_alias_joins_two_user_ids():
    first, second = one(("user_id", "u1")), one(("user_id", "u2"))

    find_customers([Sighting([("user_id", "u1"), ("user_id", "u2")], AT, "shop", is_alias=True)])

    assert survivor_of(second) == first
