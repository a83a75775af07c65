import pytest

from homeground.events.catalog.commerce import OrderPaid
from homeground.events.models import StreamEvent
from homeground.events.services import record


def order(cause: str) -> OrderPaid:
    return OrderPaid(customer_id=1, order_no="1", amount_minor=100, currency="CNY", items=1, skus=["a"], cause=cause)


@pytest.mark.django_db
def test_a_fact_with_the_same_cause_is_recorded_once():
    assert record(order("order:1"), order("order:1"), order("order:2")) == 2
    assert record(order("order:1")) == 0
    assert StreamEvent.objects.count() == 2
