"""关怀轮次 (M59): every friend one like and one comment a month, from A to Z, as many a day as the day bears.

A checklist: the platform likes and comments for nobody, so a tick is a member's word.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.service import CustomerTouchedByStaff
from homeground.people.queries import survivor_of
from homeground.service.errors import NeedsReason
from homeground.service.models import Capacity, CareItem, CareRound, Work, WorkMinutes
from homeground.service.names import spellings
from homeground.service.services.customers import note_care
from homeground.wecom.models import Follow

_SQL = Path(__file__).parent.parent / "sql"
LIKE, COMMENT = "like", "comment"
_FIELDS = {LIKE: "liked_at", COMMENT: "commented_at"}


@transaction.atomic
def plan_care(on: date) -> int:
    """Choose the friends of a day for every member who has friends. Returns how many were chosen.

    The first call of a month begins its rounds. A repeat on the same day chooses nobody again; days that were missed
    are spread over those that are left.
    """
    month = on.replace(day=1)
    _begin_rounds(month)
    _bring_friends(month)
    _run("care_responses.sql", month=month)
    quotas = _quotas(month, on)
    if not quotas:
        return 0
    columns = {"round_id": [row for row, _quota in quotas], "quota": [quota for _row, quota in quotas]}
    return _run("care_of_day.sql", on=on, **columns)


def quota(remaining: int, days_left: int, minutes: float, minutes_each: float) -> int:
    """How many friends a day: what is left spread over the working days left, never more than the minutes bear."""
    if not days_left:
        return 0
    return max(0, min(-(-remaining // days_left), int(minutes // minutes_each)))


def working_days_left(on: date, weekdays: Sequence[int]) -> int:
    """The working days from this day to the end of its month; 0 when this day is none."""
    if on.isoweekday() not in weekdays:
        return 0
    last = monthrange(on.year, on.month)[1]
    return sum((on + timedelta(days=n)).isoweekday() in weekdays for n in range(last - on.day + 1))


@transaction.atomic
def tick(item_id: int, what: str, at: datetime | None = None) -> CareItem:
    """The member has liked or commented. Tells service.customer_touched, once. A repeat does no harm."""
    at = at or time.now()
    item = _locked(item_id)
    if getattr(item, _FIELDS[what]):
        return item
    setattr(item, _FIELDS[what], at)
    item.save()
    customer = survivor_of(item.contact.customer_id)
    fact = CustomerTouchedByStaff(
        customer_id=customer, happened_at=at, cause=f"care:{item.pk}:{what}", userid=item.round.staff.userid,
        kind=f"care_{what}",
    )  # fmt: skip
    events.record(fact)
    note_care([(item.round.staff_id, customer)], at)
    return item


@transaction.atomic
def untick(item_id: int, what: str) -> CareItem:
    """Undo a tick. What was told of it stays told. A repeat does no harm."""
    item = _locked(item_id)
    setattr(item, _FIELDS[what], None)
    item.save()
    return item


@transaction.atomic
def leave_out(item_id: int, reason: str) -> CareItem:
    """This friend is not for this round, and why. Raises NeedsReason."""
    if not reason.strip():
        raise NeedsReason
    item = _locked(item_id)
    item.left_out = reason.strip()[:100]
    item.save()
    return item


@transaction.atomic
def bring_back(item_id: int) -> CareItem:
    """The friend is in the round again. A repeat does no harm."""
    item = _locked(item_id)
    item.left_out = ""
    item.save()
    return item


@transaction.atomic
def note_response(item_id: int, responded: bool, at: datetime | None = None) -> CareItem:
    """The friend interacted back, as the member saw it; or did not after all."""
    item = _locked(item_id)
    item.responded_at = (item.responded_at or at or time.now()) if responded else None
    item.save()
    return item


def suggestion(item: CareItem) -> str:
    """A comment to begin with; the member makes it fit what the friend posted."""
    lines = [
        _("拍得真好看，这是在哪里呀？"), _("好久没聊了，最近一切都好吗？"), _("这个真不错，学到了！"),
        _("看着就开心，祝顺顺利利～"), _("给你点赞，状态真好！"),
    ]  # fmt: skip
    return lines[item.pk % len(lines)]


def _begin_rounds(month: date) -> None:
    staff = Follow.objects.filter(ended_at=None, is_pending=False, staff__is_active=True).values_list(
        "staff_id", flat=True
    )
    CareRound.objects.bulk_create(
        [CareRound(staff_id=member, month=month) for member in sorted(set(staff.distinct()))], ignore_conflicts=True
    )


def _bring_friends(month: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_LETTERS)
        spelled = spellings(letter for (letter,) in cursor.fetchall() if letter)
    _run("care_contacts.sql", month=month, letter=list(spelled), spelling=list(spelled.values()))


def _quotas(month: date, on: date) -> list[tuple[int, int]]:
    each = WorkMinutes.objects.filter(kind=Work.CARE).values_list("minutes", flat=True).first() or Decimal(1)
    params: dict[str, Any] = {
        "month": month,
        "on": on,
        "usual_minutes": Capacity.USUAL_MINUTES,
        "usual_days": Capacity.USUAL_WEEKDAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute((_SQL / "care_quotas.sql").read_text(), params)
        rows = cursor.fetchall()
    return [
        (pk, quota(int(remaining), working_days_left(on, weekdays), float(minutes - taken), float(each)))
        for pk, minutes, weekdays, remaining, taken in rows
    ]


def _locked(item_id: int) -> CareItem:
    return CareItem.objects.select_for_update(of=("self",)).select_related("round__staff", "contact").get(pk=item_id)


def _run(name: str, **params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute((_SQL / name).read_text(), params)
        return int(cursor.rowcount)


_FIRST_LETTERS = """
SELECT DISTINCT left(coalesce(nullif(follow.remark, ''), contact.name), 1)
FROM wecom_follow AS follow JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
WHERE follow.ended_at IS NULL
"""
