"""Reads of the room for others."""

from homeground.journeys.queries.ledger import Ledger, Line, Reception, ledger, reason_text, receptions
from homeground.journeys.queries.policy import Policy, period_of, policy_at, quiet_until

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
