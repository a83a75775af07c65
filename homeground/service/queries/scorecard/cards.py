"""The scorecard's numbers: counted in sets, folded from members to teams and the brand."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from homeground.service.models import ScoreGoal
from homeground.service.queries.scorecard.spans import Span
from homeground.wecom.models import Staff

_SQL = Path(__file__).parents[2] / "sql"
_COUNTS, _CONVERTED, _HARM, _PLATFORM = (
    (_SQL / f"scorecard_{name}.sql").read_text() for name in ("counts", "converted", "harm", "platform")
)
Metric = ScoreGoal.Metric
BRAND, TEAM, STAFF = "brand", "team", "staff"
Row = list[Any]
Rows = dict[str, list[Row]]  # By statement, in JSON's types.


class _Member(NamedTuple):
    title: str
    department: str
    is_active: bool


@dataclass
class Share:
    """So many of so many. claimed: of the good, those that only a click of the member says."""

    of: int = 0
    good: int = 0
    claimed: int = 0

    def add(self, of: int, good: int, claimed: int = 0) -> None:
        self.of += of
        self.good += good
        self.claimed += claimed

    @property
    def share(self) -> float | None:
        """Of one; None: there was nothing to count."""
        return self.good / self.of if self.of else None

    @property
    def missing(self) -> int:
        return self.of - self.good


@dataclass
class Counted:
    """Everything of one member, team or the brand."""

    shares: dict[str, Share] = field(default_factory=lambda: {metric: Share() for metric in Metric.values})
    weeks: dict[str, dict[date, Share]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Share)))
    parts: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))  # Of answered, by kind.
    removed: int = 0  # Friends who removed the member: harm, as are the next two.
    complained: int = 0  # Friends of whom a complaint became a ticket.
    refused: int = 0  # Friends who wanted no more promotions.
    friends: int = 0

    @property
    def removed_share(self) -> float | None:
        return self.removed / self.friends if self.friends else None


@dataclass
class PlatformFigures:
    """The platform's own count of the same days. Shares of one; minutes to a first answer."""

    added: int = 0
    chats: int = 0
    messages: int = 0
    removed: int = 0
    replied_of: int = 0
    replied: float = 0
    minutes: float = 0
    until: date | None = None  # The last day that was read.

    @property
    def reply_share(self) -> float | None:
        return self.replied / self.replied_of if self.replied_of else None

    @property
    def reply_minutes(self) -> float | None:
        return self.minutes / self.replied_of if self.replied_of else None

    def add(self, other: "PlatformFigures") -> None:
        for name in ("added", "chats", "messages", "removed", "replied_of", "replied", "minutes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.until = max(filter(None, (self.until, other.until)), default=None)


@dataclass
class Card:
    """One line: a member, a team or the brand. key: pk, department or empty."""

    level: str
    key: Any
    title: str
    department: str
    counted: Counted
    platform: PlatformFigures


@dataclass(frozen=True)
class Scorecard:
    """The brand's card, with those of its teams and members, by title."""

    span: Span
    brand: Card
    teams: list[Card]
    staff: list[Card]


def scorecard(span: Span) -> Scorecard:
    """All cards of a span, counted now."""
    return fold(span, read(span))


def read(span: Span) -> Rows:
    """What the database counts: five statements, whatever the number of customers."""
    moments = {"since": span.since, "until": span.until, "now": span.now, "zone": span.zone}
    days = {"since": span.weeks[0], "until": span.weeks[-1] + timedelta(days=7)}
    return {
        "counts": _rows(_COUNTS, moments),
        "converted": _rows(_CONVERTED, moments),
        "harm": _rows(_HARM, moments),
        "platform": _rows(_PLATFORM, days),
        "members": [[row.pk, row.title, row.department, row.is_active] for row in Staff.objects.order_by("pk")],
    }


def fold(span: Span, rows: Rows) -> Scorecard:
    """The cards that rows make, now or another time: nothing is asked of the database."""
    members = {pk: _Member(*rest) for pk, *rest in rows["members"]}
    counted: dict[tuple[str, Any], Counted] = defaultdict(Counted)
    platform: dict[tuple[str, Any], PlatformFigures] = defaultdict(PlatformFigures)
    keys = {pk: [(BRAND, ""), (TEAM, member.department), (STAFF, pk)] for pk, member in members.items()}
    _fold_counts(span, rows["counts"], keys, counted)
    _fold_converted(span, rows["converted"], counted)
    _fold_harm(rows["harm"], counted)
    _fold_platform(rows["platform"], keys, platform)

    def card(level: str, key: Any, title: str, department: str = "") -> Card:
        return Card(level, key, title, department, counted[level, key], platform[level, key])

    seen = {pk for pk, member in members.items() if member.is_active or (STAFF, pk) in counted}
    departments = sorted({members[pk].department for pk in seen})
    return Scorecard(
        span,
        card(BRAND, "", ""),
        [card(TEAM, name, name, name) for name in departments],
        sorted((card(STAFF, pk, members[pk].title, members[pk].department) for pk in seen), key=lambda one: one.title),
    )


def _fold_counts(
    span: Span, rows: list[Row], keys: dict[int, list[tuple[str, Any]]], counted: dict[tuple[str, Any], Counted]
) -> None:
    for staff, week, metric, part, *numbers in rows:
        for key in keys[staff]:
            _add(counted[key], span, date.fromisoformat(week), metric, part, numbers)


def _add(into: Counted, span: Span, week: date, metric: str, part: str, numbers: list[int]) -> None:
    if metric == "removed":
        into.removed += numbers[1]
        return
    into.weeks[metric][week].add(*numbers)
    if metric == Metric.ANSWERED:
        into.parts[part].add(*numbers)
    if metric != Metric.CARED or week == span.weeks[-1]:  # Of a month's round the last week has everything.
        into.shares[metric].add(*numbers)


def _fold_converted(span: Span, rows: list[Row], counted: dict[tuple[str, Any], Counted]) -> None:
    for level, staff, department, week, friends, buyers in rows:
        if week is None:
            into = counted[_key(level, staff, department)]
            into.friends += friends
            into.shares[Metric.CONVERTED].add(friends, buyers)
    for level, staff, department, week, _friends, buyers in rows:
        if week is not None:
            counted[_key(level, staff, department)].weeks[Metric.CONVERTED][date.fromisoformat(week)].good += buyers
    for into in list(counted.values()):
        for week in span.weeks:  # A week without buyers is 0 of all friends.
            into.weeks[Metric.CONVERTED][week].of = into.friends


def _fold_harm(rows: list[Row], counted: dict[tuple[str, Any], Counted]) -> None:
    for level, staff, department, complained, refused in rows:
        into = counted[_key(level, staff, department)]
        into.complained, into.refused = complained, refused


def _key(level: str, staff: int | None, department: str | None) -> tuple[str, Any]:
    return level, {STAFF: staff, TEAM: department}.get(level, "")


def _fold_platform(
    rows: list[Row], keys: dict[int, list[tuple[str, Any]]], platform: dict[tuple[str, Any], PlatformFigures]
) -> None:
    for staff, *numbers in rows:
        added, chats, messages, removed, replied_of, replied, minutes, until = numbers
        found = PlatformFigures(
            added, chats, messages, removed, replied_of or 0, replied, minutes, date.fromisoformat(until)
        )
        for key in keys[staff]:
            platform[key].add(found)


def _rows(statement: str, values: dict[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in cursor]
