"""Placing: write the send and its recipients, commit, ask the platform, write down what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.wecom.client import Api, Failure, FateUnknown, connect, mass
from homeground.wecom.models import MassSend, MassSendRecipient, Staff

SQL = Path(__file__).parents[2] / "sql"
_REFUSED = (SQL / "mass_refused.sql").read_text()
_FATES = (SQL / "mass_fates.sql").read_text()
STAYS = timedelta(days=14)  # Of a send that no campaign gives an end.

Recipient = tuple[str, int | None]  # external_userid or chat_id, touch.


def place(
    key: str,
    campaign_id: int | None,
    text: str,
    attachments: Sequence[Mapping[str, Any]],
    recipients: Sequence[Recipient],
    at: datetime | None = None,
    *,
    channel: str = "",
    expires_at: datetime | None = None,
    owner: Staff | None = None,
) -> MassSend:
    """Ask the platform once to let staff send one text to these contacts. Call it with no transaction open.

    key: the same key is placed once; a repeat returns what is there, and tries again only what surely failed.
    recipients: (external_userid, touch) of at most 10,000; with an owner (chat_id, None) of at most 2,000 groups, which
    this member owns and alone can send to. expires_at: what nobody confirmed by then is withdrawn.
    Returns the send: placed, or unknown when the platform did not answer. Raises NotConnected with nothing written;
    WeComError or Unreachable when the platform surely did not take it: the send is then kept as failed.
    """
    api, moment = connect(), at or time.now()
    content: dict[str, Any] = {"text": text, "attachments": list(attachments)}
    content |= {"sender": owner.userid} if owner else {}
    fields: dict[str, Any] = {
        "campaign_id": campaign_id,
        "channel": channel,
        "is_group": owner is not None,
        "content": content,
    }
    fields |= {"asked_at": moment, "expires_at": expires_at or moment + STAYS}
    send, is_ours = _written(key, fields, recipients, owner.pk if owner else None)
    return _asked(api, send, [recipient for recipient, _touch in recipients]) if is_ours else send


@transaction.atomic
def _written(
    key: str, fields: Mapping[str, Any], recipients: Sequence[Recipient], staff_id: int | None
) -> tuple[MassSend, bool]:
    """The send with its recipients, and whether it is for us to ask."""
    send, is_new = MassSend.objects.select_for_update().get_or_create(key=key, defaults=fields)
    if not is_new:
        if send.state != MassSend.State.FAILED:
            return send, False
        send.recipients.all().delete()
        MassSend.objects.filter(pk=send.pk).update(state=MassSend.State.ASKING, error="", **fields)
        send.refresh_from_db()
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for recipient, touch in recipients:
            copy.write_row((send.pk, recipient, touch, staff_id, int(MassSendRecipient.Status.WAITING)))
    return send, True


_COPY = "COPY wecom_masssendrecipient (mass_send_id, recipient, touch_id, staff_id, status) FROM STDIN"


def _asked(api: Api, send: MassSend, recipients: Sequence[str]) -> MassSend:
    try:
        created = mass.create(api, _spec(send, recipients))
    except FateUnknown as trouble:
        return _marked(send, state=MassSend.State.UNKNOWN, error=str(trouble)[:200])
    except Failure as refusal:
        _marked(send, state=MassSend.State.FAILED, error=str(refusal)[:200], ended_at=send.asked_at)
        raise
    with transaction.atomic():
        mark_refused(send, created.fail_list)
        return _marked(send, state=MassSend.State.PLACED, msgid=created.msgid, placed_at=send.asked_at)


def _spec(send: MassSend, recipients: Sequence[str]) -> mass.MassSpec:
    said = send.content["text"], send.content["attachments"]
    if send.is_group:
        return mass.MassSpec(*said, chat_ids=recipients, sender=send.content["sender"], is_group=True)
    return mass.MassSpec(*said, external_userids=recipients)


def mark_refused(send: MassSend, recipients: Sequence[str]) -> None:
    """Note that the platform did not take these contacts or groups."""
    if recipients:
        with connection.cursor() as cursor:
            cursor.execute(_REFUSED, {"mass_send_id": send.pk, "recipients": list(recipients)})


def refused(send: MassSend) -> set[str]:
    """The contacts or groups of a send that the platform did not take."""
    rows = send.recipients.filter(status=MassSendRecipient.Status.REFUSED)
    return set(rows.values_list("recipient", flat=True))


def fates(touch_ids: Sequence[int]) -> dict[int, bool]:
    """For touches that were handed to us: whether they were placed. One that is missing: nobody can tell yet.

    Ask only for touches that no process is placing any more: a send that was left in the middle counts as unknown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FATES, {"touch_ids": list(touch_ids)})
        rows = {touch: (state, status) for touch, state, status in cursor.fetchall()}
    _give_up_asking([touch for touch, (state, _status) in rows.items() if state == MassSend.State.ASKING])
    told = {touch: rows.get(touch, (MassSend.State.FAILED, 0)) for touch in touch_ids}
    return {touch: _was_taken(state, status) for touch, (state, status) in told.items() if state not in _OPEN}


_OPEN = (MassSend.State.ASKING, MassSend.State.UNKNOWN)


def _was_taken(state: str, status: int) -> bool:
    return state != MassSend.State.FAILED and status != MassSendRecipient.Status.REFUSED


def _give_up_asking(touch_ids: Sequence[int]) -> None:
    left = MassSend.objects.filter(state=MassSend.State.ASKING, recipients__touch_id__in=touch_ids)
    MassSend.objects.filter(pk__in=left.values("pk")).update(state=MassSend.State.UNKNOWN)


def _marked(send: MassSend, **fields: Any) -> MassSend:
    MassSend.objects.filter(pk=send.pk).update(**fields)
    send.refresh_from_db()
    return send
