from datetime import timedelta

import pytest
from django.db import connection

from homeground.people.models import Customer
from homeground.service.models import ChatMessage, ChatRetention, LastTalk, Wait
from homeground.service.services import chats
from tests.service.world_day import NOON, answered, make_friend, make_staff, minutes, said, tell

pytestmark = pytest.mark.django_db


def test_a_message_is_kept_once_with_its_customer_and_told_once():
    staff, friend = make_staff(), make_friend(None)
    message = said("wm1", 0, text="有货吗")

    assert [tell(message), tell(message, message)] == [1, 0]

    kept = ChatMessage.objects.get()
    assert (kept.customer_id, kept.staff, kept.text, kept.place) == (friend.customer_id, staff, "有货吗", "chat")
    assert _told() == ["service.message_received"]


def test_a_writer_nobody_knows_becomes_a_customer():
    make_staff()

    tell(said("wm-new", 0))

    assert ChatMessage.objects.get().customer == Customer.objects.get()


def test_an_unknown_member_is_no_reason_to_lose_a_message():
    tell(said("wm1", 0, userid="nobody"))

    assert ChatMessage.objects.get().staff is None
    assert not Wait.objects.exists()


def test_what_the_stores_cannot_hold_is_replaced():
    make_staff()

    tell(said("wm1", 0, text="a\x00b"))

    assert ChatMessage.objects.get().text == "a\ufffdb"


def test_the_last_talk_moves_forward_only():
    make_staff()
    make_friend(None)

    tell(said("wm1", 5), answered("wm1", 6))
    tell(said("wm1", 1), answered("wm1", 2))

    talk = LastTalk.objects.get()
    assert (talk.heard_at, talk.spoke_at) == (minutes(5), minutes(6))


def test_words_are_erased_after_the_retention_and_the_rest_stays():
    make_staff()
    tell(said("wm1", 0), said("wm1", 60 * 24 * 10))
    ChatRetention.objects.create(days=7, valid_from=NOON, source="team", set_by="boss")

    assert chats.erase_old_texts(NOON + timedelta(days=9)) == 1

    assert list(ChatMessage.objects.order_by("at").values_list("text", flat=True)) == ["", "在吗"]
    assert Wait.objects.count() == 1
    assert chats.erase_old_texts(NOON + timedelta(days=9)) == 0


def test_with_a_retention_of_no_days_words_are_never_kept():
    make_staff()
    ChatRetention.objects.create(days=0, valid_from=NOON - timedelta(days=900), source="team", set_by="boss")

    tell(said("wm1", 0))

    assert (ChatMessage.objects.get().text, ChatMessage.objects.get().erased_at is None) == ("", False)


def _told() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM stream_event ORDER BY happened_at, name")
        return [name for (name,) in cursor.fetchall()]
