"""The sandbox tells the sender by its receipts address, and by nothing else."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from homeground.channels.services import send
from homeground.core import time
from homeground.events.models import StreamEvent
from homeground.sandbox.errors import NothingToAnswer
from homeground.sandbox.models import ATTEMPTS, Gateway, Message, Phone, Receipt
from homeground.sandbox.services import playing
from homeground.sandbox.services.gateway import misbehave
from homeground.sandbox.services.receipts import call_back
from tests.channels.support import decisions, make_customer, outgoing, recorded

pytestmark = pytest.mark.django_db(transaction=True)
SENT_AT = datetime(2011, 11, 1, 9, tzinfo=UTC)


@pytest.fixture
def customer():
    return make_customer()


@pytest.fixture
def message(phone_channel, customer) -> Message:
    """One promotion on one phone, its delivery told."""
    send(phone_channel, [outgoing(customer.pk)], at=SENT_AT)
    call_back()
    return Message.objects.get()


def test_delivery_is_told_once_at_the_moment_of_the_send(message):
    (event,) = recorded("delivered")
    assert event.happened_at == SENT_AT
    assert not Receipt.objects.exists()
    assert call_back() == 0


def test_receipts_are_written_with_what_they_tell_and_called_out_by_a_job(phone_channel):
    send(phone_channel, [outgoing()])
    assert Receipt.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="sandbox.call_back", status="todo").count() == 1


def test_opening_and_answering_and_blocking_and_complaining_are_told(message, customer):
    playing.open_message(message)
    playing.open_message(message)
    playing.answer(message.phone, "什么时候发货？")
    call_back()
    assert [len(recorded(event)) for event in ("opened", "answered", "refused")] == [1, 1, 0]
    assert not decisions()

    playing.block(message.phone, is_blocking=True)
    playing.block(message.phone, is_blocking=True)
    playing.complain(message)
    playing.complain(message)
    call_back()
    assert len(recorded("refused")) == 2
    assert decisions()[0] == (customer.pk, "promotion", "phone", False, "refused")


def test_answering_td_is_an_opt_out(message, customer):
    playing.answer(message.phone, "TD")
    call_back()
    assert decisions() == [(customer.pk, "promotion", "phone", False, "answer")]


def test_a_phone_that_got_nothing_has_nobody_to_answer(phone_channel):
    empty = Phone.objects.create(address="1", newest_at=time.now())
    with pytest.raises(NothingToAnswer):
        playing.answer(empty, "hello")
    assert not Message.objects.exists()
    assert not Receipt.objects.exists()


def test_a_phone_that_is_off_gets_its_messages_when_it_is_on_again(message, phone_channel, customer):
    playing.switch(message.phone, is_off=True)
    assert send(phone_channel, [outgoing(customer.pk)])[0].state == "sent"
    call_back()
    assert len(recorded("delivered")) == 1

    playing.switch(message.phone, is_off=False)
    call_back()
    assert len(recorded("delivered")) == 2
    assert not Message.objects.filter(delivered_at=None).exists()


def test_repeated_receipts_leave_one_event_each(message):
    misbehave(is_repeating=True)
    playing.open_message(message)
    call_back()
    assert len(recorded("opened")) == 1


def test_late_receipts_come_when_they_are_due(message):
    misbehave(receipt_delay_seconds=60)
    playing.open_message(message)
    call_back()
    assert not recorded("opened")
    call_back(time.now() + timedelta(seconds=61))
    assert len(recorded("opened")) == 1


def test_receipts_that_were_not_taken_come_again_and_then_end(message, phone_channel):
    secret = phone_channel.settings["secret"]
    phone_channel.settings = phone_channel.settings | {"secret": "changed"}
    phone_channel.save()
    playing.open_message(message)
    now = time.now()
    assert call_back(now) == 0
    assert call_back(now + timedelta(seconds=4)) == 0  # Not due yet.
    assert Receipt.objects.get().attempts == 1

    phone_channel.settings = phone_channel.settings | {"secret": secret}
    phone_channel.save()
    assert call_back(now + timedelta(seconds=6)) == 1
    assert len(recorded("opened")) == 1

    Message.objects.update(opened_at=None, receipts_url="http://10.0.0.1/receipts")
    playing.open_message(message)
    for number in range(ATTEMPTS + 3):
        call_back(now + timedelta(hours=1 + number))
    assert Receipt.objects.get().attempts == ATTEMPTS


def test_two_callers_share_the_receipts(phone_channel):
    send(phone_channel, [outgoing(address=f"1380000{number:04}") for number in range(1000)])
    taken: list[int] = []

    def work():
        taken.append(call_back())
        from django.db import connection

        connection.close()

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == 1000
    assert StreamEvent.objects.filter(name="channels.message_delivered").count() == 1000
    assert not Receipt.objects.exists()


def test_a_fault_meets_as_many_requests_as_asked(phone_channel):
    misbehave(fault=Gateway.Fault.BUSY, faults_left=2)
    states = [send(phone_channel, [outgoing()])[0].state for _number in range(3)]
    assert states == ["failed", "failed", "sent"]
