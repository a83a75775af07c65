"""Which groups a campaign means, and what the guard would say of them now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from homeground.journeys.services.groups.guarding import SQL, Verdict, judge

_CHOOSE = (SQL / "choose.sql").read_text()
_OPTED_OUT = (SQL / "opted_out.sql").read_text()
_GROUPED = """
SELECT DISTINCT c.id, coalesce(c.merged_into_id, c.id)
FROM wecom_groupmember m JOIN people_customer c ON c.id = m.customer_id WHERE m.left_at IS NULL
"""


@dataclass(frozen=True)
class Plan:
    """What a draft's groups would look like now. left_out: how many by reason; opted_out: customers who want no
    promotions on WeCom, but would read it in their group."""

    groups: int
    owners: int
    customers: int
    left_out: Mapping[str, int]
    opted_out: int


def choose(groups: Mapping[str, Any], members: Sequence[int]) -> dict[int, list[int]]:
    """The groups that a plan means (Campaign.groups), each with the customers in it. members: of the segment."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED)  # Few of a segment of a million are in groups: only these go into the statement.
        inside = {customer for pair in cursor.fetchall() for customer in pair}
        cursor.execute(_CHOOSE, {**groups, "members": sorted(inside.intersection(members))})
        return dict(cursor.fetchall())


def preview(groups: Mapping[str, Any], members: Sequence[int], *, is_promotion: bool, at: datetime) -> Plan:
    """What the groups of a draft would look like now. Nothing is written."""
    found = choose(groups, members)
    verdicts = judge(list(found), is_promotion=is_promotion, at=at)
    fit = [verdict for verdict in verdicts if not verdict.reason]
    customers = {customer for verdict in fit for customer in found[verdict.chat_id]}
    return Plan(len(found), _owners(fit), len(customers), _by_reason(verdicts), opted_out(customers))


def opted_out(customer_ids: Sequence[int] | set[int]) -> int:
    """How many of these customers said last that they want no promotions on WeCom, or anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(_OPTED_OUT, {"ids": list(customer_ids)})
        return int(cursor.fetchone()[0])


def _owners(verdicts: Sequence[Verdict]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT owner_id) FROM wecom_groupchat WHERE id = ANY(%s)",
            [[verdict.chat_id for verdict in verdicts]],
        )
        return int(cursor.fetchone()[0])


def _by_reason(verdicts: Sequence[Verdict]) -> dict[str, int]:
    reasons = [verdict.reason for verdict in verdicts if verdict.reason]
    return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}
