import json

import pytest

from homeground.core import time, webhooks
from homeground.sandbox.models import Message, Phone
from homeground.sandbox.services.receipts import secret

pytestmark = pytest.mark.django_db
GOOD = {"key": "k1", "reference": "r", "address": "13800000001", "sender": "品牌", "subject": "", "body": "您好"}


@pytest.fixture
def post(client):
    def send(document, what="messages", key=None):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        headers = webhooks.sign(key or secret(), "msg_1", time.now(), body)
        return client.post(f"/sandbox/phone/{what}", body, content_type="application/json", headers=headers)

    return send


def given(*messages, **changes):
    return {"messages": list(messages), "receipts_url": "http://127.0.0.1:8000/channels/receipts", **changes}


def test_a_message_is_taken_once_and_the_repeat_is_named(post):
    assert post(given(GOOD)).json()["results"] == [{"key": "k1", "status": "accepted"}]
    assert post(given(GOOD, GOOD | {"key": "k2"})).json()["results"] == [
        {"key": "k1", "status": "duplicate"},
        {"key": "k2", "status": "accepted"},
    ]
    assert [result["status"] for result in post(given(*[GOOD | {"key": "k3"}] * 2)).json()["results"]] == [
        "accepted",
        "duplicate",
    ]
    assert Message.objects.count() == 3
    assert Phone.objects.get().newest_at


def test_one_bad_message_does_not_lose_the_others(post):
    results = post(
        given(
            "nonsense",
            GOOD | {"key": ""},
            GOOD | {"body": ""},
            GOOD | {"address": "x" * 256},
            GOOD | {"at": "yesterday"},
            GOOD | {"at": "2026-11-21T10:00:00"},
            GOOD | {"body": "a\x00b\ud800"},
        )
    ).json()["results"]
    assert [result["status"] for result in results] == ["refused"] * 6 + ["accepted"]
    assert results[2]["reason"] == "body: 1 to 20000 characters"
    assert Message.objects.get().body == "ab"


def test_keys_can_be_asked_for(post):
    post(given(GOOD))
    assert post({"keys": ["k1", "other"]}, "known").json() == {"arrived": ["k1"]}


@pytest.mark.parametrize("what", ["messages", "known"])
def test_a_stranger_may_not(client, post, what):
    assert client.post(f"/sandbox/phone/{what}", {}, content_type="application/json").status_code == 401
    assert post(given(GOOD), what, key="guess").status_code == 401
    assert client.get(f"/sandbox/phone/{what}").status_code == 405
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        {"messages": {}},
        given(receipts_url=None),
        given(*[GOOD] * 1001),
    ],
)
def test_what_cannot_be_read_is_refused(post, body):
    assert post(body).status_code == 400


def test_too_large_a_body_is_refused(post):
    assert post(b"x" * (5 * 1024 * 1024 + 1)).status_code == 413
