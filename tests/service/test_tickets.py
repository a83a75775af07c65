from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from homeground.events.models import StreamEvent
from homeground.service.errors import TicketRefused
from homeground.service.models import MessageLabel, Ticket
from homeground.service.queries.tickets import ENOUGH, group_moods, open_of, queue_states
from homeground.service.services import tickets
from tests.service.desk import NOON, in_threads, join_queue, make_customer, make_group, make_staff, say
from tests.support import drain

pytestmark = pytest.mark.django_db


def open_one(customer=None, queue="after_sales", **given):
    customer = customer or make_customer()
    return tickets.open_ticket(customer_id=customer.pk, queue=queue, text="瓶子碎了", by="amy", at=NOON, **given)


def test_the_least_busy_of_the_queue_takes_the_next():
    one, two = make_staff("甲"), make_staff("乙")
    join_queue("after_sales", one, two)

    taken = [open_one().staff for _ in range(4)]

    assert taken == [one, two, one, two]


def test_without_members_it_waits_for_somebody():
    assert open_one().staff is None
    assert [state.unowned for state in queue_states(at=NOON)] == [0, 1]


def test_a_second_word_on_an_open_matter_is_a_note():
    customer = make_customer()
    first, second = open_one(customer), open_one(customer)

    assert first == second
    assert [note.text for note in first.notes.all()] == ["瓶子碎了"]
    assert open_of([customer.pk]) == [first]


def test_both_queues_may_be_open_at_once_and_one_may_not_move_onto_the_other():
    customer = make_customer()
    ticket = open_one(customer)
    open_one(customer, queue="expert")

    with pytest.raises(TicketRefused, match="已有一张未结的工单"):
        tickets.move(ticket.pk, queue="expert", by="amy", at=NOON)

    ticket.refresh_from_db()
    assert ticket.queue == "after_sales"


def test_moving_gives_the_other_queues_time_from_now():
    ticket = open_one()

    moved = tickets.move(ticket.pk, queue="expert", by="amy", at=NOON + timedelta(hours=1))

    assert (moved.queue, moved.staff, moved.due_at) == ("expert", None, NOON + timedelta(hours=5))


def test_closing_wants_a_result_and_a_repeat_does_no_harm():
    ticket = open_one()
    with pytest.raises(TicketRefused, match="怎么解决的"):
        tickets.close(ticket.pk, resolution="  ", by="amy", at=NOON)

    late = NOON + timedelta(days=2)
    closed = tickets.close(ticket.pk, resolution="补发一瓶", by="amy", at=late)
    again = tickets.close(ticket.pk, resolution="别的", by="bob", at=late + timedelta(days=1))

    closed.refresh_from_db()
    assert closed.is_late
    assert (again.resolution, again.closed_by) == ("补发一瓶", "amy")
    assert StreamEvent.objects.filter(name="service.ticket_closed").count() == 1


def test_a_closed_ticket_takes_no_notes_until_it_is_opened_again():
    ticket = open_one()
    tickets.close(ticket.pk, resolution="补发", by="amy", at=NOON)
    with pytest.raises(TicketRefused, match="重新打开"):
        tickets.note(ticket.pk, text="又来问了", by="amy")

    tickets.reopen(ticket.pk, by="amy", at=NOON)
    tickets.note(ticket.pk, text="又来问了", by="amy")

    assert [note.text for note in ticket.notes.all()] == ["重新打开", "又来问了"]


def test_a_closed_one_stays_closed_when_a_newer_is_open():
    customer = make_customer()
    old = open_one(customer)
    tickets.close(old.pk, resolution="补发", by="amy", at=NOON)
    open_one(customer)

    with pytest.raises(TicketRefused, match="新的未结工单"):
        tickets.reopen(old.pk, by="amy")


def test_the_database_refuses_a_close_without_a_result():
    ticket = open_one()

    with pytest.raises(IntegrityError, match="ticket_closes_with_a_resolution"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(state="closed", closed_at=NOON)


@pytest.mark.django_db(transaction=True)
def test_eight_colleagues_at_once_open_one_ticket():
    customer = make_customer()

    in_threads(8, lambda _number: open_one(customer))
    drain()

    assert Ticket.objects.count() == 1
    assert Ticket.objects.get().notes.count() == 7
    assert StreamEvent.objects.filter(name="service.ticket_opened").count() == 1


def test_the_share_of_negative_messages_is_told_only_of_enough_messages():
    loud, quiet = make_group(), make_group()
    for number in range(ENOUGH):
        label(say("太差了", place="group", group=loud), is_negative=number < 5)
    label(say("太差了", place="group", group=quiet), is_negative=True)

    moods = {mood.chat_id: mood for mood in group_moods(NOON - timedelta(days=7), NOON + timedelta(days=1))}

    assert moods[loud.chat_id].negative_share == 0.25
    assert (moods[quiet.chat_id].negative, moods[quiet.chat_id].negative_share) == (1, None)


def label(message, *, is_negative):
    MessageLabel.objects.create(message=message, topic="other", is_negative=is_negative, confidence_bp=9000, by="model")
