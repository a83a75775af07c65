"""Reading what the platform tells of a send: its tasks and its recipients, written once however often it is told."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from homeground.events.catalog.channels import MessageDelivered, MessageFailed, MessageSent, TouchFact
from homeground.events.services import record
from homeground.wecom.client import Api, mass
from homeground.wecom.client.mass import MassResult, MassTask
from homeground.wecom.models import MassSend, MassSendRecipient, Staff
from homeground.wecom.services.mass_sends.placing import SQL
from homeground.wecom.services.paging import every, pages

_TASKS = (SQL / "mass_tasks.sql").read_text()
_RESULTS = (SQL / "mass_results.sql").read_text()
_UNREAD = (SQL / "mass_unread.sql").read_text()
NOT_READY, GONE = 41063, 41093  # Just created; cancelled.
_REASONS = {
    MassSendRecipient.Status.REFUSED: "refused",
    MassSendRecipient.Status.NOT_FRIEND: "not_friend",
    MassSendRecipient.Status.OVER_QUOTA: "over_quota",
}


def read_results(api: Api, send: MassSend, at: datetime) -> None:
    """Read tasks and results without ending anything. A repeat tells nothing twice. Raises the client's Failure."""
    _write_tasks(send, list(every(partial(mass.tasks_page, api, str(send.msgid)))), at)
    for member in _members_to_read(send):
        for page in pages(partial(mass.results_page, api, str(send.msgid), member)):
            write_results(send, page.items, at)


def _write_tasks(send: MassSend, tasks: Sequence[MassTask], at: datetime) -> None:
    know_members([task.userid for task in tasks])
    confirmed = [(task.sent_at or at) if task.is_sent else None for task in tasks]
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            "mass_send_id": send.pk,
            "userids": [task.userid for task in tasks],
            "confirmed": confirmed,
        }
        cursor.execute(_TASKS, params)


def know_members(userids: Sequence[str]) -> None:
    """Make sure that each member has a row; the sync fills in the rest."""
    wanted = {userid.lower() for userid in userids}
    known = set(Staff.objects.filter(userid__in=wanted).values_list("userid", flat=True))
    rows = [Staff(userid=userid) for userid in sorted(wanted - known)]
    Staff.objects.bulk_create(rows, ignore_conflicts=True)


def _members_to_read(send: MassSend) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, {"mass_send_id": send.pk})
        return [userid for (userid,) in cursor.fetchall()]


@transaction.atomic
def write_results(send: MassSend, results: Sequence[MassResult], at: datetime) -> None:
    """Write what became of these recipients, and tell it of their touches, in one."""
    params: dict[str, Any] = {
        "mass_send_id": send.pk,
        "recipients": [result.recipient for result in results],
        "userids": [result.userid for result in results],
        "statuses": [result.status for result in results],
        "sent": [(result.sent_at or at) if result.status == 1 else None for result in results],
    }
    with connection.cursor() as cursor:
        cursor.execute(_RESULTS, params)
        changed = cursor.fetchall()
    record(*(fact for touch, who, status, sent in changed for fact in facts_of(send, touch, who, status, sent, at)))


def facts_of(
    send: MassSend, touch: int, customer: int, status: int, sent_at: datetime | None, at: datetime
) -> Iterator[TouchFact]:
    """What a recipient's result means for the touch."""
    common: dict[str, Any] = {
        "customer_id": customer,
        "touch_id": touch,
        "channel": send.channel,
        "campaign_id": send.campaign_id,
        "happened_at": sent_at or at,
    }
    if status == MassSendRecipient.Status.DELIVERED:
        yield MessageSent(**common, cause=str(touch))
        yield MessageDelivered(**common, cause=f"{touch}:delivered")
    else:
        yield MessageFailed(**common, cause=str(touch), reason=_REASONS[MassSendRecipient.Status(status)])
