"""客户卡片: notes, off-limits, the customer's own interval; and when somebody was last cared for."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.service.errors import BadNote, BadRule
from homeground.service.models import Note, OffLimit, OwnInterval
from homeground.wecom.models import Staff

_CARED = (Path(__file__).parent.parent / "sql" / "cared.sql").read_text()
_LONGEST_NOTE = 1000
MOST_DAYS = 730


def add_note(customer_id: int, text: str, by: str, staff: Staff | None = None, at: datetime | None = None) -> Note:
    """Write down what was learned. Raises BadNote."""
    if not 0 < len(text := text.strip()) <= _LONGEST_NOTE:
        raise BadNote(_("记录请写 1–1000 字。"))
    return Note.objects.create(customer_id=customer_id, staff=staff, text=text, by=by[:150], at=at or time.now())


def add_off_limit(customer_id: int, text: str, by: str) -> OffLimit:
    """Say what is not to be said to this customer. A repeat adds nothing. Raises BadNote."""
    if not 0 < len(text := text.strip()) <= 100:
        raise BadNote(_("禁忌请写 1–100 字，例如“不要提前任”。"))
    return OffLimit.objects.get_or_create(
        customer_id=customer_id, text=text, lifted_at=None, defaults={"set_by": by[:150]}
    )[0]


def lift_off_limit(off_limit_id: int, customer_id: int) -> None:
    """It may be said again. A repeat does no harm."""
    OffLimit.objects.filter(pk=off_limit_id, customer_id=customer_id, lifted_at=None).update(lifted_at=time.now())


def set_interval(customer_id: int, days: int | None, by: str) -> None:
    """In how many days this customer is due again; 0: never; None: as the rules say. Raises BadRule."""
    if days is None:
        OwnInterval.objects.filter(customer_id=customer_id).delete()
        return
    if not 0 <= days <= MOST_DAYS:
        raise BadRule(_("跟进间隔请填 0–730 天。"))
    OwnInterval.objects.update_or_create(
        customer_id=customer_id, defaults={"days": days, "set_by": by[:150], "set_at": time.now()}
    )


def note_care(pairs: Sequence[tuple[int, int]], at: datetime) -> None:
    """Staff (pk) have cared for customers: the follow-up counts anew from this moment."""
    staff, customers = [list(column) for column in zip(*pairs, strict=True)] or ([], [])
    with connection.cursor() as cursor:
        cursor.execute(_CARED, {"staff_id": staff, "customer_id": customers, "at": at})
