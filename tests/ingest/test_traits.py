import pytest

from homeground.people.models import AttributeValue, Customer, Identity
from tests.ingest.support import post
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)


def test_traits_become_attributes_of_the_person_whose_ids_they_are():
    traits = {"email": "li@example.com", "city": "杭州", "age": 30, "vip": True, "address": {"street": "1"}}
    post("/v1/track", {"event": "Opened", "anonymousId": "a1", "timestamp": "2026-06-01T10:00:00Z"})
    post("/v1/identify", {"userId": "u1", "anonymousId": "a1", "traits": traits, "context": {"ip": "1.2.3.4"}})
    drain()

    customer = Customer.objects.get()
    assert set(Identity.objects.filter(customer=customer).values_list("kind", flat=True)) == {
        "anonymous", "user_id", "email",
    }  # fmt: skip
    assert dict(AttributeValue.objects.values_list("attribute__key", "value")) == {
        "city": "杭州", "age": "30", "vip": "true", "address": '{"street": "1"}',
    }  # fmt: skip


def test_an_alias_joins_what_it_names():
    post("/v1/track", {"event": "Opened", "anonymousId": "a1"})
    post("/v1/track", {"event": "Opened", "userId": "u1"})
    drain()
    assert Customer.objects.filter(merged_into=None).count() == 2

    post("/v1/alias", {"userId": "u1", "previousId": "a1"})
    drain()

    assert Customer.objects.filter(merged_into=None).count() == 1
