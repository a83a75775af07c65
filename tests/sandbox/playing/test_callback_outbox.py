"""From the action to the product's door: three tries, each event by itself, faults on purpose."""

from datetime import timedelta

import pytest

from homeground.core import time
from homeground.core.env import env
from homeground.sandbox.errors import CallbackAddressFailed
from homeground.sandbox.models import Corp, CorpCallback
from homeground.sandbox.services import callbacks
from homeground.sandbox.services.callbacks import events

ADDED = events.contact("add_external_contact", "zhang", "wm1")
DELETED = events.contact("del_follow_user", "zhang", "wm1")
State = CorpCallback.State


def later(seconds: int):
    return time.now() + timedelta(seconds=seconds)


def fault(kind: str, times: int = 1, seconds: int = 60) -> None:
    Corp.objects.update(callback_fault=kind, callback_faults_left=times, callback_delay_seconds=seconds)


def test_events_arrive_in_order_and_are_kept_with_their_answer(product):
    callbacks.tell(ADDED, DELETED)
    assert product.changes() == ["add_external_contact", "del_follow_user"]
    row = CorpCallback.objects.first()
    assert (row.state, row.answer, row.tries) == (State.TAKEN, "HTTP 200", 1)
    assert row.told_at
    assert row.milliseconds is not None


def test_what_failed_is_told_again_word_for_word_and_three_times_at_most(product):
    product.answers = [500, 404]
    callbacks.tell(ADDED)
    assert callbacks.send_due() == 1
    assert CorpCallback.objects.get().state == State.WAITING
    assert callbacks.send_due() == 0
    callbacks.send_due(later(3))
    callbacks.send_due(later(30))
    assert CorpCallback.objects.get().state == State.TAKEN
    assert len(set(product.raw)) == 1

    product.answers = [500, 500, 500, 500]
    callbacks.tell(DELETED)
    for seconds in (0, 3, 30, 60):
        callbacks.send_due(later(seconds))
    dropped = CorpCallback.objects.latest("pk")
    assert (dropped.state, dropped.tries, dropped.answer) == (State.DROPPED, 3, "HTTP 500")


def test_a_dropped_one_can_be_sent_again_by_hand(product):
    fault("fail")
    callbacks.tell(ADDED)
    assert product.changes() == []
    assert CorpCallback.objects.get().state == State.DROPPED
    callbacks.try_again(CorpCallback.objects.get().pk)
    assert product.changes() == ["add_external_contact"]


def test_a_duplicate_is_the_same_xml_twice_and_the_fault_is_used_up(product):
    fault("duplicate")
    callbacks.tell(ADDED, DELETED)
    assert product.changes() == ["add_external_contact", "add_external_contact", "del_follow_user"]
    assert product.raw[0] == product.raw[1]
    assert Corp.objects.get().callback_faults_left == 0


def test_a_delayed_one_comes_after_those_behind_it(product):
    fault("delay")
    callbacks.tell(ADDED, DELETED)
    assert product.changes() == ["del_follow_user"]
    callbacks.send_due(later(61))
    assert product.changes() == ["del_follow_user", "add_external_contact"]


def test_shuffled_ones_all_arrive(product):
    fault("shuffle", times=20)
    callbacks.tell(*[ADDED] * 20)
    callbacks.send_due(later(61))
    assert len(product.changes()) == 20


def test_an_address_where_nobody_listens_drops_them_in_the_end(product):
    callbacks.change_address(product.corp, "http://127.0.0.1:9/callbacks", is_checked=False)
    callbacks.tell(ADDED)
    for seconds in (0, 3, 30):
        callbacks.send_due(later(seconds))
    assert CorpCallback.objects.get().answer.startswith("Connect")
    assert CorpCallback.objects.get().state == State.DROPPED


def test_without_an_address_nothing_is_kept(product):
    callbacks.change_address(product.corp, "")
    callbacks.tell(ADDED)
    assert not CorpCallback.objects.exists()


def test_an_address_that_opens_the_seal_is_accepted(product, monkeypatch):
    monkeypatch.setitem(env.__dict__, "base_url", product.url.removesuffix("/callbacks"))
    callbacks.change_address(product.corp, f"{product.url}?app=contact")
    assert Corp.objects.get().callback_url == f"{product.url}?app=contact"
    callbacks.tell(ADDED)
    product.corp.refresh_from_db()
    assert product.changes() == ["add_external_contact"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "http://10.0.0.1/x", "ftp://example.com", "nonsense"])
def test_an_address_that_cannot_answer_is_refused_and_changes_nothing(product, url):
    with pytest.raises(CallbackAddressFailed):
        callbacks.change_address(product.corp, url)
    assert Corp.objects.get().callback_url == product.url


def test_an_address_that_answers_anything_else_is_refused(product, monkeypatch):
    monkeypatch.setitem(env.__dict__, "base_url", product.url.removesuffix("/callbacks"))
    product.is_liar = True
    with pytest.raises(CallbackAddressFailed, match="没有解开"):
        callbacks.change_address(product.corp, product.url)


def test_a_stored_path_is_this_deployment_wherever_it_listens(product, monkeypatch):
    monkeypatch.setitem(env.__dict__, "base_url", product.url.removesuffix("/callbacks"))
    Corp.objects.update(callback_url="/callbacks")
    callbacks.tell(ADDED)
    assert product.changes() == ["add_external_contact"]


def test_old_ones_are_forgotten_and_waiting_ones_are_not(product):
    callbacks.tell(ADDED)
    product.changes()
    callbacks.tell(DELETED)
    assert callbacks.forget_old(time.now() + timedelta(days=15)) == 1
    assert CorpCallback.objects.get().state == State.WAITING
