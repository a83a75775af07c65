"""Reminding: the platform asks everybody who has not confirmed a send."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from homeground.core import time
from homeground.people.queries import brand
from homeground.wecom.client import Failure, FateUnknown, WeComError, connect, mass
from homeground.wecom.errors import NothingToStop, TooManyReminders
from homeground.wecom.models import MassSend

A_DAY = 3  # Reminders of one send, by the platform's rule.
_TOO_OFTEN = 41094


def remind(send_id: int, at: datetime | None = None) -> MassSend:
    """Let the platform ask the members who have not confirmed; at most three times a day of the brand's zone.

    Raises TooManyReminders, NothingToStop for a send that waits for nobody, NotConnected or the client's Failure.
    """
    api, moment = connect(), at or time.now()
    send = _counted(send_id, moment)
    try:
        mass.remind(api, str(send.msgid))
    except FateUnknown:
        raise
    except Failure as refusal:
        MassSend.objects.filter(pk=send_id).update(reminders=send.reminders - 1)
        if isinstance(refusal, WeComError) and refusal.code == _TOO_OFTEN:
            raise TooManyReminders from refusal
        raise
    return send


@transaction.atomic
def _counted(send_id: int, at: datetime) -> MassSend:
    send = MassSend.objects.select_for_update().get(pk=send_id)
    if send.state != MassSend.State.PLACED:
        raise NothingToStop
    so_far = send.reminders if send.reminded_at and _day(send.reminded_at) == _day(at) else 0
    if so_far >= A_DAY:
        raise TooManyReminders
    send.reminders, send.reminded_at = so_far + 1, at
    send.save(update_fields=["reminders", "reminded_at"])
    return send


def _day(moment: datetime) -> object:
    return moment.astimezone(ZoneInfo(brand().time_zone)).date()
