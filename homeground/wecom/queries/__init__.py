"""What others ask of the corp. Modules: `mass` (mass sends), `pages` (lists of the console)."""

from homeground.wecom.queries.contacts import (
    customer_of,
    customers_of,
    external_ids,
    friends_of,
    open_follows,
    owners,
)
from homeground.wecom.queries.corp import corp, is_connected, staff_of_user

__all__ = [
    "corp", "customer_of", "customers_of", "external_ids", "friends_of", "is_connected", "open_follows", "owners",
    "staff_of_user",
]  # fmt: skip
