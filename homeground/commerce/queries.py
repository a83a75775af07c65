"""What others ask of orders. Ids of one person come from people.queries.ids_of; money is in minor units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from homeground.commerce.models import Order, Product, Refund
from homeground.core import time
from homeground.events import warehouse
from homeground.people.models import Customer
from homeground.people.queries import brand
from homeground.ui.paging import size_of

SQL = Path(__file__).parent / "sql"
_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MANY = 200_000  # Orders: fewer are gathered, more are asked for one customer after another (3.3 s -> 50 ms at 1.5 M).
ORDER_FACTS = SQL / "order_facts.sql"


@dataclass(frozen=True)
class OrderFacts:
    """One person's orders as of a moment; r, f, m from 1 to 5 (the formula stands in the SQL)."""

    customer_id: int
    first_order_at: datetime
    last_order_at: datetime
    orders: int
    net_minor: int
    orders_in_days: int
    net_minor_in_days: int
    r: int
    f: int
    m: int


@dataclass(frozen=True)
class Totals:
    """What one person bought in the brand's currency, as the order table has it now."""

    customer_id: int
    orders: int
    paid_minor: int
    refunded_minor: int
    last_paid_at: datetime | None

    @property
    def net_minor(self) -> int:
        return self.paid_minor - self.refunded_minor


def order_facts(days: int = 365, at: datetime | None = None) -> list[OrderFacts]:
    """The order facts of everyone who ever bought, from the warehouse, by customer id."""
    return warehouse.rows(OrderFacts, ORDER_FACTS, as_of=at or time.now(), currency=brand().currency, days=days)


def totals(customer_ids: Sequence[int], currency: str) -> dict[int, Totals]:
    """Totals of these survivors, by id; zeros for those who bought nothing."""
    none = {customer: Totals(customer, 0, 0, 0, None) for customer in customer_ids}
    with connection.cursor() as cursor:
        cursor.execute((SQL / "customer_totals.sql").read_text(), {"ids": list(customer_ids), "currency": currency})
        return none | {row[0]: Totals(*row) for row in cursor.fetchall()}


def bought_between(customers: QuerySet[Customer], since: datetime | None, until: datetime | None) -> QuerySet[Customer]:
    """Those of these survivors with an order paid in [since, until); None: no such end."""
    span = [since or _EVER[0], until or _EVER[1]]
    orders, _is_estimate = size_of(Order.objects.filter(paid_at__gte=span[0], paid_at__lt=span[1]))
    if orders < _MANY:
        return customers.filter(pk__in=RawSQL((SQL / "bought_between.sql").read_text(), span * 2))
    has_bought = RawSQL((SQL / "has_bought_between.sql").read_text(), span, output_field=BooleanField())
    return customers.annotate(has_bought=has_bought).filter(has_bought=True)


def orders_of(customer_ids: Sequence[int]) -> QuerySet[Order]:
    """The orders of one person, newest first."""
    return Order.objects.filter(customer__in=customer_ids).order_by("-paid_at", "-pk")


def refunds_of(customer_ids: Sequence[int]) -> QuerySet[Refund]:
    """The refunds of one person, newest first."""
    return Refund.objects.filter(customer__in=customer_ids).order_by("-refunded_at", "-pk")


def products_found(text: str, limit: int = 20) -> list[tuple[str, str]]:
    """Code and name of products whose code begins with a text or whose name has it, by code."""
    wanted = text.strip().replace("\x00", "")
    fitting = Product.objects.filter(Q(sku__istartswith=wanted) | Q(name__icontains=wanted))
    return list(fitting.order_by("sku").values_list("sku", "name")[:limit])


def products_named(skus: Sequence[str]) -> list[tuple[str, str]]:
    """Code and name of the products of these codes, by code; unknown codes are left out."""
    known = [sku.replace("\x00", "") for sku in skus]
    return list(Product.objects.filter(sku__in=known).order_by("sku").values_list("sku", "name"))
