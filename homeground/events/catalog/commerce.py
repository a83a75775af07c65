"""Orders as shops report them."""

from dataclasses import dataclass

from homeground.events.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Fact):
    """订单支付"""

    name = "commerce.order_paid"
    order_no: str
    amount_minor: int  # After discounts, in the currency's minor unit.
    currency: str
    items: int  # Pieces.
    skus: list[str]  # Distinct, sorted.


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(Fact):
    """订单退款"""

    name = "commerce.order_refunded"
    refund_no: str
    order_no: str | None = None  # None: the shop did not say which order.
    amount_minor: int  # Above zero: given back.
    currency: str
    skus: list[str]


@dataclass(frozen=True, kw_only=True)
class OrderChanged(Fact):
    """订单更正; an order or refund that was told before turned out otherwise"""

    name = "commerce.order_changed"
    order_no: str
    amount_minor: int  # What it adds to net spend; below zero takes away.
    currency: str
    is_refund: bool
