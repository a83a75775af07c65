"""Ways onto the stream."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from homeground.events.catalog.commerce import OrderPaid
from homeground.events.catalog.people import RelationMoved
from homeground.events.models import StreamEvent
from homeground.events.services import Incoming, key_of, receive, record, record_for

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def order(cause: str) -> OrderPaid:
    return OrderPaid(customer_id=1, order_no="1", amount_minor=100, currency="CNY", items=1, skus=["a"], cause=cause)


def incoming(key: str, **given: Any) -> Incoming:
    return Incoming(
        **{
            "name": "page_viewed",
            "key": key_of(key),
            "stated_at": NOON,
            "happened_at": NOON,
            "source": "web",
            "identities": (("device", "d1"),),
            "properties": {"url": "https://example.com"},
        }
        | given
    )


def test_a_fact_with_the_same_cause_is_recorded_once():
    assert record(order("order:1"), order("order:1"), order("order:2")) == 2
    assert record(order("order:1")) == 0
    assert StreamEvent.objects.count() == 2


@pytest.mark.parametrize("many", [3, 300])
def test_few_and_many_events_are_received_alike(many):
    assert receive(incoming(f"{many}:{number}") for number in range(many)) == many
    assert receive(incoming(f"{many}:{number}") for number in range(many + 1)) == 1

    event = StreamEvent.objects.get(key=key_of(f"{many}:0"))
    assert event.identities == [["device", "d1"]]
    assert event.properties == {"url": "https://example.com"}
    assert (event.name, event.source, event.happened_at) == ("page_viewed", "web", NOON)


def test_two_large_calls_in_one_transaction_do_not_mix():
    assert receive(incoming(f"a{number}") for number in range(50)) == 50
    assert receive(incoming(f"b{number}") for number in range(50)) == 50


@pytest.mark.parametrize("many", [1, 50])
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("\U0001f600", "\U0001f600"),
        (float("nan"), None),
        (float("-inf"), None),
        (10**5000, None),
        ("\\u0000", "\\u0000"),
    ],
    ids=["NUL", "lone surrogate", "emoji", "NaN", "infinity", "endless number", "written escape"],
)
def test_what_the_store_cannot_hold_is_replaced_and_the_rest_of_the_batch_goes_in(given, kept, many):
    odd = incoming("odd", properties={"value": given, "list": [given]})

    assert receive([odd, *(incoming(str(number)) for number in range(many))]) == many + 1
    assert StreamEvent.objects.get(key=key_of("odd")).properties == {"value": kept, "list": [kept]}


def test_odd_names_identities_and_keys_are_cleaned_too():
    receive([incoming("odd", name="a\0", source="\udfff", identities=[("phone", "1\0")], properties={"k\0": 1})])

    event = StreamEvent.objects.get()
    assert (event.name, event.source) == ("a\ufffd", "\ufffd")
    assert event.identities == [["phone", "1\ufffd"]]
    assert event.properties == {"k\ufffd": 1}


def test_endless_nesting_is_cut_off():
    deep: Any = "bottom"
    for _ in range(5000):
        deep = [deep]

    assert receive([incoming("deep", properties={"deep": deep})]) == 1


@pytest.mark.parametrize("ready", ['{"a": "\\u0000"}', '{"a": "\\ud83d"}'])
def test_ready_json_text_is_taken_as_it_is_and_cleaned_when_it_must_be(ready):
    receive([incoming("good", properties='{"a": "b"}'), incoming("odd", properties=ready)])

    assert StreamEvent.objects.get(key=key_of("good")).properties == {"a": "b"}
    assert StreamEvent.objects.get(key=key_of("odd")).properties == {"a": "\ufffd"}


def test_one_fact_about_many_customers_is_recorded_once_for_each():
    moved = RelationMoved(before="none", after="one_way", cause="round:1")

    assert record_for(moved, [1, 2, 3]) == 3
    assert record_for(moved, [3, 4]) == 1
    assert record_for(moved, []) == 0
    assert sorted(StreamEvent.objects.values_list("customer_id", flat=True)) == [1, 2, 3, 4]
    assert StreamEvent.objects.filter(properties={"before": "none", "after": "one_way"}).count() == 4


def test_without_a_cause_each_fact_is_a_new_one():
    moved = RelationMoved(before="none", after="one_way")

    assert record(moved, moved) == 2
    assert record_for(moved, [1]) + record_for(moved, [1]) == 2
    assert len(set(StreamEvent.objects.values_list("key", flat=True))) == 4
    assert all(isinstance(key, uuid.UUID) for key in StreamEvent.objects.values_list("key", flat=True))


@pytest.mark.parametrize("many", [1, 50])
def test_a_name_that_the_table_refuses_is_an_error_of_django(many):
    with pytest.raises(IntegrityError), transaction.atomic():
        receive([incoming("bad", name=""), *(incoming(str(number)) for number in range(many))])

    assert not StreamEvent.objects.exists()
