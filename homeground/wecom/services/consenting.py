"""为现有好友登记营销授权: for a brand that asked its friends before it came here, and can say when and how."""

from pathlib import Path

from django.db import connection

from homeground.core import time
from homeground.people import services as people
from homeground.people.services import ConsentDecision
from homeground.wecom.errors import ReasonMissing

CHANNEL, PURPOSE = "wecom", "promotion"
_SHORTEST = 10
_A_TRANSACTION = 5_000
_UNASKED = (Path(__file__).parent.parent / "sql" / "friends" / "unasked.sql").read_text()


def unasked_friends() -> int:
    """How many friends have never decided about promotions on WeCom."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_UNASKED}) AS unasked", {"most": None})
        return int(cursor.fetchone()[0])


def record_friends_consent(reason: str, by: str) -> int:
    """Record that the friends who never decided agreed to promotions, with the reason as proof. Returns how many.

    Whoever said no, on WeCom or everywhere, stays out. A repeat finds nobody left. Raises ReasonMissing, with nothing
    written.
    """
    if len(reason := reason.strip()) < _SHORTEST:
        raise ReasonMissing
    at, total = time.now(), 0
    proof = {"reason": reason[:1000], "by": by, "recorded": "existing friends of the corp"}
    while customers := _some():
        total += people.decide_consent(
            ConsentDecision(customer, PURPOSE, CHANNEL, True, proof, f"console:{by}", at) for customer in customers
        )
    return total


def _some() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_UNASKED, {"most": _A_TRANSACTION})
        return [customer for (customer,) in cursor.fetchall()]
