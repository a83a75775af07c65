"""Journeys and walks as JSON, for the command line and the API. Moments are ISO 8601, UTC."""

from datetime import datetime
from typing import Any

from homeground.journeys.models import Enrolment, Journey, Version
from homeground.journeys.queries.journeys import Counts, Numbers, counts, inside_by_version, numbers
from homeground.journeys.queries.walks import walk


def journey_summary(journey: Journey, found: Numbers) -> dict[str, Any]:
    """What a list shows of it."""
    return {
        "slug": journey.slug,
        "name": journey.name,
        "link": journey.link,
        "state": journey.state,
        "version": journey.live.number if journey.live else None,
        "walking": found.walking,
        "held_out": found.held_out,
        "entered_today": found.entered_today,
        "ended": dict(found.endings),
        "created_at": _iso(journey.created_at),
    }


def journey_summaries(journeys: list[Journey]) -> list[dict[str, Any]]:
    """The same of many, in their order."""
    found = numbers([journey.pk for journey in journeys])
    return [journey_summary(journey, found[journey.pk]) for journey in journeys]


def journey_document(journey: Journey) -> dict[str, Any]:
    """All of it: the draft, the live version with its live counts, and who is on older ones."""
    (summary,) = journey_summaries([journey])
    return summary | {
        "hypothesis": journey.hypothesis,
        "primary_outcome": journey.primary_outcome,
        "window_days": journey.window_days,
        "holdout_bp": journey.holdout_bp,
        "draft": journey.draft,
        "versions": [
            version_document(version) | {"walking": walking, **_counts(counts(version.pk))}
            for version, walking in inside_by_version(journey)
        ],
    }


def version_document(version: Version) -> dict[str, Any]:
    """One version, its graph included."""
    return {
        "number": version.number,
        "published_at": _iso(version.published_at),
        "published_by": version.published_by,
        "is_promotion": version.is_promotion,
        "succession": version.succession,
        "node_map": version.node_map,
        "graph": version.graph,
    }


def walk_summary(enrolment: Enrolment) -> dict[str, Any]:
    """Where one walk is."""
    return {
        "id": enrolment.pk,
        "journey": enrolment.journey.slug,
        "version": enrolment.version.number,
        "customer_id": enrolment.customer_id,
        "key": enrolment.key,
        "arm": enrolment.arm,
        "variant": enrolment.variant,
        "state": enrolment.state,
        "node": enrolment.node,
        "steps": enrolment.steps,
        "entered_at": _iso(enrolment.entered_at),
        "due_at": _iso(enrolment.due_at),
        "ended_at": _iso(enrolment.ended_at),
        "ending": enrolment.ending,
    }


def walk_document(enrolment_id: int) -> dict[str, Any]:
    """One walk, step by step."""
    found = walk(enrolment_id)
    steps = [
        {
            "number": step.number,
            "version": step.version,
            "node": step.node,
            "name": step.name,
            "kind": step.kind,
            "way": step.way,
            "at": _iso(step.at),
            "detail": step.detail,
            "touch": {"state": step.touch.state, "reason": step.touch.reason} if step.touch else None,
        }
        for step in found.steps
    ]
    return walk_summary(found.enrolment) | {"taken": steps}


def _counts(found: Counts) -> dict[str, Any]:
    edges = [{"node": node, "way": way, "walked": walked} for (node, way), walked in found.edges.items()]
    return {"at": dict(found.at), "failed": dict(found.failed), "edges": edges}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
