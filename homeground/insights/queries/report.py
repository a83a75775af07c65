"""A review as one document and as text: what the command line and the demo print."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from homeground.insights.models import JourneyReview, Review
from homeground.insights.queries import journey_telling, telling
from homeground.insights.queries.journey_reviews import JourneyTold, tell_journey
from homeground.insights.queries.reviews import CampaignTold, Step, tell
from homeground.insights.review.document import document
from homeground.insights.review.text import text


def campaign_document(review: Review) -> dict[str, Any]:
    """The review as JSON: that of a file, and what only a campaign has."""
    told = tell(review)
    reached = telling.executed(told)
    return {
        "campaign": {"id": told.campaign.pk, "name": told.campaign.name, "hypothesis": told.campaign.hypothesis},
        "version": review.version,
        "as_of": review.as_of,
        "is_final": review.is_final,
        "primary_outcome": told.campaign.primary_outcome,
        "headline": telling.headline(told),
        "harms": telling.harms(told),
        "hypothesis": telling.hypothesis(told),
        "executed": vars(reached) if reached else None,
        "value": vars(telling.value(told)),
        "ledger": [vars(step) for step in telling.steps(told)],
        "next": telling.proposals(told),
        **(document(told.findings) if told.findings else {"verdict": {}, "arms": []}),
    }


def campaign_text(review: Review) -> str:
    """The review on a page of text, its verdict first."""
    told = tell(review)
    blocks = [
        _heading(told),
        _("假设：%(said)s\n%(found)s") % {"said": told.campaign.hypothesis, "found": telling.hypothesis(told)},
        _ledger(telling.steps(told)),
        telling.value(told).sentence,
        text(told.findings) if told.findings else "",
        "\n".join([_("下一步建议"), *(f"  · {line}" for line in telling.proposals(told))]),
    ]
    return "\n\n".join(block for block in blocks if block)


def journey_document(review: JourneyReview) -> dict[str, Any]:
    """The review as JSON: that of a file, and what only a journey has. Counts are people, money minor units."""
    told = tell_journey(review)
    reached, content = journey_telling.executed(told), told.content
    return {
        "journey": {"slug": told.journey.slug, "name": told.journey.name, "hypothesis": told.journey.hypothesis},
        "version": review.version,
        "as_of": review.as_of,
        "is_final": review.is_final,
        "primary_outcome": told.journey.primary_outcome,
        "window_days": content["window_days"],
        "people": {"entered": content["entered"], "open": content["open"], "counted": told.counted},
        "headline": journey_telling.headline(told),
        "harms": telling.harms(told),
        "executed": vars(reached) if reached else None,
        "value": vars(telling.value(told)),
        "ledger": [vars(step) for step in journey_telling.steps(told)],
        "walks": content["walks"],
        "variants": document(told.tried) if told.tried else None,
        "next": journey_telling.proposals(told),
        **(document(told.findings) if told.findings else {"verdict": {}, "arms": []}),
    }


def journey_text(review: JourneyReview) -> str:
    """The review on a page of text, its verdict first."""
    told = tell_journey(review)
    verdict = str(JourneyReview.Verdict(review.verdict).label)
    lines = [f"{told.journey.name} — {verdict}", journey_telling.headline(told)]
    blocks = [
        "\n".join([*lines, *telling.why_not_shown(told), *telling.harms(told), journey_telling.counted(told)]),
        _ledger(journey_telling.steps(told)),
        telling.value(told).sentence,
        text(told.findings) if told.findings else "",
        _tried(told),
        "\n".join([_("下一步建议"), *(f"  · {line}" for line in journey_telling.proposals(told))]),
    ]
    return "\n\n".join(block for block in blocks if block)


def _tried(told: JourneyTold) -> str:
    return "\n".join([_("实验版本相比"), text(told.tried)]) if told.tried else ""


def _heading(told: CampaignTold) -> str:
    verdict = str(Review.Verdict(told.review.verdict).label)
    lines = [
        f"{told.campaign.name} — {verdict}",
        telling.headline(told),
        *telling.why_not_shown(told),
        *telling.harms(told),
    ]
    return "\n".join(lines)


def _ledger(steps: Sequence[Step]) -> str:
    lines = [f"  {'− ' if step.is_loss else ''}{step.label}  {step.people:,}" for step in steps]
    return "\n".join([_("人数账"), *lines])
