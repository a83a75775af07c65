"""Counts that take seconds where there are many people: what was counted is kept with its moment and shown again.

Whatever changes later (orders that come late, merges, tags) is in the next count: each begins from nothing. A room that
keeps counts has a table of its own, made of `KeptCount`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from time import perf_counter
from typing import Any, Generic, TypeVar

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

_TIMES = 300  # Fresh for so many times as long as the counting took: 5 s for 25 minutes, 50 ms for 15 seconds.
_KEPT = timedelta(days=8)  # Longer nobody is shown a count: the running week is over.
Value = TypeVar("Value")


class KeptCount(models.Model):
    """What was counted for one question. Never the truth: the table may be emptied any time."""

    question = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of what was asked.")
    answer = models.JSONField(help_text="The rows of the statements.")
    counted_at = models.DateTimeField(_("统计时间"))
    fresh_until = models.DateTimeField(_("最新至"), help_text="From then on it is counted anew when somebody looks.")

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Answer(Generic[Value]):
    """What was counted, as of when, and whether that is recent enough."""

    value: Value
    counted_at: datetime
    is_fresh: bool


@dataclass(frozen=True)
class Question(Generic[Value]):
    """Something to count at a moment. count gives JSON's types; shown makes of them what they mean."""

    table: type[KeptCount]
    asked: tuple[Any, ...]
    at: datetime
    count: Callable[[], Any]
    shown: Callable[[Any, datetime], Value]

    def kept(self) -> Answer[Value] | None:
        """What was counted last, at once; None: nothing is kept."""
        row = self._rows.filter(pk=self._name).first()
        return self._answer(row) if row else None

    def counted(self) -> Answer[Value]:
        """What is kept while it is fresh, else counted now. One at a time: who asks meanwhile gets the same count."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [self._name])
            answer = self.kept()
            if answer is None or not answer.is_fresh:
                answer = self._answer(self._count())
        self._rows.filter(counted_at__lt=self.at - _KEPT).delete()
        return answer

    @property
    def _name(self) -> str:
        return sha256(json.dumps(self.asked).encode()).hexdigest()

    @property
    def _rows(self) -> models.QuerySet[Any]:
        return self.table._default_manager.all()

    def _count(self) -> KeptCount:
        began = perf_counter()
        answer = self.count()
        took = timedelta(seconds=perf_counter() - began)
        fields = {"answer": answer, "counted_at": self.at, "fresh_until": self.at + _TIMES * took}
        row: KeptCount = self._rows.update_or_create(question=self._name, defaults=fields)[0]
        return row

    def _answer(self, row: KeptCount) -> Answer[Value]:
        return Answer(self.shown(row.answer, row.counted_at), row.counted_at, row.fresh_until > self.at)
