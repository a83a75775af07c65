"""Counting takes seconds where there are many friends: what was counted is kept with its moment and shown again.

Whatever changes later (orders that come late, merges, answers, tags) is in the next count: each begins from nothing.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from time import perf_counter
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

from homeground.segments.models import Segment
from homeground.service.models import ScoreCount
from homeground.service.queries.scorecard import AudienceLine, Scorecard, Span, audiences, fold, read

_TIMES = 300  # Fresh for so many times as long as the counting took: 5 s for 25 minutes, 50 ms for 15 seconds.
_KEPT = timedelta(days=8)  # Longer nobody is shown a count: the running week is over.
Value = TypeVar("Value")


@dataclass(frozen=True)
class Answer(Generic[Value]):
    """What was counted, as of when, and whether that is recent enough."""

    value: Value
    counted_at: datetime
    is_fresh: bool


@dataclass(frozen=True)
class Question(Generic[Value]):
    """Something to count at a moment. count gives JSON's types; shown makes of them what they mean."""

    asked: tuple[Any, ...]
    at: datetime
    count: Callable[[], Any]
    shown: Callable[[Any, datetime], Value]

    def kept(self) -> Answer[Value] | None:
        """What was counted last, at once; None: nothing is kept."""
        row = ScoreCount.objects.filter(pk=self._name).first()
        return self._answer(row) if row else None

    def counted(self) -> Answer[Value]:
        """What is kept while it is fresh, else counted now. One at a time: who asks meanwhile gets the same count."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [self._name])
            answer = self.kept()
            if answer is None or not answer.is_fresh:
                answer = self._answer(self._count())
        ScoreCount.objects.filter(counted_at__lt=self.at - _KEPT).delete()
        return answer

    @property
    def _name(self) -> str:
        return sha256(json.dumps(self.asked).encode()).hexdigest()

    def _count(self) -> ScoreCount:
        began = perf_counter()
        answer = self.count()
        took = timedelta(seconds=perf_counter() - began)
        fields = {"answer": answer, "counted_at": self.at, "fresh_until": self.at + _TIMES * took}
        return ScoreCount.objects.update_or_create(question=self._name, defaults=fields)[0]

    def _answer(self, row: ScoreCount) -> Answer[Value]:
        return Answer(self.shown(row.answer, row.counted_at), row.counted_at, row.fresh_until > self.at)


def ask_cards(span: Span) -> Question[Scorecard]:
    """All cards of a span."""
    return Question(
        ("cards", *_of(span)), span.now, lambda: read(span), lambda rows, at: fold(replace(span, now=at), rows)
    )


def ask_audiences(
    span: Span, by: str, *, staff_ids: Sequence[int] | None = None, segments: Sequence[Segment] = ()
) -> Question[list[AudienceLine]]:
    """Conversion by audience, as `audiences` has it."""
    staff = None if staff_ids is None else sorted(staff_ids)
    return Question(
        ("audiences", *_of(span), by, staff, sorted(segment.pk for segment in segments)),
        span.now,
        lambda: [list(astuple(line)) for line in audiences(span, by, staff_ids=staff, segments=segments)],
        lambda rows, _at: [AudienceLine(*row) for row in rows],
    )


def _of(span: Span) -> tuple[str, ...]:
    return span.zone, *(week.isoformat() for week in span.weeks)
