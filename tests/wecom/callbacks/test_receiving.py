"""A callback comes in: kept once, or refused with nothing kept. Never a failure of ours."""

import threading
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from homeground.core import time
from homeground.wecom.models import App, Callback
from homeground.wecom.services.callbacks.receiving import MOST_BYTES
from tests.wecom.sealing import deliver, encrypted, envelope, post, query, told
from tests.wecom.test_crypto import ADDED, ECHO

ADDITION = told("change_external_contact", "add_external_contact", UserID="ZhangSan", ExternalUserID="wm1", State="A")


@pytest.mark.django_db
def test_the_platforms_check_of_the_address_is_answered_with_the_bare_text(client, corp):
    asked = urlencode(query(ECHO, "1760000000", "nonce0001") | {"echostr": ECHO})

    answer = client.get(f"/callbacks/wecom/contact?{asked}")

    assert (answer.status_code, answer.content) == (200, b"1616140317555161061")


@pytest.mark.django_db
def test_an_address_check_with_a_wrong_signature_is_refused(client, corp):
    asked = urlencode(query(ECHO, "1760000000", "nonce0001", token="other") | {"echostr": ECHO})

    assert client.get(f"/callbacks/wecom/contact?{asked}").status_code == 403


@pytest.mark.django_db
def test_the_documented_event_is_kept_and_answered_with_nothing(client, corp):
    answer = deliver(client, ADDED)

    kept = Callback.objects.get()
    assert (answer.status_code, answer.content) == (200, b"")
    assert (kept.event, kept.subject, kept.userid) == (
        "change_external_contact.add_external_contact", "wmSbxCustomer0001", "zhangsan",
    )  # fmt: skip
    assert (kept.state, kept.welcome_code, kept.welcome) == ("waiting", "WELCOME0001", "waiting")
    assert kept.told_at.timestamp() == 1760000000
    assert "渠道A" in kept.body


@pytest.mark.django_db
def test_a_repeat_is_counted_and_kept_once(client, corp):
    for _try in range(3):
        assert post(client, ADDITION).status_code == 200

    assert Callback.objects.get().repeats == 2


@pytest.mark.django_db
def test_a_replay_after_more_than_an_hour_is_refused(client, corp, monkeypatch):
    post(client, ADDITION)
    real = time.now
    monkeypatch.setattr(time, "now", lambda: real() + timedelta(minutes=61))

    assert post(client, ADDITION).status_code == 409
    assert Callback.objects.get().repeats == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"<xml>", 400),
        (b"not xml", 400),
        (b"<xml></xml>", 400),
        (b"\xff\xfe\x00", 400),
        (b"<xml><Encrypt>AAAA</Encrypt></xml>", 403),
        (envelope(ADDED)[:-30], 400),
        (b"<?xml version='1.0' encoding='no-such'?><xml><Encrypt>A</Encrypt></xml>", 400),
        (b"<a>" * 5000, 400),
        (envelope(ADDED) + b" " * MOST_BYTES, 413),
    ],
)
def test_what_is_no_callback_is_refused_and_leaves_nothing(client, corp, body, status):
    answer = client.post(f"/callbacks/wecom/contact?{urlencode(query(ADDED))}", data=body, content_type="text/xml")

    assert answer.status_code == status
    assert not Callback.objects.exists()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
    + b"]><xml><Encrypt>&i;</Encrypt></xml>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>'
PARAMETER = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml><Encrypt>A</Encrypt></xml>'


@pytest.mark.django_db
@pytest.mark.parametrize("harmful", [BOMB, OUTSIDE, PARAMETER])
def test_bombs_and_outer_entities_are_refused_outside_and_inside_the_cipher(client, corp, harmful):
    asked = f"/callbacks/wecom/contact?{urlencode(query(ADDED))}"

    assert client.post(asked, data=harmful, content_type="text/xml").status_code == 400
    assert post(client, harmful).status_code == 400
    assert not Callback.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"msg_signature": "0" * 40}, 403),
        ({"msg_signature": ""}, 403),
        ({"msg_signature": "ä"}, 403),
        ({"timestamp": "1760000009"}, 403),
        ({"nonce": "x" * 200}, 400),
    ],
)
def test_a_wrong_signature_is_refused_and_leaves_nothing(client, corp, changes, status):
    assert deliver(client, ADDED, **changes).status_code == status
    assert not Callback.objects.exists()


@pytest.mark.django_db
def test_another_corps_callback_is_refused(client, corp):
    other = ADDITION.replace(b"ww1234567890abcdef", b"ww9999999999999999")

    assert post(client, ADDITION, receiver="ww9999999999999999").status_code == 403
    assert post(client, other).status_code == 403
    assert not Callback.objects.exists()


@pytest.mark.django_db
def test_an_app_without_a_callback_is_not_there(client, corp):
    App.objects.filter(slug="agent").update(sealed_callback_token="")

    assert post(client, ADDITION, app="agent").status_code == 404
    assert post(client, ADDITION, app="nobody").status_code == 404


@pytest.mark.django_db
def test_before_a_corp_is_connected_there_is_no_address(client):
    assert post(client, ADDITION).status_code == 404


@pytest.mark.django_db
def test_what_the_platform_may_say_one_day_is_kept_and_shown(client, corp):
    assert post(client, told("change_something", "new_thing", UserID="a")).status_code == 200
    assert post(client, told("", MsgType="text").replace(b"event", b"text")).status_code == 200

    assert [(one.is_known, one.state) for one in Callback.objects.all()] == [(False, "handled")] * 2


@pytest.mark.django_db
@pytest.mark.parametrize("at", ["99999999999999999999", "-1e5", "soon"])
def test_a_time_that_is_none_is_taken_as_now(client, corp, at):
    message = ADDITION.replace(b"1760000000", at.encode())

    assert post(client, message).status_code == 200
    assert Callback.objects.get().told_at.year >= 2026


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_keep_it_once(corp):
    statuses = []

    def deliver_one():
        statuses.append(post(Client(), ADDITION).status_code)
        connection.close()

    threads = [threading.Thread(target=deliver_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 8
    assert Callback.objects.get().repeats == 7


@pytest.mark.django_db
def test_every_byte_changed_or_missing_never_makes_us_fail(client, corp):
    encrypt = encrypted(ADDITION)
    whole = envelope(encrypt)
    asked = f"/callbacks/wecom/contact?{urlencode(query(encrypt))}"
    for place in range(0, len(whole), 7):
        for body in (whole[:place], whole[:place] + b"\x00" + whole[place + 1 :]):
            assert client.post(asked, data=body, content_type="text/xml").status_code in (400, 403)
    assert not Callback.objects.exists()
