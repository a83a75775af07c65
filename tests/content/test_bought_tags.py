"""已消费 / 未消费 against a plain reading of orders and friends."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.commerce.models import Order
from homeground.content.services import BOUGHT, NOT_BOUGHT, keep_bought_tags
from homeground.people import services as people
from homeground.people.models import Customer, CustomerTag, Tag
from homeground.wecom.models import ExternalContact, Follow, Staff
from tests.content.world import buys, days, friend, member

pytestmark = pytest.mark.django_db


def tags_now():
    """Which of the two each person has, on whichever of their rows."""
    found = {}
    for put in CustomerTag.objects.select_related("customer", "tag"):
        root = put.customer.merged_into_id or put.customer_id
        found.setdefault(root, set()).add(put.tag.name)
    return found


def plainly():
    """What it should be: persons with a contact, by whether any of their rows has a sale."""
    wanted = {}
    for contact in ExternalContact.objects.select_related("customer"):
        root = contact.customer.merged_into_id or contact.customer_id
        rows = {root, *Customer.objects.filter(merged_into=root).values_list("pk", flat=True)}
        has_bought = Order.objects.filter(customer__in=rows, kind="sale").exists()
        wanted[root] = {BOUGHT if has_bought else NOT_BOUGHT}
    return wanted


PERSON = st.tuples(
    st.booleans(), st.sampled_from(["", "sale", "adjustment"]), st.sampled_from(["", BOUGHT, NOT_BOUGHT])
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PERSON, max_size=6), st.integers(0, 3))
def test_every_friend_has_the_one_that_fits(given_persons, merged):
    for model in (Follow, ExternalContact, CustomerTag, Order):
        model.objects.all().delete()
    Customer.objects.all().update(merged_into=None)
    Customer.objects.all().delete()
    lin = Staff.objects.get_or_create(userid="lin")[0]
    persons = []
    for is_friend, order, tag in given_persons:
        customer = Customer.objects.create()
        persons.append(customer)
        if is_friend:
            friend(lin, customer=customer)
        if order:
            buys(customer, kind=order)
        if tag:
            people.tag([customer.pk], tag, "rule", "test")
    for customer in persons[1 : merged + 1]:
        customer.merged_into = persons[0]
        customer.save()
    untouched = {root: names for root, names in tags_now().items() if root not in plainly()}

    keep_bought_tags()

    assert tags_now() == plainly() | untouched
    assert keep_bought_tags() == (0, 0)


def test_who_buys_moves_over_and_a_refund_does_not_move_back():
    contact = friend(member())
    assert keep_bought_tags() == (0, 1)
    order = buys(contact.customer)

    assert keep_bought_tags() == (1, 0)

    order.refunds.create(
        refund_no="r", customer=contact.customer, source="t", currency="CNY", amount_minor=10000,
        refunded_at=days(1), content_hash="",
    )  # fmt: skip
    assert keep_bought_tags() == (0, 0)
    assert tags_now() == {contact.customer_id: {BOUGHT}}


def test_the_pair_stands_in_a_group_of_its_own():
    keep_bought_tags()

    assert set(Tag.objects.values_list("name", "group")) == {(BOUGHT, "消费"), (NOT_BOUGHT, "消费")}
