"""Reads of the room for others."""

from homeground.journeys.queries.ledger import Ledger, Line, Reception, ledger, receptions
from homeground.journeys.queries.policy import Policy, period_of, policy_at, quiet_until
from homeground.journeys.queries.reasons import reason_text

__all__ = [
    "Ledger",
    "Line",
    "Policy",
    "Reception",
    "ledger",
    "period_of",
    "policy_at",
    "quiet_until",
    "reason_text",
    "receptions",
]
