from datetime import timedelta

import pytest

from homeground.events.catalog.commerce import OrderPaid
from homeground.events.services import record
from homeground.people.services import ConsentDecision, decide_consent, merge
from homeground.segments.errors import RuleRefused
from homeground.segments.services import count, preview
from tests.segments.people import AT, TAGGED, in_step, make_customers
from tests.support import drain


@pytest.mark.django_db
def test_a_rule_counts_the_customers_it_holds_for():
    make_customers(5, tagged=[0, 3])

    assert count(TAGGED, AT).customers == 2
    assert count({"not": TAGGED}, AT).customers == 3
    assert count({"all": []}, AT).as_of == AT


@pytest.mark.django_db(transaction=True)
def test_events_after_the_moment_do_not_count_and_those_of_merged_customers_do():
    ids = make_customers(3)
    for at, customer in enumerate(ids):
        paid = OrderPaid(
            customer_id=customer, order_no=f"{at}", amount_minor=1999, currency="CNY", items=1, skus=["a"],
            happened_at=AT + timedelta(days=at),
        )  # fmt: skip
        record(paid)
    merge(ids[0], ids[1], {"by": "test"})
    drain()
    in_step()
    bought = {"orders": "count", "is": {"at_least": 1}}
    spent = {"orders": "net", "is": {"equals": 39.98}}

    assert count(bought, AT).customers == 1
    assert count(bought, AT + timedelta(days=2)).customers == 2
    assert count(spent, AT + timedelta(days=2)).customers == 1
    assert count({"not": bought}, AT - timedelta(days=1)).customers == 2


@pytest.mark.django_db
def test_a_preview_shows_the_same_ten_for_the_same_answer():
    ids = make_customers(30, tagged=range(20))
    said = [(ids[0], "phone", True), (ids[1], "*", True), (ids[2], "wecom", False), (ids[25], "phone", True)]
    decide_consent(ConsentDecision(one, "promotion", on, granted, {"by": "t"}, "form", AT) for one, on, granted in said)
    in_step()

    shown = preview(TAGGED, AT)

    assert (shown.customers, shown.agreed, shown.everyone, len(shown.sample)) == (20, 2, 30, 10)
    assert set(shown.sample) <= set(ids[:20])
    assert preview(TAGGED, AT) == shown


@pytest.mark.django_db
def test_an_unknown_attribute_is_refused_by_its_path():
    with pytest.raises(RuleRefused, match=r"all\[0\]\.attribute"):
        count({"all": [{"attribute": "shoe", "is": {"equals": 1}}]}, AT)
