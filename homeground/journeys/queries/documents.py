"""A campaign as JSON, for the command line and the API."""

from typing import Any

from homeground.journeys.models import Campaign
from homeground.journeys.queries.groups import group_ledger
from homeground.journeys.queries.ledger import ledger, receptions


def summary(campaign: Campaign) -> dict[str, Any]:
    """What a list shows of it. Moments are ISO 8601, UTC."""
    return {
        "id": campaign.pk,
        "name": campaign.name,
        "link": campaign.link,
        "state": campaign.state,
        "segment": campaign.segment.slug if campaign.segment else None,
        "channel": campaign.channel,
        "groups": campaign.groups,
        "audience": campaign.audience_size,
        "holdout_bp": campaign.holdout_bp,
        "frozen_at": _iso(campaign.frozen_at),
        "finished_at": _iso(campaign.finished_at),
    }


def document(campaign: Campaign) -> dict[str, Any]:
    """All of it: the summary, the hypothesis, the ledger, and how the touches were received.

    The ledger is of people; of a campaign to groups it is empty, and group_ledger tells of the groups.
    """
    people = ledger(campaign.pk)
    reception = receptions([campaign.pk]).get(campaign.pk)
    return summary(campaign) | {
        "hypothesis": campaign.hypothesis,
        "offer": campaign.offer,
        "place": campaign.place,
        "message": campaign.message.name,
        "primary_outcome": campaign.primary_outcome,
        "expected_lift_bp": campaign.expected_lift_bp,
        "window_days": campaign.window_days,
        "scheduled_at": _iso(campaign.scheduled_at),
        "urgency": campaign.urgency,
        "value_minor": campaign.value_minor,
        "ledger": {"eligible": people.eligible, "lines": [vars(line) for line in people.lines]},
        "group_ledger": _groups(campaign),
        "reception": vars(reception) if reception else None,
    }


def _groups(campaign: Campaign) -> dict[str, Any] | None:
    if campaign.groups is None:
        return None
    found = group_ledger(campaign.pk)
    return {"groups": found.groups, "lines": [vars(line) for line in found.lines]}


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
