"""任务: given to staff once per key; done, skipped with a reason, moved, postponed, or expired."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Case, When
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.service import CustomerTouchedByStaff
from homeground.people import queries as people
from homeground.service.errors import BadTask, NeedsReason, TaskIsClosed
from homeground.service.models import Task
from homeground.service.services.customers import note_care
from homeground.wecom.models import Staff

Kind, State = Task.Kind, Task.State
_LONGEST_TITLE = 150
# What a finished task tells the stream (M54): a proactive touch of a customer.
_TOUCHES = {Kind.FOLLOW_UP: "follow_up", Kind.BIRTHDAY: "birthday", Kind.CAMPAIGN: "message", Kind.HAND: "message"}


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One task to give. key: what it is for; the same key is given once.

    staff_id: who does it. expires_on: the last day on which it makes sense; None: until it is done.
    """

    key: str
    staff_id: int
    title: str
    due_on: date
    kind: str = Kind.CAMPAIGN
    customer_id: int | None = None
    instructions: str = ""
    suggestion: str = ""
    campaign_id: int | None = None
    expires_on: date | None = None


def assign(assignments: Sequence[Assignment], assigned_by: str = "") -> int:
    """Give tasks to members of staff. A key that is known gives nothing again. Returns how many were new."""
    rows = [_row(assignment, assigned_by) for assignment in assignments]
    before = Task.objects.filter(key__in=[row.key for row in rows]).count()
    Task.objects.bulk_create(rows, ignore_conflicts=True)
    return Task.objects.filter(key__in=[row.key for row in rows]).count() - before


def give_by_hand(
    *, staff: Iterable[Staff], title: str, due_on: date, by: str, instructions: str = "", customer_id: int | None = None
) -> int:
    """Give one task to each of these members, as their lead. Raises BadTask, with nothing written."""
    members = list(staff)
    if not title.strip() or not members:
        raise BadTask(_("请写明要做什么，并选择至少一位员工。"))
    if due_on < today():
        raise BadTask(_("截止日期不能早于今天。"))
    batch = uuid4().hex
    return assign(
        [
            Assignment(
                key=f"hand:{batch}:{member.pk}", staff_id=member.pk, title=title.strip(), due_on=due_on, kind=Kind.HAND,
                instructions=instructions.strip(), customer_id=customer_id,
            )
            for member in members
        ],
        assigned_by=by,
    )  # fmt: skip


def finish(task_id: int, by: str, at: datetime | None = None) -> Task:
    """Done. Tells service.customer_touched where it is about a customer. Raises TaskIsClosed."""
    return _close(task_id, State.DONE, "", by, at or time.now())


def skip(task_id: int, reason: str, by: str, at: datetime | None = None) -> Task:
    """Not done, and why. Raises NeedsReason or TaskIsClosed."""
    if not reason.strip():
        raise NeedsReason
    return _close(task_id, State.SKIPPED, reason.strip()[:200], by, at or time.now())


@transaction.atomic
def reopen(task_id: int) -> Task:
    """Undo: the task is open again. What was told of it stays told. A repeat does no harm."""
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.kind == Kind.FOLLOW_UP and task.customer_id:
        Task.objects.filter(kind=Kind.FOLLOW_UP, customer=task.customer_id, state=State.OPEN).exclude(
            pk=task_id
        ).delete()
    task.state, task.reason, task.closed_at, task.closed_by = State.OPEN, "", None, ""
    task.save()
    return task


def move(task_ids: Sequence[int], to: Staff, by: str) -> int:
    """Give open tasks to another member; they stay there, whoever has the friend. Returns how many moved."""
    rows = Task.objects.filter(pk__in=task_ids, state=State.OPEN).exclude(staff=to)
    return rows.update(staff=to, assigned_by=by[:150])


def movable(staff: Staff, most: int, at: datetime | None = None) -> list[int]:
    """Ids of a member's open tasks that can best wait or be given away: follow-ups first, the newest due first."""
    rows = Task.objects.filter(staff=staff, state=State.OPEN, due_on__lte=today(at)).exclude(kind=Kind.BIRTHDAY)
    ease = Case(When(kind=Kind.FOLLOW_UP, then=0), When(kind=Kind.CAMPAIGN, then=1), default=2)
    return list(rows.order_by(ease, "-due_on", "-pk").values_list("pk", flat=True)[:most])


def postpone(task_ids: Sequence[int], until: date) -> int:
    """Move open tasks to a later day. Returns how many moved. Raises BadTask for a day that is past."""
    if until < today():
        raise BadTask(_("只能顺延到今天或以后。"))
    return Task.objects.filter(pk__in=task_ids, state=State.OPEN).update(due_on=until)


def expire(at: datetime | None = None) -> int:
    """End the tasks whose last day is over. Returns how many."""
    at = at or time.now()
    over = Task.objects.filter(state=State.OPEN, expires_on__lt=today(at))
    return over.update(state=State.EXPIRED, closed_at=at)


def today(at: datetime | None = None) -> date:
    """The brand's day."""
    return time.day_of(at or time.now(), people.brand().time_zone)


def _row(given: Assignment, assigned_by: str) -> Task:
    return Task(
        key=given.key, kind=given.kind, staff_id=given.staff_id, customer_id=given.customer_id,
        title=given.title[:_LONGEST_TITLE], instructions=given.instructions, suggestion=given.suggestion,
        campaign_id=given.campaign_id, due_on=given.due_on, expires_on=given.expires_on, assigned_by=assigned_by[:150],
    )  # fmt: skip


@transaction.atomic
def _close(task_id: int, state: str, reason: str, by: str, at: datetime) -> Task:
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.state != State.OPEN:
        raise TaskIsClosed
    task.state, task.reason, task.closed_at, task.closed_by = state, reason, at, by[:150]
    task.save()
    if state == State.DONE and task.customer_id:
        _tell(task, task.customer_id, at)
    return task


def _tell(task: Task, customer_id: int, at: datetime) -> None:
    userid = Staff.objects.values_list("userid", flat=True).get(pk=task.staff_id)
    fact = CustomerTouchedByStaff(
        customer_id=customer_id, happened_at=at, cause=f"task:{task.pk}", userid=userid,
        kind=_TOUCHES[Kind(task.kind)],
    )  # fmt: skip
    events.record(fact)
    note_care([(task.staff_id, customer_id)], at)
