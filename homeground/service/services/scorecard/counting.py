"""What the scorecard counts, kept with its moment."""

from collections.abc import Sequence
from dataclasses import astuple, replace

from homeground.core.kept import Question
from homeground.segments.models import Segment
from homeground.service.models import ScoreCount
from homeground.service.queries.scorecard import AudienceLine, Scorecard, Span, audiences, fold, read


def ask_cards(span: Span) -> Question[Scorecard]:
    """All cards of a span."""
    return Question(
        ScoreCount, ("cards with harm", *_of(span)), span.now, lambda: read(span),
        lambda rows, at: fold(replace(span, now=at), rows),
    )  # fmt: skip


def ask_audiences(
    span: Span, by: str, *, staff_ids: Sequence[int] | None = None, segments: Sequence[Segment] = ()
) -> Question[list[AudienceLine]]:
    """Conversion by audience, as `audiences` has it."""
    staff = None if staff_ids is None else sorted(staff_ids)
    return Question(
        ScoreCount,
        ("audiences", *_of(span), by, staff, sorted(segment.pk for segment in segments)),
        span.now,
        lambda: [list(astuple(line)) for line in audiences(span, by, staff_ids=staff, segments=segments)],
        lambda rows, _at: [AudienceLine(*row) for row in rows],
    )


def _of(span: Span) -> tuple[str, ...]:
    return span.zone, *(week.isoformat() for week in span.weeks)
