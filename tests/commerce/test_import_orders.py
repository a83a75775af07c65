from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction

from homeground.commerce.errors import MissingColumn
from homeground.commerce.models import Order, OrderLine, Product, Refund, RefundLine
from homeground.commerce.queries import order_facts, totals
from homeground.commerce.services import ImportedOrders, import_orders
from homeground.events.models import StreamEvent
from homeground.people.models import Customer
from homeground.people.queries import survivor_of
from homeground.people.services import Sighting, find_customers, merge, set_brand, unmerge
from tests.support import drain

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def line(order_no: str, quantity: int = 1, price: str = "10", member_no: str | None = "m1", **more: object) -> dict:
    return {"order_no": order_no, "sku": "a", "product_name": "杯子", "quantity": quantity,
            "unit_price": Decimal(price),
            "at": AT, "member_no": member_no, "kind": None} | more  # fmt: skip


def take(*lines: dict, currency: str = "CNY") -> ImportedOrders:
    schema = {
        "unit_price": pl.Decimal(18, 6),
        "at": pl.Datetime("us", "UTC"),
        "member_no": pl.String,
        "kind": pl.String,
    }
    frame = pl.DataFrame(list(lines), schema_overrides=schema)
    frame = frame.with_columns(line_no=pl.col("order_no").cum_count().over("order_no"))
    return import_orders(frame, source="shop", currency=currency)


def told(name: str) -> list[dict]:
    return list(StreamEvent.objects.filter(name=name).order_by("id").values_list("properties", flat=True))


@pytest.mark.django_db
class TestOneReport:
    def test_lines_become_an_order_with_its_customer_and_one_event(self):
        report = take(line("1", 2, "9.90"), line("1", 1, "0.333", sku="b"))

        order = Order.objects.get()
        assert (order.amount_minor, order.currency, order.paid_at) == (2013, "CNY", AT)
        assert OrderLine.objects.filter(order=order).count() == 2
        assert order.customer == Customer.objects.get()
        assert order.customer.created_at == AT
        assert told("commerce.order_paid") == [
            {"order_no": "1", "amount_minor": 2013, "currency": "CNY", "items": 3, "skus": ["a", "b"]}
        ]
        assert (report.rows, report.orders, report.new_orders, report.new_customers) == (2, 1, 1, 1)
        assert report.line_total == Decimal("20.133")

    def test_the_same_report_again_changes_nothing(self):
        take(line("1"), line("C1", -1))
        events = StreamEvent.objects.count()

        again = take(line("1"), line("C1", -1))

        assert (again.orders, again.refunds, again.new_orders, again.new_refunds, again.changed) == (1, 1, 0, 0, 0)
        assert (again.new_customers, len(again.customer_ids)) == (0, 1)
        assert StreamEvent.objects.count() == events
        assert (Order.objects.count(), OrderLine.objects.count(), RefundLine.objects.count()) == (1, 1, 1)

    def test_a_changed_order_is_replaced_and_told_as_a_correction(self):
        take(line("1", 2))

        report = take(line("1", 1, "15"), line("1", 1, "1", sku="b"))

        assert report.changed == 1
        assert report.new_orders == 0
        assert Order.objects.get().amount_minor == 1600
        assert OrderLine.objects.count() == 2
        assert len(told("commerce.order_paid")) == 1
        assert told("commerce.order_changed") == [
            {"order_no": "1", "amount_minor": -400, "currency": "CNY", "is_refund": False}
        ]

    def test_an_order_that_finds_its_customer_moves_its_money(self):
        take(line("1", member_no=None))

        take(line("1"))

        customer = Customer.objects.get().pk
        moves = StreamEvent.objects.filter(name="commerce.order_changed").order_by("id")
        assert [(move.customer_id, move.properties["amount_minor"]) for move in moves] == [
            (None, -1000),
            (customer, 1000),
        ]

    def test_negative_quantities_are_refunds(self):
        report = take(line("1", 5), line("2", -2, refund_of="1"), line("3", -4, "0"))

        linked, written_off = Refund.objects.order_by("refund_no")
        assert (linked.amount_minor, linked.order.order_no) == (2000, "1")
        assert (written_off.amount_minor, written_off.order) == (0, None)
        assert RefundLine.objects.get(refund=linked).quantity == 2
        assert (report.orders, report.refunds) == (1, 2)
        assert told("commerce.order_refunded")[0]["order_no"] == "1"

    def test_a_cancellation_is_a_refund_whatever_its_signs(self):
        take(line("C1", 3, kind="refund"), line("C1", -1, kind="refund"))

        assert Refund.objects.get().amount_minor == 4000
        assert not Order.objects.exists()

    def test_a_number_with_both_signs_is_an_order_and_its_refund(self):
        take(line("1", 5), line("1", -2, sku="b"))

        assert Order.objects.get().amount_minor == 5000
        assert (Refund.objects.get().amount_minor, Refund.objects.get().order) == (2000, Order.objects.get())
        assert (OrderLine.objects.get().quantity, RefundLine.objects.get().quantity) == (5, 2)

    @pytest.mark.parametrize("lines", [[line("A1", 1, "-11062.06", kind="adjustment")], [line("A1", 1, "-11062.06")]])
    def test_an_adjustment_is_kept_and_told_to_nobody(self, lines):
        report = take(*lines)

        assert (Order.objects.get().kind, Order.objects.get().amount_minor) == ("adjustment", -1106206)
        assert (report.orders, report.adjustments) == (1, 1)
        assert not StreamEvent.objects.filter(name__startswith="commerce.").exists()

    def test_guests_are_kept_and_counted_apart(self):
        report = take(line("1", member_no=None), line("2"), line("3", member_no="null"))

        assert (report.guest_orders, len(report.customer_ids)) == (2, 1)
        assert StreamEvent.objects.filter(name="commerce.order_paid", customer_id=None).count() == 2

    @pytest.mark.parametrize(("price", "minor"), [("0.125", 12), ("0.135", 14), ("0.1251", 13), ("2.675", 268)])
    def test_a_total_is_rounded_once_half_to_even(self, price, minor):
        take(line("1", 1, price))

        assert Order.objects.get().amount_minor == minor

    def test_a_currency_without_hundredths(self):
        take(line("1", 1, "500"), currency="JPY")

        assert Order.objects.get().amount_minor == 500

    def test_products_are_named_by_what_was_sold_most(self):
        take(line("1"), line("2", product_name="杯"), line("3"), line("4", -1, product_name="破损"))

        assert Product.objects.get().name == "杯子"

    def test_a_missing_column_is_named_and_nothing_written(self):
        with pytest.raises(MissingColumn, match="quantity"):
            import_orders(
                pl.DataFrame([line("1")]).drop("quantity").with_columns(line_no=1), source="s", currency="CNY"
            )

        assert not StreamEvent.objects.exists()

    def test_two_reports_add_up(self):
        whole = take(line("1"), line("2", member_no="m2")) + take(line("3"))

        assert (whole.rows, whole.orders, len(whole.customer_ids), whole.new_customers) == (3, 3, 2, 2)
        assert whole.line_total == Decimal(30)

    def test_the_tables_refuse_amounts_below_zero(self):
        take(line("1"), line("2", -1))

        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.update(amount_minor=-1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Refund.objects.update(amount_minor=-1)


def take_in_thread(number: int) -> ImportedOrders:
    try:
        return take(*(line(str(n), 1 + number % 2) for n in range(20)))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_threads_that_import_the_same_numbers_tell_each_once():
    with ThreadPoolExecutor(4) as threads:
        reports = list(threads.map(take_in_thread, range(8)))

    assert Order.objects.count() == 20
    assert sum(report.new_orders for report in reports) == 20
    spend = sum(fact["amount_minor"] for fact in told("commerce.order_paid") + told("commerce.order_changed"))
    assert spend == sum(Order.objects.values_list("amount_minor", flat=True))


@pytest.mark.django_db(transaction=True)
class TestFacts:
    def test_facts_come_from_the_stream_by_survivor(self):
        set_brand(name="主场", time_zone="Asia/Shanghai", currency="CNY")
        take(line("1", 3), line("2", 1, member_no="m2", at=AT + DAY), line("3", -1, at=AT + 2 * DAY))
        take(line("1", 4))
        drain()
        one, two = Customer.objects.order_by("pk").values_list("pk", flat=True)

        facts = {fact.customer_id: fact for fact in order_facts(days=1, at=AT + 2 * DAY)}
        assert (facts[one].orders, facts[one].net_minor, facts[one].last_order_at) == (1, 3000, AT)
        assert (facts[one].orders_in_days, facts[one].net_minor_in_days) == (0, -1000)
        assert (facts[one].r, facts[two].r, facts[one].m, facts[two].m) == (1, 3, 3, 1)
        assert facts[one].f == facts[two].f == 1
        assert [fact.customer_id for fact in order_facts(at=AT)] == [one]

        row = merge(one, two, {})
        drain()
        merged = order_facts(at=AT + 2 * DAY)
        assert [(fact.customer_id, fact.orders, fact.net_minor) for fact in merged] == [(one, 2, 4000)]
        assert totals([one], "CNY")[one].net_minor == 4000

        unmerge(row.pk, "boss")
        drain()
        assert [fact.net_minor for fact in order_facts(at=AT + 2 * DAY)] == [3000, 1000]

    def test_buying_makes_the_relation_two_way(self):
        take(line("1"))
        drain()

        assert Customer.objects.get().relation == "two_way"
        assert Customer.objects.get().relation_moves.get().moved_at == AT

    def test_an_order_under_an_absorbed_customer_is_the_survivors(self):
        first = find_customers([Sighting([("device", "d")], AT, "t")])[0]
        second = find_customers([Sighting([("member_no", "m1")], AT, "t")])[0]
        merge(first, second, {})

        take(line("1"))
        drain()

        assert Order.objects.get().customer_id == second
        assert survivor_of(second) == first
        assert [fact.customer_id for fact in order_facts(at=AT)] == [first]
