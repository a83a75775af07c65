"""等待: who waits since when, and who was answered. Waits follow from turns, so order and repeats do no harm."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.service import CustomerAnswered
from homeground.people import queries as people
from homeground.service.errors import BadRequestNote, NotWaiting
from homeground.service.models import Closing, Inbound, Turn, Wait
from homeground.wecom.models import Staff

_SQL = Path(__file__).parent.parent / "sql"
_LOCKS = 64  # Conversations share them: enough for every worker to go its way.
_COMMENT_DAYS = 7  # Older comments, which a first read brings, are history and wait for nobody.
_FORM_FILLING = timedelta(minutes=5)
# Thanks and nothing else, however polite: an answer would only be polite, too.
_THANKS = (
    r"^\s*(好的?|嗯+|ok|OK)?[，,\s]*(太?谢谢|感谢|多谢|谢啦|辛苦)(您|你|了|啦|啊|哈|哦)*"
    r"[\s！!。.~～]*(\[[^\]]{1,6}\]\s*)*$"
)
Changed = Iterable[tuple[str, datetime]]  # Conversation and the earliest moment that is new in it.


def take_messages(ids: Sequence[int]) -> int:
    """See who waits after these new messages (ids of ChatMessage). Returns how many waits are new or changed."""
    return settle(_rows("turns_of_messages.sql", ids=list(ids), thanks=_THANKS))


@transaction.atomic
def take_comments(at: datetime | None = None) -> int:
    """See who waits after the comments under our Moments of the last week. A repeat does no harm.

    The platform does not tell whom a comment answers: a member's later comment under the same post answers everybody.
    """
    since = (at or time.now()) - timedelta(days=_COMMENT_DAYS)
    return settle(_rows("turns_of_comments.sql", since=since))


@transaction.atomic
def take_requests(rows: Sequence[tuple[str, int, datetime, bool]]) -> int:
    """See who asks to be a friend: (userid, customer id, moment, whether it asks: else the member said yes)."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    names = ("userid", "customer_id", "at", "is_inbound")
    return settle(_rows("turns_of_requests.sql", **dict(zip(names, columns, strict=True))))


@transaction.atomic
def log_request(staff: Staff, label: str, at: datetime, by: str) -> Wait:
    """Write down a friend request that the platform does not tell of. Raises BadRequestNote."""
    if not (label := label.strip())[:1]:
        raise BadRequestNote(_("请写下申请人的称呼，便于辨认。"))
    if at > time.now() + _FORM_FILLING:
        raise BadRequestNote(_("申请时间不能在将来。"))
    conversation = f"logged:{uuid4().hex}"
    Turn.objects.create(
        key="request", conversation=conversation, kind=Inbound.REQUEST, at=at, is_inbound=True, staff=staff,
        label=label[:100], by=by,
    )  # fmt: skip
    settle([(conversation, at)])
    return Wait.objects.get(conversation=conversation)


@transaction.atomic
def mark_handled(wait_id: int, staff: Staff | None, by: str, at: datetime | None = None) -> Wait:
    """Say that somebody was answered where the platform does not look: it counts as an answer from now on.

    staff: who answered; None: whoever was asked. Raises NotWaiting when the wait is over.
    """
    wait = Wait.objects.select_related("staff").get(pk=wait_id)
    if wait.answered_at:
        raise NotWaiting
    at = max(at or time.now(), wait.began_at)
    Turn.objects.create(
        key=f"click:{uuid4().hex}", conversation=wait.conversation, kind=wait.kind, at=at, is_inbound=False,
        staff=staff or wait.staff, closing=Closing.CLICK, by=by[:150],
    )  # fmt: skip
    settle([(wait.conversation, wait.began_at)])
    return Wait.objects.get(pk=wait_id)


@transaction.atomic
def take_back_click(wait_id: int) -> Wait:
    """Undo the click that ended a wait; what the platform told stays. Raises NotWaiting when there is none."""
    wait = Wait.objects.get(pk=wait_id)
    if wait.closing != Closing.CLICK or not wait.answered_at:
        raise NotWaiting
    Turn.objects.filter(conversation=wait.conversation, closing=Closing.CLICK, at=wait.answered_at).delete()
    settle([(wait.conversation, wait.began_at)])
    return Wait.objects.filter(conversation=wait.conversation, answered_at=None).order_by("-began_at")[0]


@transaction.atomic
def settle(changed: Changed) -> int:
    """Bring the waits of these conversations in step with their turns. Returns how many are new or changed."""
    earliest: dict[str, datetime] = {}
    for conversation, at in changed:
        earliest[conversation] = min(at, earliest.get(conversation, at))
    if not earliest:
        return 0
    _lock(earliest)
    params: dict[str, Any] = {
        "conversation": list(earliest),
        "since": list(earliest.values()),
        "zone": people.brand().time_zone,
    }
    with connection.cursor() as cursor:
        cursor.execute((_SQL / "stale_waits.sql").read_text(), params)
        cursor.execute((_SQL / "waits.sql").read_text(), params)
        rows = cursor.fetchall()
    events.record(*_answers(rows))
    return len(rows)


def _lock(conversations: Iterable[str]) -> None:
    """One writer a conversation until the transaction ends: the next one sees what this one wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('service.waits'), bucket) FROM ("
            " SELECT DISTINCT abs(hashtext(name) %% %s) AS bucket FROM unnest(%s::text[]) AS name ORDER BY 1"
            ") AS buckets",
            [_LOCKS, sorted(conversations)],
        )


def _answers(
    rows: Sequence[tuple[int, str, str, int | None, int | None, datetime, datetime | None]],
) -> list[CustomerAnswered]:
    userids = dict(Staff.objects.values_list("pk", "userid")) if rows else {}
    return [
        CustomerAnswered(
            customer_id=customer,
            happened_at=answered_at,
            cause=f"wait:{conversation}:{began_at.isoformat()}",
            userid=userids.get(staff, "") if staff else "",
            place=kind,
            waited_seconds=int((answered_at - began_at).total_seconds()),
        )
        for _id, conversation, kind, customer, staff, began_at, answered_at in rows
        if answered_at and customer
    ]


def _rows(name: str, **params: Any) -> list[tuple[str, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute((_SQL / name).read_text(), params)
        return list(cursor.fetchall())
