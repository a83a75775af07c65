"""已消费 / 未消费 (M33, M53): a pair of tags kept in step with the orders, for Moments by audience."""

from pathlib import Path

from django.db import connection, transaction

from homeground.people import services as people
from homeground.people.models import CustomerTag

BOUGHT, NOT_BOUGHT, GROUP = "已消费", "未消费", "消费"
_STALE = (Path(__file__).parent.parent / "sql" / "bought.sql").read_text()
_SOURCE = "content.bought_tags"


@transaction.atomic
def keep_bought_tags() -> tuple[int, int]:
    """Tag every person on WeCom by whether they bought. A repeat changes nothing.

    Returns how many are newly told as buyers and as not.
    """
    people.make_tags([(BOUGHT, GROUP), (NOT_BOUGHT, GROUP)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('content.bought_tags'))")
        cursor.execute(_STALE, {"bought": BOUGHT, "not_bought": NOT_BOUGHT})
        stale = cursor.fetchall()
    buyers = [customer for customer, is_buyer in stale if is_buyer]
    others = [customer for customer, is_buyer in stale if not is_buyer]
    _swap(buyers, BOUGHT, NOT_BOUGHT)
    _swap(others, NOT_BOUGHT, BOUGHT)
    return len(buyers), len(others)


def _swap(customer_ids: list[int], new: str, old: str) -> None:
    if customer_ids:
        people.tag(customer_ids, new, CustomerTag.Origin.RULE, _SOURCE)
        people.untag(customer_ids, old)
