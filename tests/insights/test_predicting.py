"""Predictions of the brand's own customers: computed by night, said as attributes, withdrawn by a purchase."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from django.db import IntegrityError, connections

from homeground.commerce.models import Order
from homeground.commerce.services import import_orders
from homeground.insights.models import Prediction, PredictionRun
from homeground.insights.queries import timing
from homeground.insights.services import predict, predict_tonight, predicting, withdraw_predictions
from homeground.insights.value.bg_nbd import BgNbd
from homeground.people.models import Attribute, AttributeValue, Customer, Stale
from homeground.people.services import AttributeGiven, merge, set_attributes, set_brand
from homeground.segments.services import create, members, refresh
from tests.insights.test_value_models import simulated
from tests.support import drain

NOW = datetime(2026, 7, 10, 4, tzinfo=UTC)  # Noon in Shanghai.


def shop(*orders: tuple[str, int], price: str = "10", prefix: str = "o", **more: object) -> dict[str, int]:
    """Orders of (member number, days ago), at this hour of the day; gives the customers by member number."""
    return shop_lines([(who, NOW - timedelta(days=ago), price, "tea") for who, ago in orders], prefix, **more)


def shop_lines(rows: list[tuple[str, datetime, str, str]], prefix: str = "o", currency: str = "CNY", **more: object):
    lines = [
        {
            "order_no": f"{prefix}{place}", "line_no": 1, "sku": sku, "quantity": 1, "unit_price": Decimal(price),
            "at": at, "member_no": who, **more,
        }
        for place, (who, at, price, sku) in enumerate(rows)
    ]  # fmt: skip
    schema = {"unit_price": pl.Decimal(18, 6), "at": pl.Datetime("us", "UTC")}
    import_orders(pl.DataFrame(lines, schema_overrides=schema), source="test", currency=currency)
    found = Customer.objects.filter(identities__kind="member_no").values_list("identities__value", "pk")
    return dict(found)


def story(people: int = 400, seed: int = 1) -> dict[str, int]:
    """Sixty weeks of customers who buy and leave as the model tells it, up to today."""
    purchases = simulated(BgNbd(0.6, 5.0, 1.0, 3.0), people, 60, seed)
    start = NOW - timedelta(days=60 * 7 - 1)
    draw = np.random.default_rng(seed)
    worth = draw.gamma(4, 20, people)
    return shop_lines(
        [
            (f"m{who}", start + timedelta(days=int(day)), f"{worth[who] * draw.gamma(6, 1 / 6):.2f}", "tea")
            for who, day in zip(purchases.people[purchases.owner], purchases.days, strict=True)
        ],
        "s",
    )


def said(customer: int) -> dict[str, str]:
    return dict(AttributeValue.objects.filter(customer=customer).values_list("attribute__key", "value"))


@pytest.mark.django_db
def test_a_regular_customer_is_due_by_her_own_rhythm_and_the_attribute_says_so():
    people = shop(*(("anna", 20 + 30 * n) for n in range(8)))

    run = predict(NOW)

    row = Prediction.objects.get()
    assert (row.customer_id, row.basis, row.orders) == (people["anna"], "rhythm", 8)
    assert row.next_on == date(2026, 7, 20)
    assert row.low_on < row.next_on < row.high_on
    assert row.last_order_at == NOW - timedelta(days=20)
    assert said(people["anna"]) == {"next_order_on": "2026-07-20"}
    assert (run.customers, run.repeat_customers, run.model, run.back_test) == (1, 1, None, None)
    assert run.by_basis == {"rhythm": 1, "model": 0, "cycle": 0, "anniversary": 0}


@pytest.mark.django_db
def test_an_only_order_has_its_anniversary():
    people = shop(("beth", 350))

    predict(NOW)

    row = Prediction.objects.get(customer=people["beth"])
    assert (row.basis, row.next_on) == ("anniversary", date(2026, 7, 25))


@pytest.mark.django_db
def test_a_product_that_is_bought_again_and_again_has_a_cycle():
    rows = [(f"m{n}", NOW - timedelta(days=400 + 28 * k), "10", "milk") for n in range(25) for k in range(3)]
    people = shop_lines([*rows, ("new", NOW - timedelta(days=10), "10", "milk")])

    predict(NOW)

    row = Prediction.objects.get(customer=people["new"])
    assert (row.basis, row.next_on, row.product.sku) == ("cycle", date(2026, 7, 28), "milk")


@pytest.mark.django_db
def test_with_enough_customers_the_model_gives_dates_chances_and_values():
    people = story()

    run = predict(NOW)

    assert run.model["r"] > 0
    assert run.worth["q"] > 1
    assert run.by_basis["model"] > 20
    assert Prediction.objects.filter(expected_minor__gte=0).count() == len(people)
    again = Prediction.objects.filter(orders__gt=1)
    assert again.filter(alive__gte=0, alive__lte=1).count() == again.count() > 50
    assert not Prediction.objects.filter(orders=1).exclude(alive=None).exists()
    row = Prediction.objects.filter(basis="model").first()
    told = said(row.customer_id)
    assert told["next_order_on"] == str(row.next_on)
    assert float(told["alive_probability"]) == pytest.approx(row.alive, abs=0.0051)
    assert float(told["expected_value"]) == pytest.approx(row.expected_minor / 100, rel=0.006)
    kinds = dict(Attribute.objects.filter(key__in=told).values_list("key", "kind"))
    assert kinds == {"next_order_on": "date", "alive_probability": "number", "expected_value": "number"}


@pytest.mark.django_db
def test_valued_customers_who_are_likely_gone_raise_an_alarm():
    people = story(1500)
    today = date(2026, 7, 10)
    assert not timing.due(today, timing.LEAVING).exists()  # Nothing is computed yet.

    run = predict(NOW)

    assert sum(row.spent_minor >= run.valued_minor for row in Prediction.objects.all()) in (150, 151)
    leaving = set(timing.due(today, timing.LEAVING).values_list("customer", flat=True))
    expected = {
        row.customer_id for row in Prediction.objects.all()
        if row.alive is not None and (row.alive < 0.5 or not row.basis) and row.spent_minor >= run.valued_minor
        and row.last_order_at >= NOW - timedelta(days=366)
    }  # fmt: skip
    assert leaving == expected
    assert 0 < len(leaving) == timing.counts(today).leaving < len(people) // 10
    one = leaving.pop()
    withdraw_predictions([(one, NOW + timedelta(hours=1))])
    assert set(timing.due(today, timing.LEAVING).values_list("customer", flat=True)) == leaving


@pytest.mark.django_db
def test_where_everybody_spends_alike_each_ones_own_mean_counts(monkeypatch):
    monkeypatch.setattr(predicting.gamma_gamma, "fit", lambda summary: None)
    story()

    run = predict(NOW)

    assert run.worth is None
    assert not Prediction.objects.filter(expected_minor=None).exists()


@pytest.mark.django_db
def test_the_back_test_is_kept_with_the_run():
    story(1500)

    found = predict(NOW).back_test

    assert found["weeks"] == 13
    assert len(found["by_week"]) == 13
    assert found["predicted"] == pytest.approx(found["actual"], rel=0.25)
    assert found["cut_on"] == str(date(2026, 7, 10) - timedelta(weeks=13))


@pytest.mark.django_db
def test_a_repeat_changes_nothing_and_marks_nobody():
    story()
    predict(NOW)
    before = list(Prediction.objects.order_by("pk").values())
    Stale.objects.all().delete()

    predict(NOW)

    assert list(Prediction.objects.order_by("pk").values()) == before
    assert not Stale.objects.exists()


@pytest.mark.django_db
def test_what_was_given_back_is_no_purchase():
    shop(("anna", 90), ("anna", 60), ("anna", 30), ("beth", 50))
    shop(("anna", 25), ("beth", 45), prefix="r", kind="refund", refund_of="o2")
    Order.objects.filter(order_no="o3").update(paid_at=NOW - timedelta(days=50))

    predict(NOW)

    assert Prediction.objects.order_by("customer").first().orders == 2


@pytest.mark.django_db
def test_who_gave_everything_back_is_not_expected_again():
    people = shop(("anna", 90), ("beth", 90))
    shop(("anna", 80), prefix="r", kind="refund", price="10")

    predict(NOW)

    assert not Prediction.objects.filter(customer=people["anna"]).exists()
    assert Prediction.objects.filter(customer=people["beth"]).exists()


@pytest.mark.django_db
def test_days_are_the_brands():
    set_brand(name="b", time_zone="America/New_York", currency="CNY")
    shop_lines([("anna", datetime(2026, 7, 9, 2, tzinfo=UTC), "10", "tea")])  # Still the 8th there.

    predict(NOW)

    assert Prediction.objects.get().next_on == date(2027, 7, 8)


@pytest.mark.django_db
def test_merged_customers_are_one_person_and_the_absorbed_keeps_nothing():
    people = shop(*(("anna", 20 + 60 * n) for n in range(4)), *(("anne", 50 + 60 * n) for n in range(4)))
    predict(NOW)
    merge(people["anna"], people["anne"], "test")
    survivor = Customer.objects.get(pk=people["anne"]).merged_into_id or people["anne"]
    absorbed = ({people["anna"], people["anne"]} - {survivor}).pop()

    predict(NOW)

    row = Prediction.objects.get()
    assert (row.customer_id, row.orders, row.next_on) == (survivor, 8, date(2026, 7, 20))
    assert said(absorbed) == {}
    assert said(survivor) == {"next_order_on": "2026-07-20"}


@pytest.mark.django_db
def test_what_others_said_is_never_taken_away():
    people = shop(("anna", 20))
    other = shop(("beth", 900), ("beth", 700), prefix="b")["beth"]
    set_attributes([AttributeGiven(other, "next_order_on", "2027-01-01", "import", NOW - timedelta(days=3))])

    predict(NOW)
    withdraw_predictions([(other, NOW), (people["anna"], NOW)])

    assert said(other) == {"next_order_on": "2027-01-01"}
    assert said(people["anna"]) == {}


@pytest.mark.django_db
def test_an_order_that_the_prediction_knows_withdraws_nothing():
    people = shop(("anna", 20))
    predict(NOW)

    assert withdraw_predictions([(people["anna"], NOW - timedelta(days=20)), (10**9, NOW)]) == 0
    assert Prediction.objects.exists()
    assert withdraw_predictions([(people["anna"], NOW)]) == 1
    assert withdraw_predictions([(people["anna"], NOW)]) == 0


@pytest.mark.django_db(transaction=True)
def test_a_purchase_withdraws_at_once_and_the_segment_of_the_due_follows():
    people = shop(*((who, 20 + 30 * n) for who in ("anna", "beth") for n in range(8)))
    drain()
    predict(NOW)
    drain()
    rule = {"attribute": "next_order_on", "is": {"between": ["2026-07-15", "2026-07-25"]}}
    due = create(slug="due", name="Due", rule=rule)
    refresh(due)
    assert set(members(due)) == {people["anna"], people["beth"]}

    shop(("anna", 0), prefix="n")
    drain()
    refresh(due)

    assert list(Prediction.objects.values_list("customer", flat=True)) == [people["beth"]]
    assert said(people["anna"]) == {}
    assert set(members(due)) == {people["beth"]}


@pytest.mark.django_db
def test_whoever_buys_while_the_night_computes_gets_no_prediction(monkeypatch):
    people = shop(*((who, 20 + 30 * n) for who in ("anna", "beth") for n in range(8)))
    predict(NOW)
    told = predicting.product_cycles

    def meanwhile(*given):
        if not Order.objects.filter(order_no="late0").exists():
            shop(("anna", 0), prefix="late")
        return told(*given)

    monkeypatch.setattr(predicting, "product_cycles", meanwhile)
    predict(NOW - timedelta(minutes=1))

    assert list(Prediction.objects.values_list("customer", flat=True)) == [people["beth"]]
    assert said(people["anna"]) == {}


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_during_the_night_is_not_undone_by_it():
    people = shop(*((f"m{n}", 20 + 30 * k) for n in range(40) for k in range(5)))
    drain()
    errors: list[BaseException] = []

    def buy() -> None:
        try:
            withdraw_predictions((pk, NOW) for pk in people.values())
        except BaseException as error:
            errors.append(error)
        finally:
            connections["default"].close()

    buyers = [threading.Thread(target=buy) for _ in range(3)]
    shop(*((f"m{n}", 0) for n in range(40)), prefix="x")
    for thread in buyers:
        thread.start()
    predict(NOW - timedelta(minutes=1))
    for thread in buyers:
        thread.join()

    assert not errors
    assert not Prediction.objects.exists()
    assert not AttributeValue.objects.filter(source="predicted").exists()


@pytest.mark.django_db
def test_the_night_comes_once_a_day_from_three_in_the_morning():
    shop(("anna", 20))

    assert predict_tonight(datetime(2026, 7, 9, 18, 59, tzinfo=UTC)) is None  # 02:59 in Shanghai.
    assert predict_tonight(datetime(2026, 7, 9, 19, 0, tzinfo=UTC)) is not None
    assert predict_tonight(datetime(2026, 7, 9, 23, 0, tzinfo=UTC)) is None
    assert PredictionRun.objects.count() == 1


@pytest.mark.django_db
def test_a_brand_without_orders_is_computed_too():
    run = predict(NOW)

    assert (run.customers, run.weeks, run.ladder) == (0, 0, [])


@pytest.mark.django_db
def test_parts_leave_nobody_out(monkeypatch):
    monkeypatch.setattr(predicting, "_CHUNK", 7)
    people = shop(*((f"m{n}", 20 + n) for n in range(30)))
    gone = Customer.objects.create()
    Prediction.objects.create(customer=gone, orders=1, last_order_at=NOW, as_on=NOW.date())

    predict(NOW)

    assert set(Prediction.objects.values_list("customer", flat=True)) == set(people.values())


@pytest.mark.django_db
def test_a_date_without_interval_is_refused():
    anyone = Customer.objects.create()

    with pytest.raises(IntegrityError):
        Prediction.objects.create(
            customer=anyone, basis="model", next_on=NOW.date(), orders=1, last_order_at=NOW, as_on=NOW.date()
        )
