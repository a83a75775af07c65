"""Tickets and groups for pages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from homeground.core import time
from homeground.people.queries import brand
from homeground.service.models import Credential, MessageLabel, Queue, StaffProfile, Ticket
from homeground.wecom.models import Staff

_SQL = Path(__file__).parent.parent / "sql"
_MOODS, _TAKERS = ((_SQL / name).read_text() for name in ("group_moods.sql", "takers.sql"))
ENOUGH = 20  # Sorted messages; below that a share of them says nothing.


@dataclass(frozen=True)
class GroupMood:
    """One group chat over a window. joined, left: customers; messages: customers' sorted messages."""

    id: int
    chat_id: str
    name: str
    dismissed_at: datetime | None
    owner_id: int | None
    expert_id: int | None
    customers: int
    joined: int
    left: int
    messages: int
    negative: int
    complaints: int
    tickets: int

    @property
    def negative_share(self) -> float | None:
        """Of the sorted messages; None while there are too few to tell."""
        return self.negative / self.messages if self.messages >= ENOUGH else None

    @property
    def title(self) -> str:
        return self.name or self.chat_id


@dataclass(frozen=True)
class QueueState:
    """How a queue stands now; closed_in_time and closed count the window."""

    queue: Queue
    open: int
    late: int
    complaints: int
    unowned: int
    closed: int
    closed_in_time: int
    takers: int

    @property
    def in_time_share(self) -> float | None:
        """Of those closed in the window; None without any."""
        return self.closed_in_time / self.closed if self.closed else None


def today() -> date:
    """The brand's day."""
    return time.day_of(time.now(), brand().time_zone)


def group_moods(since: datetime, until: datetime) -> list[GroupMood]:
    """All group chats, the most negative first, those without told messages last."""
    with connection.cursor() as cursor:
        cursor.execute(_MOODS, {"since": since, "until": until})
        return [GroupMood(*row) for row in cursor.fetchall()]


def open_of(customer_ids: Sequence[int]) -> list[Ticket]:
    """The open tickets of these ids of a person, the most urgent first."""
    rows = Ticket.objects.filter(customer__in=customer_ids, closed_at__isnull=True)
    return list(rows.select_related("staff").order_by("due_at", "pk"))


def queue_states(at: datetime | None = None, days: int = 30) -> list[QueueState]:
    """Both queues now, and what was closed in the last `days`."""
    moment = at or time.now()
    waiting, since = Q(closed_at__isnull=True), moment - timedelta(days=days)
    rows = Ticket.objects.values("queue").annotate(
        open=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(due_at__lt=moment)),
        complaints=Count("pk", filter=waiting & Q(is_complaint=True)),
        unowned=Count("pk", filter=waiting & Q(staff__isnull=True)),
        closed=Count("pk", filter=Q(closed_at__gte=since)),
        closed_in_time=Count("pk", filter=Q(closed_at__gte=since, closed_at__lte=F("due_at"))),
    )
    found: dict[str, dict[str, Any]] = {row["queue"]: dict(row) for row in rows}
    none = dict.fromkeys(("open", "late", "complaints", "unowned", "closed", "closed_in_time"), 0)
    takers = Counter(queue for queue, _staff, _load in takers_of(time.day_of(moment, brand().time_zone)))
    return [
        QueueState(**none | found.get(queue.value, {}) | {"queue": queue, "takers": takers[queue]}) for queue in Queue
    ]


def takers_of(day: date) -> list[tuple[str, int, int]]:
    """Who may take tickets on a day: (queue, staff id, open tickets), the least busy of each queue first."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKERS, {"day": day})
        return [(queue, staff, load) for queue, staff, load in cursor.fetchall()]


def unsure_labels() -> QuerySet[MessageLabel]:
    """Messages that the classifier was not sure of and nobody looked at, the newest first."""
    rows = MessageLabel.objects.filter(
        by=MessageLabel.By.MODEL, confidence_bp__lt=5000, message__erased_at__isnull=True
    )
    return rows.select_related("message__customer").order_by("-pk")


def valid_credentials(staff_id: int, on: date) -> list[Credential]:
    """What the member may call themselves on a day."""
    rows = Credential.objects.filter(staff=staff_id, issued_on__lte=on)
    return list(rows.filter(Q(expires_on__isnull=True) | Q(expires_on__gt=on)))


def shown(staff_id: int, on: date) -> tuple[StaffProfile, list[Credential]] | None:
    """The member's card as customers see it; None when it is hidden."""
    profile = StaffProfile.objects.filter(staff=staff_id, is_shown=True, staff__is_active=True).first()
    return (profile, valid_credentials(staff_id, on)) if profile else None


def expiring(on: date, days: int = 60) -> QuerySet[Credential]:
    """Credentials of active staff that end within `days`, or have ended without a newer one, the soonest first."""
    later = Q(expires_on__isnull=True) | Q(expires_on__gt=OuterRef("expires_on"))
    newer = Credential.objects.filter(later, staff=OuterRef("staff"), title=OuterRef("title"))
    rows = Credential.objects.filter(expires_on__lte=on + timedelta(days=days), staff__is_active=True)
    return rows.exclude(Exists(newer)).select_related("staff").order_by("expires_on")


def experts(on: date) -> QuerySet[Staff]:
    """Active staff with a credential that is valid on the day."""
    lasting = Q(expires_on__isnull=True) | Q(expires_on__gt=on)
    valid = Credential.objects.filter(lasting, staff=OuterRef("pk"), issued_on__lte=on)
    return Staff.objects.filter(Exists(valid), is_active=True)
