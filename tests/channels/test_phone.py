import threading

import pytest

from homeground.channels.messages import Reason
from homeground.channels.services import known, send
from homeground.sandbox.models import Gateway, Message, Phone
from homeground.sandbox.services.gateway import misbehave
from tests.channels.support import http_server, outgoing, recorded, status

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_arrives_on_the_sandbox_phones(phone, base_url):
    batch = [outgoing(address=f"1380000{number:04}") for number in range(1200)]

    outcomes = send(phone, batch)

    assert {outcome.state for outcome in outcomes} == {"sent"}
    assert [outcome.touch_id for outcome in outcomes] == [one.touch_id for one in batch]
    assert (Phone.objects.count(), Message.objects.count()) == (1200, 1200)
    assert len(recorded("sent")) == 1200


def test_the_same_key_is_stored_once_however_often_it_is_sent(phone, base_url):
    one = outgoing()
    assert [send(phone, [one])[0].state for _time in range(3)] == ["sent"] * 3
    assert Message.objects.count() == 1
    assert len(recorded("sent")) == 1


def test_the_same_batch_from_many_threads_is_stored_once(phone, base_url):
    batch = [outgoing(address=f"1390000{number:04}") for number in range(50)]
    states: list[str] = []

    def work(messages):
        states.extend(outcome.state for outcome in send(phone, messages))
        from django.db import connection

        connection.close()

    threads = [threading.Thread(target=work, args=(batch[::step],)) for step in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert states == ["sent"] * 200
    assert Message.objects.count() == 50
    assert len(recorded("sent")) == 50


def test_a_blocked_phone_is_a_definite_failure(phone, base_url):
    send(phone, [outgoing()])
    Phone.objects.update(is_blocking=True)

    (outcome,) = send(phone, [outgoing()])

    assert (outcome.state, outcome.may_retry) == ("failed", False)
    assert outcome.reason == "refused: blocked by the customer"
    assert Message.objects.count() == 1
    assert len(recorded("failed")) == 1


def test_a_busy_gateway_may_be_tried_again_and_records_nothing(phone, base_url):
    misbehave(fault=Gateway.Fault.BUSY, faults_left=1)
    one = outgoing()

    (outcome,) = send(phone, [one])
    assert (outcome.state, outcome.may_retry, outcome.reason) == ("failed", True, "busy: 429")
    assert not recorded("failed")

    assert send(phone, [one])[0].state == "sent"


def test_a_broken_gateway_leaves_the_outcome_unknown_and_can_be_asked_later(phone, base_url):
    misbehave(fault=Gateway.Fault.BROKEN, faults_left=1)
    one, other = outgoing(), outgoing(address="13800000002")

    assert [outcome.state for outcome in send(phone, [one])] == ["unknown"]
    send(phone, [other])

    told = known(phone, {one.key: 1, other.key: 2})
    assert told[other.key].state == "sent"
    assert (told[one.key].state, told[one.key].may_retry) == ("failed", True)


def test_silence_after_the_request_was_taken_is_unknown_and_recorded_as_nothing(phone, base_url):
    misbehave(fault=Gateway.Fault.SILENT, faults_left=1, silent_seconds=1)
    settings = phone.settings | {"timeout_seconds": 0.3}
    phone.settings = settings
    one = outgoing()

    (outcome,) = send(phone, [one])

    assert (outcome.state, outcome.reason) == ("unknown", f"{Reason.NO_ANSWER}: ReadTimeout")
    assert Message.objects.count() == 1  # It did arrive: sending it again would have been a second message.
    assert not recorded("sent")
    assert not recorded("failed")
    phone.settings = settings | {"timeout_seconds": 5}
    assert known(phone, {one.key: 1})[one.key].state == "sent"


def test_nobody_listening_is_surely_not_sent(phone, base_url):
    phone.settings = phone.settings | {"base_url": "http://127.0.0.1:9", "allowed_hosts": "127.0.0.1"}
    (outcome,) = send(phone, [outgoing()])
    assert (outcome.state, outcome.may_retry) == ("failed", True)
    assert outcome.reason.startswith(Reason.NOT_CONNECTED)
    assert known(phone, {"x": 1}) == {}


@pytest.mark.parametrize(
    ("code", "state", "may_retry"),
    [
        (401, "failed", False),
        (404, "failed", False),
        (307, "failed", False),
        (429, "failed", True),
        (503, "failed", True),
        (500, "unknown", False),
        (502, "unknown", False),
        (200, "unknown", False),
    ],
)
def test_what_a_gateways_status_means(phone, code, state, may_retry):
    with http_server(status(code, Location="http://127.0.0.1:9/")) as url:
        phone.settings = phone.settings | {"base_url": url, "allowed_hosts": "127.0.0.1"}
        (outcome,) = send(phone, [outgoing()])
    assert (outcome.state, outcome.may_retry) == (state, may_retry)


def test_a_gateway_in_the_private_network_must_be_allowed_by_name(phone):
    with http_server(status(200)) as url:
        phone.settings = phone.settings | {"base_url": url}
        (outcome,) = send(phone, [outgoing()])
    assert (outcome.state, outcome.reason) == ("failed", "bad_settings: 127.0.0.1 is a private address")


def test_a_channel_that_is_off_sends_nothing_and_says_so(phone, base_url):
    phone.is_enabled = False
    (outcome,) = send(phone, [outgoing()])
    assert (outcome.state, outcome.reason, outcome.may_retry) == ("failed", "channel_off", True)
    assert not Message.objects.exists()


def test_a_wrong_secret_is_refused_by_the_sandbox(phone, base_url):
    phone.settings = phone.settings | {"secret": "guess"}
    (outcome,) = send(phone, [outgoing()])
    assert (outcome.state, outcome.reason) == ("failed", "refused: 401")
    assert not Message.objects.exists()


def test_the_rate_is_kept_across_batches_and_processes(phone, base_url, sleepless):
    phone.rate_per_second = 10
    send(phone, [outgoing() for _number in range(25)])
    send(phone, [outgoing() for _number in range(5)])
    assert [round(wait) for wait in sleepless] == [0, 1, 2, 2]
