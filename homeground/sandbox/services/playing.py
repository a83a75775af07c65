"""What the owner of a phone does, played by an operator; each tells the sender by a receipt."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.sandbox.errors import NothingToAnswer
from homeground.sandbox.models import Message, Phone
from homeground.sandbox.services.receipts import tell_all


@transaction.atomic
def open_message(message: Message, at: datetime | None = None) -> None:
    """The customer reads it. A second reading tells nothing."""
    moment = at or time.now()
    if Message.objects.filter(pk=message.pk, opened_at=None, is_from_customer=False).update(opened_at=moment):
        tell_all([(message.pk, moment)], "opened")


@transaction.atomic
def answer(phone: Phone, text: str, at: datetime | None = None) -> Message:
    """The customer writes back to whoever sent the newest message. Raises NothingToAnswer."""
    moment, newest = at or time.now(), _newest(phone)
    if newest is None:
        raise NothingToAnswer
    written = Message.objects.create(
        phone=phone,
        key=f"answer:{uuid4()}",
        reference=newest.reference,
        receipts_url=newest.receipts_url,
        sender=newest.sender,
        body=text.replace("\x00", ""),
        is_from_customer=True,
        sent_at=moment,
        delivered_at=moment,
    )
    Phone.objects.filter(pk=phone.pk).update(newest_at=moment)
    tell_all([(written.pk, moment)], "answered", written.body)
    return written


@transaction.atomic
def block(phone: Phone, *, is_blocking: bool, at: datetime | None = None) -> None:
    """The customer refuses everything from the sender from now on, or lets it in again (which tells nobody)."""
    changed = Phone.objects.filter(pk=phone.pk).exclude(is_blocking=is_blocking).update(is_blocking=is_blocking)
    newest = _newest(phone)
    if changed and is_blocking and newest:
        tell_all([(newest.pk, at or time.now())], "refused", _("客户拒收"))


@transaction.atomic
def complain(message: Message, at: datetime | None = None) -> None:
    """The customer reports a message. Once a message."""
    moment = at or time.now()
    if Message.objects.filter(pk=message.pk, complained_at=None, is_from_customer=False).update(complained_at=moment):
        tell_all([(message.pk, moment)], "refused", _("客户投诉"))


@transaction.atomic
def switch(phone: Phone, *, is_off: bool, at: datetime | None = None) -> None:
    """Turn a phone off, or on: then what waited for it arrives."""
    Phone.objects.filter(pk=phone.pk).update(is_off=is_off)
    if is_off:
        return
    moment = at or time.now()
    waiting = Message.objects.select_for_update().filter(phone=phone, delivered_at=None)
    ids = list(waiting.values_list("pk", flat=True))
    Message.objects.filter(pk__in=ids).update(delivered_at=moment)
    tell_all([(pk, moment) for pk in ids], "delivered")


def _newest(phone: Phone) -> Message | None:
    arrived = phone.messages.filter(is_from_customer=False, delivered_at__isnull=False)
    return arrived.order_by("-sent_at", "-pk").first()
