from datetime import UTC, datetime, timedelta

import pytest

from homeground.ingest.services.tokens import create_token
from homeground.service.models import ChatMessage, Wait
from tests.service.world_day import make_staff

pytestmark = pytest.mark.django_db
URL = "/api/v1/chat-messages"


def test_messages_come_in_and_coming_again_adds_nothing(client):
    make_staff()
    messages = [_message(), _message(msgid="b", is_from_customer=False)]

    assert _post(client, messages).json() == {"accepted": 2, "new": 2}
    assert _post(client, messages).json() == {"accepted": 2, "new": 0}
    assert Wait.objects.get().answered_at is not None


def test_a_token_that_may_only_read_changes_nothing(client):
    assert _post(client, [_message()], scopes=["read"]).status_code == 401
    assert client.post(URL, {}, content_type="application/json").status_code == 401
    assert not ChatMessage.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"at": "yesterday"}, "messages.1.at"),
        ({"at": "2026-03-10T12:00:00"}, "messages.1.at"),
        ({"at": "1999-03-10T12:00:00Z"}, "messages.1.at"),
        ({"at": (datetime.now(UTC) + timedelta(days=3)).isoformat()}, "messages.1.at"),
        ({"msgid": ""}, "messages.1.msgid"),
        ({"msgid": "a\x00b"}, "messages.1.msgid"),
        ({"userid": ""}, "messages.1"),
        ({"text": "x" * 20_001}, "messages.1.text"),
        ({"is_kf": True}, "messages.1"),
        ({"mentions": "li"}, "messages.1.mentions"),
    ],
)
def test_the_error_names_the_message_that_cannot_be_and_nothing_is_kept(client, wrong, field):
    answer = _post(client, [_message(), _message(msgid="b") | wrong])

    assert (answer.status_code, answer.json()["field"].removeprefix("body.body.")) == (422, field)
    assert not ChatMessage.objects.exists()


def test_more_than_a_thousand_are_refused(client):
    assert _post(client, [_message(msgid=str(n)) for n in range(1001)]).status_code == 422


@pytest.mark.parametrize("body", ["", "{", "[]", '{"messages": null}', "null", '"x"', '{"messages": [1]}'])
def test_what_is_no_batch_is_refused(client, body):
    answer = client.post(URL, body, content_type="application/json", headers=_headers(["manage"]))

    assert 400 <= answer.status_code < 500


def _message(**more):
    fields = {"msgid": "a", "userid": "li", "external_userid": "wm1", "is_from_customer": True, "text": "在吗"}
    return fields | {"at": "2026-03-10T12:00:00+08:00", "source": "archive"} | more


def _post(client, messages, scopes=("manage",)):
    return client.post(URL, {"messages": messages}, content_type="application/json", headers=_headers(scopes))


def _headers(scopes):
    _headers.made = getattr(_headers, "made", 0) + 1
    return {"Authorization": f"Bearer {create_token(f'archive {_headers.made}', scopes)}"}
