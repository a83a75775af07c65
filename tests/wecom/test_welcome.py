"""Welcomes: within 20 seconds, at most once, whatever dies."""

import threading
from datetime import timedelta

import httpx
import pytest
from django.db import connection

from homeground.core import time
from homeground.wecom import callbacks, welcome
from homeground.wecom.models import Callback, Follow
from homeground.wecom.services.welcome import WelcomeMessage, choosing, claim, give_way, send, sending, settle_lost
from tests.wecom.sealing import post, told

pytestmark = pytest.mark.django_db(transaction=True)
SEND = "externalcontact/send_welcome_msg"


def arrived(client, change="add_external_contact", code="W1", at=1760000000, external="wm1") -> Callback:
    message = told("change_external_contact", change, at, UserID="ZhangSan", ExternalUserID=external, State="door-7",
                   WelcomeCode=code)  # fmt: skip
    assert post(client, message).status_code == 200
    return Callback.objects.latest("pk")


def welcome_all() -> list[str]:
    return [send(mine) for mine in claim(10)]


@pytest.fixture
def asked(monkeypatch):
    """What the chooser was asked; it answers with a greeting."""
    heard = []

    def choose(asked):
        heard.append(asked)
        return WelcomeMessage("你好", [{"msgtype": "link", "link": {"title": "t", "url": "https://example.com"}}])

    monkeypatch.setattr(choosing, "_choosers", [choose])
    return heard


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("homeground.wecom.services.welcome.sending.sleep", lambda seconds: None)


def test_a_new_friend_is_welcomed_with_what_the_door_says(client, small, asked):
    row = arrived(client)

    assert welcome_all() == ["sent"]
    row.refresh_from_db()
    assert row.welcome == "sent"
    assert row.welcomed_at
    assert (asked[0].userid, asked[0].external_userid, asked[0].state) == ("zhangsan", "wm1", "door-7")
    assert [given["welcome_code"] for given in small.calls(SEND)] == ["W1"]
    assert small.calls(SEND)[0]["text"] == {"content": "你好"}


def test_a_repeated_callback_is_welcomed_once(client, small, asked):
    arrived(client)
    arrived(client)
    welcome_all()
    arrived(client)

    assert welcome_all() == []
    assert len(small.calls(SEND)) == 1


def test_half_added_and_added_are_welcomed_once(client, small, asked):
    arrived(client, "add_half_external_contact", "W1")
    arrived(client, "add_external_contact", "W2", at=1760000001)

    assert welcome_all() == ["sent"]
    assert welcome_all() == []
    assert list(Callback.objects.order_by("pk").values_list("welcome", flat=True)) == ["sent", "already"]


def test_when_the_halfs_code_was_refused_the_additions_is_used(client, small, asked):
    small.failures[SEND] = [41050]
    arrived(client, "add_half_external_contact", "W1")
    arrived(client, "add_external_contact", "W2", at=1760000001)

    assert welcome_all() == ["late"]
    assert welcome_all() == ["sent"]


def test_a_friend_who_left_and_came_back_is_welcomed_again(client, small, asked):
    arrived(client)
    welcome_all()
    post(
        client, told("change_external_contact", "del_follow_user", 1760000005, UserID="ZhangSan", ExternalUserID="wm1")
    )
    arrived(client, code="W2", at=1760000009)

    assert welcome_all() == ["sent"]


def test_without_a_door_that_welcomes_nothing_is_sent(client, small, monkeypatch):
    monkeypatch.setattr(choosing, "_choosers", [lambda asked: None])
    arrived(client)

    assert welcome_all() == ["not_wanted"]
    assert not small.calls(SEND)


@pytest.mark.parametrize(("failures", "state"), [([41050], "late"), ([41051], "refused"), ([41096, 41096], "sent"),
                                                 ([httpx.ConnectError("down")] * 5, "sent"),
                                                 ([httpx.ReadTimeout("slow")], "unknown")])  # fmt: skip
def test_what_the_platform_answers_decides(client, small, asked, failures, state):
    small.failures[SEND] = list(failures)
    arrived(client)

    assert welcome_all() == [state]
    assert welcome_all() == []


def test_after_twenty_seconds_nothing_is_sent(client, small, asked, monkeypatch):
    arrived(client)
    real = time.now
    monkeypatch.setattr(time, "now", lambda: real() + timedelta(seconds=20))

    assert welcome_all() == ["late"]
    assert not small.calls(SEND)


def test_a_process_that_dies_between_claim_and_send_leaves_it_unsent_for_ever(client, small, asked, monkeypatch):
    arrived(client)
    assert len(claim(10)) == 1

    assert welcome_all() == []
    real = time.now
    monkeypatch.setattr(time, "now", lambda: real() + timedelta(minutes=2))
    assert settle_lost() == 1
    assert welcome_all() == []
    assert Callback.objects.get().welcome == "unknown"
    assert not small.calls(SEND)


def test_a_chooser_that_fails_is_shown(client, small, monkeypatch):
    def fail(asked):
        raise ZeroDivisionError

    monkeypatch.setattr(choosing, "_choosers", [fail])
    row = arrived(client)

    assert welcome_all() == ["refused"]
    row.refresh_from_db()
    assert row.welcome_error == "ZeroDivisionError"


def test_eight_senders_send_each_once(client, small, asked):
    for number in range(20):
        arrived(client, code=f"W{number}", external=f"wm{number}")

    def work():
        while claimed := claim(3):
            for mine in claimed:
                send(mine)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(given["welcome_code"] for given in small.calls(SEND)) == sorted(f"W{number}" for number in range(20))


def test_the_two_workers_are_woken_and_do_their_parts(client, small, asked):
    small.befriend("zhangsan", "wm1", 1760000000)
    stop, done = threading.Event(), threading.Event()
    workers = [threading.Thread(target=run, args=(stop,)) for run in (callbacks.run, welcome.run)]
    for worker in workers:
        worker.start()
    try:
        arrived(client)
        for _look in range(300):
            if Follow.objects.exists() and Callback.objects.get().welcome == "sent":
                break
            done.wait(0.1)
    finally:
        stop.set()
        for worker in workers:
            worker.join(10)
    assert Follow.objects.count() == 1
    assert Callback.objects.get().welcome == "sent"


def test_batch_work_waits_while_a_welcome_waits(client, small, asked, monkeypatch):
    arrived(client)
    looks = iter([None, None, welcome_all])

    monkeypatch.setattr(sending, "sleep", lambda seconds: (next(looks) or list)())
    give_way(longest_seconds=3600)

    assert next(looks, "none left") == "none left"
    assert Callback.objects.get().welcome == "sent"


def test_batch_work_goes_on_after_its_patience_and_does_not_wait_for_what_is_too_late(
    client, small, asked, monkeypatch
):
    row = arrived(client)
    clock = iter(range(100))
    monkeypatch.setattr(sending, "monotonic", lambda: next(clock))
    give_way(longest_seconds=5)
    assert next(clock) == 6  # One look at the clock to begin, one a wait, one to end.

    Callback.objects.filter(pk=row.pk).update(received_at=time.now() - timedelta(seconds=30))
    give_way(longest_seconds=5)
    assert next(clock) == 9
