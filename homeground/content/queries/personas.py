"""How regularly a persona speaks (M52)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.content.models import Persona
from homeground.core import time
from homeground.people.queries import brand

_DAYS_POSTED = (Path(__file__).parent.parent / "sql" / "days_posted.sql").read_text()
WINDOW_DAYS = 28  # Four of each weekday.
_REGULAR = 0.7  # Of the slots: below it, a feed counts as irregular. Ours; the texts give no number.
_LONG_SILENCE = 7  # Days.
_SOUP = 0.3


@dataclass(frozen=True)
class Regularity:
    """The last 28 days of a persona, up to and with yesterday; today counts where it is already kept.

    due: slots. kept: of them, those on whose day something was posted, each post for one slot. longest_gap: days in a
    row without any post. streak: days with slots that were kept in full, counted back from now. soup: posts that an
    operator labelled so; unclassified: posts of which nobody has said what they are.
    """

    persona: Persona
    is_measured: bool
    due: int = 0
    kept: int = 0
    longest_gap: int = 0
    streak: int = 0
    posts: int = 0
    soup: int = 0
    unclassified: int = 0

    @property
    def score(self) -> float | None:
        return self.kept / self.due if self.due else None

    @property
    def is_irregular(self) -> bool:
        return self.is_measured and (
            (self.score is not None and self.score < _REGULAR) or self.longest_gap > _LONG_SILENCE
        )

    @property
    def is_soupy(self) -> bool:
        known = self.posts - self.unclassified
        return known > 0 and self.soup / known > _SOUP


def persona_of(staff_id: int) -> Persona | None:
    """The persona of a member of staff, where they have one that is in use."""
    return Persona.objects.filter(staff=staff_id, is_active=True).first()


def regularities(personas: Sequence[Persona], at: datetime | None = None) -> list[Regularity]:
    """How regularly each of these speaks, in their order."""
    zone = brand().time_zone
    today = time.day_of(at or time.now(), zone)
    since = today - timedelta(days=WINDOW_DAYS)
    posted = _posted([persona.staff_id for persona in personas if persona.staff_id], since, today, zone)
    return [
        _regularity(persona, posted.get(persona.staff_id, {}), max(since, persona.begins_on), today)
        if persona.staff_id
        else Regularity(persona, is_measured=False)
        for persona in personas
    ]


_Posted = dict[date, Counter[str]]


def _posted(staff_ids: Sequence[int], since: date, today: date, zone: str) -> dict[int, _Posted]:
    params: dict[str, Any] = {
        "staff_ids": list(staff_ids),
        "since": time.start_of(since, zone),
        "until": time.start_of(today + timedelta(days=1), zone),
        "zone": zone,
    }
    found: dict[int, _Posted] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS_POSTED, params)
        for staff_id, day, kind, posts in cursor.fetchall():
            found.setdefault(staff_id, {}).setdefault(day, Counter())[kind] += posts
    return found


def _regularity(persona: Persona, posted: _Posted, since: date, today: date) -> Regularity:
    due_on = Counter(slot.weekday for slot in persona.slots.all())
    days = [since + timedelta(days=count) for count in range((today - since).days)]
    if posted.get(today):
        days.append(today)
    due = {day: due_on[day.weekday()] for day in days}
    kept = {day: min(due[day], sum(posted.get(day, Counter()).values())) for day in days}
    kinds = sum((posted.get(day, Counter()) for day in days), Counter())
    return Regularity(
        persona,
        is_measured=True,
        due=sum(due.values()),
        kept=sum(kept.values()),
        longest_gap=_longest_gap(days, posted),
        streak=_streak([day for day in reversed(days) if due[day]], due, kept),
        posts=sum(kinds.values()),
        soup=kinds["soup"],
        unclassified=kinds[""],
    )


def _longest_gap(days: Sequence[date], posted: _Posted) -> int:
    longest = running = 0
    for day in days:
        running = 0 if posted.get(day) else running + 1
        longest = max(longest, running)
    return longest


def _streak(backwards: Sequence[date], due: dict[date, int], kept: dict[date, int]) -> int:
    broken = (at for at, day in enumerate(backwards) if kept[day] < due[day])
    return next(broken, len(backwards))
