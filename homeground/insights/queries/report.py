"""A campaign's review as one document and as text: what the command line and the demo print."""

from typing import Any

from django.utils.translation import gettext as _

from homeground.insights.models import Review
from homeground.insights.queries import telling
from homeground.insights.queries.reviews import Told, tell
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
        _people(told),
        telling.value(told).sentence,
        text(told.findings) if told.findings else "",
        "\n".join([_("下一步建议"), *(f"  · {line}" for line in telling.proposals(told))]),
    ]
    return "\n\n".join(block for block in blocks if block)


def _heading(told: Told) -> str:
    verdict = str(Review.Verdict(told.review.verdict).label)
    lines = [
        f"{told.campaign.name} — {verdict}",
        telling.headline(told),
        *telling.why_not_shown(told),
        *telling.harms(told),
    ]
    return "\n".join(lines)


def _people(told: Told) -> str:
    lines = [f"  {'− ' if step.is_loss else ''}{step.label}  {step.people:,}" for step in telling.steps(told)]
    return "\n".join([_("人数账"), *lines])
