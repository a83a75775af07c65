"""身份合并: a merge moves no points.

Each id keeps its account and a person's balance is their sum, so that a merge can be undone.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from homeground.core import time
from homeground.loyalty.services.ledger import lock_accounts, members_of, settle


@transaction.atomic
def settle_persons(customer_ids: Sequence[int], at: datetime | None = None) -> None:
    """Let lots above zero pay for those below, across all ids of each person. A repeat finds nothing to settle."""
    members = members_of(customer_ids)
    lock_accounts(members)
    settle(members, at or time.now())
