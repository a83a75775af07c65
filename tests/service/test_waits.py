import threading
from datetime import UTC, datetime, timedelta
from datetime import time as clock

import pytest
from django.db import IntegrityError, connection, transaction

from homeground.service.errors import BadRequestNote, BadRule, NotWaiting
from homeground.service.models import ReplyClock, Wait
from homeground.service.services import rules, waits
from homeground.wecom.models import GroupChat, GroupMember, Moment, MomentPost, MomentReaction
from tests.service.world_day import NOON, answered, make_friend, make_staff, minutes, said, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clocks(db):
    rules.install_defaults()


def test_a_customer_waits_from_the_first_word_to_the_next_answer():
    staff, friend = make_staff(), make_friend(None)

    tell(said("wm1", 0), said("wm1", 3), answered("wm1", 8), said("wm1", 20))

    first, second = Wait.objects.order_by("began_at")
    assert (first.began_at, first.messages, first.answered_at, first.answered_by) == (NOON, 2, minutes(8), staff)
    assert (first.due_at, first.is_late, first.customer_id) == (minutes(10), False, friend.customer_id)
    assert (second.began_at, second.answered_at) == (minutes(20), None)


@pytest.mark.parametrize("words", ["谢谢", "好的，谢谢您！", "辛苦啦～", "多谢[玫瑰][玫瑰]"])
def test_bare_thanks_wait_for_nobody(words):
    make_staff()

    tell(said("wm1", 0), answered("wm1", 2), said("wm1", 3, text=words))
    assert _spans() == [(0, 2, 1)]

    tell(said("wm1", 5, text="谢谢，那运费谁出？"))
    assert _spans() == [(0, 2, 1), (5, None, 1)]


def test_an_answer_after_ten_minutes_is_late():
    make_staff()

    tell(said("wm1", 0), answered("wm1", 11))

    assert Wait.objects.get().is_late


def test_an_answer_to_one_customer_is_none_to_another_nor_by_another_member():
    make_staff("li")
    make_staff("wang")

    tell(said("wm1", 0), answered("wm2", 1), answered("wm1", 1, userid="wang"))

    assert Wait.objects.get().answered_at is None


def test_the_order_of_telling_does_not_matter():
    make_staff()
    tell(answered("wm1", 8))
    tell(said("wm1", 20))
    tell(said("wm1", 0))

    assert _spans() == [(0, 8, 1), (20, None, 1)]

    tell(said("wm1", -5))

    assert _spans() == [(-5, 8, 2), (20, None, 1)]


def test_a_mention_in_a_group_asks_the_member_and_a_colleague_in_it_may_answer():
    li, wang = make_staff("li"), make_staff("wang")
    chat = GroupChat.objects.create(chat_id="wr1", owner=li, seen_at=NOON)
    for member in (li, wang):
        GroupMember.objects.create(chat=chat, member_id=member.userid, is_external=False, joined_at=NOON)

    tell(said("wm1", 0, userid="", chat_id="wr1", mentions=["Li"]), said("wm2", 1, userid="", chat_id="wr1"))
    assert [(wait.kind, wait.staff) for wait in Wait.objects.all()] == [("mention", li)]

    tell(answered("", 4, userid="wang", chat_id="wr1"))
    assert Wait.objects.get().answered_by == wang


def test_a_comment_under_our_moment_waits_for_the_members_comment():
    li, friend = make_staff(), make_friend(None)
    post = MomentPost.objects.create(moment=_moment(), staff=li)
    MomentReaction.objects.create(post=post, kind="comment", contact=friend, happened_at=NOON)
    MomentReaction.objects.create(post=post, kind="like", contact=friend, happened_at=NOON)

    waits.take_comments(minutes(1))
    waits.take_comments(minutes(2))
    assert _spans() == [(0, None, 1)]

    MomentReaction.objects.create(post=post, kind="comment", staff=li, happened_at=minutes(7))
    waits.take_comments(minutes(8))
    assert _spans() == [(0, 7, 1)]


def test_comments_older_than_a_week_are_history():
    li, friend = make_staff(), make_friend(None)
    post = MomentPost.objects.create(moment=_moment(), staff=li)
    MomentReaction.objects.create(post=post, kind="comment", contact=friend, happened_at=NOON)

    assert waits.take_comments(NOON + timedelta(days=8)) == 0


def test_a_request_waits_until_the_member_says_yes_and_a_yes_without_a_request_is_nothing():
    make_staff()
    one, other = make_friend(None, "wm1"), make_friend(None, "wm2")

    waits.take_requests([("li", one.customer_id, NOON, True), ("li", other.customer_id, NOON, False)])
    waits.take_requests([("li", one.customer_id, minutes(40), False)])

    wait = Wait.objects.get()
    assert (wait.kind, wait.answered_at, wait.due_at, wait.is_late) == ("request", minutes(40), minutes(30), True)


def test_a_request_at_night_is_due_in_the_morning():
    staff = make_staff()
    night = datetime(2026, 3, 10, 15, tzinfo=UTC)  # 23:00 in Shanghai.

    wait = waits.log_request(staff, "小红", night, "li")

    assert wait.due_at == datetime(2026, 3, 11, 1, 30, tzinfo=UTC)  # 09:30.


def test_what_is_left_of_the_clock_goes_on_the_next_working_day():
    _only_at_work("chat", weekdays=[1, 2, 3, 4, 5])
    make_staff()
    friday = datetime(2026, 3, 13, 9, 55, tzinfo=UTC)  # 17:55 in Shanghai, five minutes before the end.

    tell(said("wm1", (friday - NOON).total_seconds() / 60))

    assert Wait.objects.get().due_at == datetime(2026, 3, 16, 1, 5, tzinfo=UTC)  # Monday 09:05.


def test_a_clock_counts_from_its_day_on():
    rules.set_clock(_clock(minutes=20, valid_from=minutes(60)), at=NOON)
    make_staff()

    tell(said("wm1", 0), said("wm2", 61))

    assert [wait.due_at for wait in Wait.objects.order_by("began_at")] == [minutes(10), minutes(81)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": " "},
        {"valid_from": NOON - timedelta(days=1)},
        {"minutes": 700},
        {"starts": clock(19)},
        {"weekdays": []},
    ],
)
def test_a_clock_that_cannot_be_is_refused(wrong):
    before = ReplyClock.objects.count()

    with pytest.raises(BadRule):
        rules.set_clock(_clock(**wrong), at=NOON)

    assert ReplyClock.objects.count() == before


def test_a_click_answers_and_can_be_taken_back():
    staff = make_staff()
    tell(said("wm1", 0))
    wait = Wait.objects.get()

    closed = waits.mark_handled(wait.pk, staff, "li", at=minutes(4))
    assert (closed.closing, closed.answered_at, closed.answered_by) == ("click", minutes(4), staff)
    with pytest.raises(NotWaiting):
        waits.mark_handled(wait.pk, staff, "li", at=minutes(5))

    assert waits.take_back_click(wait.pk).answered_at is None
    with pytest.raises(NotWaiting):
        waits.take_back_click(wait.pk)


def test_words_after_a_click_wait_anew_and_taking_it_back_joins_them():
    staff = make_staff()
    tell(said("wm1", 0))
    wait = waits.mark_handled(Wait.objects.get().pk, staff, "li", at=minutes(4))
    tell(said("wm1", 6))
    assert _spans() == [(0, 4, 1), (6, None, 1)]

    waits.take_back_click(wait.pk)

    assert _spans() == [(0, None, 2)]


@pytest.mark.parametrize(("label", "after"), [(" ", 0), ("小红", 60)])
def test_a_request_without_a_name_or_from_the_future_is_refused(label, after, monkeypatch):
    monkeypatch.setattr(waits.time, "now", lambda: NOON)
    staff = make_staff()

    with pytest.raises(BadRequestNote):
        waits.log_request(staff, label, minutes(after), "li")

    assert not Wait.objects.exists()


def test_the_table_refuses_two_open_waits_of_one_conversation():
    fields = {"conversation": "c", "kind": "chat", "due_at": NOON}
    Wait.objects.create(began_at=NOON, **fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Wait.objects.create(began_at=minutes(1), **fields)


@pytest.mark.django_db(transaction=True)
def test_two_tellers_at_once_leave_one_wait_that_is_answered():
    rules.install_defaults()
    make_staff()
    tell(said("wm1", -60), answered("wm1", -59))
    threads = [threading.Thread(target=_tell_alone, args=[one]) for one in (said("wm1", 0), answered("wm1", 5))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert _spans() == [(-60, -59, 1), (0, 5, 1)]


def _moment():
    return Moment.objects.create(key="k", content={}, asked_at=NOON, expires_at=minutes(999))


def _tell_alone(message):
    try:
        tell(message)
    finally:
        connection.close()


def _spans():
    rows = Wait.objects.order_by("began_at").values_list("began_at", "answered_at", "messages")
    return [(_minute(began), _minute(answered_at), messages) for began, answered_at, messages in rows]


def _minute(moment):
    return None if moment is None else (moment - NOON).total_seconds() / 60


def _clock(**more):
    fields = {"kind": "chat", "minutes": 10, "is_in_hours": True, "starts": clock(9), "ends": clock(18)}
    rest = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "valid_from": NOON, "source": "team", "set_by": "boss"}
    return ReplyClock(**fields | rest | more)


def _only_at_work(kind, **more):
    rules.set_clock(_clock(kind=kind, **more), at=NOON)
