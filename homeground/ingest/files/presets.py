"""Which fields a kind of file has, and files that are known by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeground.people.identities import STRENGTH

IDENTITIES = tuple(STRENGTH)
# Fields that a column of the same name fills unasked. A customer file takes any other field as an attribute.
FIELDS = {
    "orders": (
        "order_no", "sku", "product_name", "quantity", "unit_price", "at", "kind", "refund_of", "country", *IDENTITIES,
    ),
    "customers": ("name", "birthday", "gender", "tags", "created_at", *IDENTITIES),
    "events": ("name", "at", "id", *IDENTITIES),
}  # fmt: skip
NEEDED = {
    "orders": ("order_no", "sku", "quantity", "unit_price", "at"),
    "customers": (),
    "events": ("name",),
}
CONSENT = "consent:"


@dataclass(frozen=True)
class Preset:
    """A file whose columns are known."""

    kind: str
    columns: Mapping[str, str]  # Field → column.
    currency: str | None = None
    time_zone: str | None = None
    order_kinds: Mapping[str, str] = field(default_factory=dict)  # First letter of an order number → kind.


PRESETS = {
    "online-retail": Preset(
        kind="orders",
        columns={
            "order_no": "InvoiceNo",
            "sku": "StockCode",
            "product_name": "Description",
            "quantity": "Quantity",
            "at": "InvoiceDate",
            "unit_price": "UnitPrice",
            "member_no": "CustomerID",
            "country": "Country",
        },
        currency="GBP",
        time_zone="Europe/London",
        order_kinds={"C": "refund", "A": "adjustment"},
    )
}
