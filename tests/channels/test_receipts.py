import json
from datetime import UTC, datetime

import pytest

from homeground.channels.models import Channel
from homeground.channels.services import receipts
from homeground.channels.tokens import Trace, token_of
from homeground.core import time, webhooks
from homeground.events.models import StreamEvent
from tests.channels.support import decisions, make_customer, recorded

pytestmark = pytest.mark.django_db(transaction=True)
AT = "2026-11-20T10:00:00+08:00"
KINDS = ["delivered", "opened", "clicked", "answered", "refused", "failed"]


def reference(channel: Channel, customer_id: int = 1, touch_id: int = 5) -> str:
    return token_of(Trace(channel.pk, touch_id, 7, customer_id), "receipt")


def receipt(channel: Channel, event: str = "delivered", **changes):
    return {"reference": reference(channel), "event": event, "happened_at": AT, "id": f"r-{event}", **changes}


@pytest.fixture
def post(client, phone):
    def send(document, secret=None, **headers):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        signed = webhooks.sign(secret or phone.settings["secret"], "msg_1", time.now(), body) | headers
        return client.post("/channels/receipts?channel=phone", body, content_type="application/json", headers=signed)

    return send


def test_every_kind_of_receipt_becomes_an_event_of_its_touch(post, phone):
    answer = post(
        {"receipts": [receipt(phone, event, url="https://a.example/", text="好的", reason="停机") for event in KINDS]}
    )

    assert answer.json() == {"accepted": 6, "rejected": []}
    events = [recorded(event)[0] for event in KINDS]
    assert {(event.properties["touch_id"], event.properties["campaign_id"], event.customer_id) for event in events} == {
        (5, 7, 1)
    }
    assert {event.happened_at for event in events} == {datetime(2026, 11, 20, 2, tzinfo=UTC)}
    assert recorded("answered")[0].properties["text"] == "好的"
    assert recorded("failed")[0].properties["reason"] == "停机"
    assert recorded("clicked")[0].properties["url"] == "https://a.example/"


def test_repeats_add_nothing(post, phone):
    make_customer()
    document = {"receipts": [receipt(phone, event) for event in KINDS] * 2}
    for _time in range(3):
        assert post(document).status_code == 200
    assert StreamEvent.objects.filter(name__startswith="channels.").count() == 6


def test_one_bad_receipt_does_not_lose_the_others(post, phone):
    other = Channel.objects.get(slug="email")
    answer = post(
        {
            "receipts": [
                "nonsense",
                receipt(phone, "exploded"),
                receipt(phone, reference="forged"),
                receipt(other),
                receipt(phone, happened_at="yesterday"),
                receipt(phone, happened_at="2999-01-01T00:00:00Z"),
                receipt(phone, happened_at="1970-01-01T00:00:00Z"),
                receipt(phone, event=["delivered"]),
                receipt(phone),
            ]
        }
    ).json()
    assert answer["accepted"] == 1
    assert [bad["index"] for bad in answer["rejected"]] == list(range(8))
    assert answer["rejected"][3]["reason"] == "reference: of another channel"
    assert len(recorded("delivered")) == 1


def test_text_that_stores_cannot_hold_is_cleaned(post, phone):
    answer = post({"receipts": [receipt(phone, "answered", text="a\x00b\ud800c" + "长" * 5000)]})
    assert answer.json()["accepted"] == 1
    text = recorded("answered")[0].properties["text"]
    assert text.startswith("abc长")
    assert len(text) == 2000


@pytest.mark.parametrize("word", ["退订", "td", "TD。", "T", " Stop ", "Unsubscribe!", "取消订阅", "退 订"])
def test_a_refusing_word_is_an_opt_out_on_this_channel(post, phone, word):
    customer = make_customer()
    post({"receipts": [receipt(phone, "answered", reference=reference(phone, customer.pk), text=word)]})
    assert decisions() == [(customer.pk, "promotion", "phone", False, "answer")]


@pytest.mark.parametrize("text", ["谢谢", "我要退订单里的杯子", "not stopping", "", "！！", "什么时候发货"])
def test_other_answers_are_no_opt_out(post, phone, text):
    customer = make_customer()
    post({"receipts": [receipt(phone, "answered", reference=reference(phone, customer.pk), text=text)]})
    assert not decisions()


def test_the_words_are_the_channels_own(post, phone):
    phone.refusing_words = ["拜拜", "！"]
    phone.save()
    customer = make_customer()
    for number, text in enumerate(["退订", "！！", "拜拜"]):
        post(
            {
                "receipts": [
                    receipt(phone, "answered", reference=reference(phone, customer.pk), text=text, id=str(number))
                ]
            }
        )
    assert len(decisions()) == 1


def test_a_block_or_complaint_withdraws_consent_once_however_often_it_is_told(post, phone):
    customer = make_customer()
    document = {"receipts": [receipt(phone, "refused", reference=reference(phone, customer.pk), reason="客户投诉")]}
    for _time in range(2):
        post(document)
    assert decisions() == [(customer.pk, "promotion", "phone", False, "refused")]


def test_receipts_of_test_messages_leave_nothing(post, phone):
    answer = post({"receipts": [receipt(phone, "refused", reference=reference(phone, 0, 0))]})
    assert answer.json()["accepted"] == 1
    assert not StreamEvent.objects.exists()
    assert not decisions()


def test_a_stranger_may_not(client, post, phone):
    body = {"receipts": [receipt(phone)]}
    assert post(body, secret="guess").status_code == 401
    assert post(body, **{"webhook-timestamp": "1"}).status_code == 401
    assert client.post("/channels/receipts", body, content_type="application/json").status_code == 401
    assert client.get("/channels/receipts").status_code == 405
    for slug in ("webhook", "none", ""):  # No secret yet, no such channel.
        assert (
            client.post(f"/channels/receipts?channel={slug}", b"{}", content_type="application/json").status_code == 401
        )
    assert not StreamEvent.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"receipts": {}}', b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_body_that_cannot_be_read_is_refused(post, body):
    answer = post(body)
    assert answer.status_code == 400
    assert "receipts" in answer.json()["message"]


def test_too_large_a_body_is_refused(post):
    assert post(b'{"receipts": ["' + b"x" * (5 * 1024 * 1024) + b'"]}').status_code == 413


def test_a_batch_costs_as_many_statements_as_one(phone, django_assert_max_num_queries):
    batch = [receipt(phone, id=str(number)) for number in range(500)]
    with django_assert_max_num_queries(20):
        receipts.take(phone, batch)
    assert len(recorded("delivered")) == 500
