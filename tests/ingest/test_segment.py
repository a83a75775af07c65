import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from homeground.core import time
from homeground.events.models import StreamEvent
from homeground.ingest.models import Rejected
from homeground.ingest.services.tokens import revoke_token
from tests.ingest.support import basic, post, token

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOW)


def track(**fields):
    return {"type": "track", "event": "Opened", "userId": "u1", "timestamp": "2026-06-01T11:00:00Z"} | fields


def batch(*messages, **fields):
    return post("/v1/batch", {"batch": list(messages)} | fields)


def only() -> StreamEvent:
    return StreamEvent.objects.get()


def identities() -> dict[str, str]:
    return dict(only().identities)


@pytest.mark.parametrize("address", ["/v1/batch", "/v1/batch/", "/v1/b", "/v1/b/", "/v1/import", "/v1/import/"])
def test_a_batch_comes_in_by_every_address(address):
    answer = post(address, {"batch": [track(), track(event="Closed")], "sentAt": NOW.isoformat()})

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert set(StreamEvent.objects.values_list("name", flat=True)) == {"Opened", "Closed"}


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("track", "Opened"), ("t", "Opened"), ("identify", "identified"), ("i", "identified"), ("alias", "aliased"),
        ("a", "aliased"), ("page", "page_viewed"), ("p", "page_viewed"), ("screen", "screen_viewed"),
        ("s", "screen_viewed"), ("group", "grouped"), ("g", "grouped"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_single_message_needs_no_type(address, name, slash):
    answer = post(f"/v1/{address}{slash}", {"event": "Opened", "userId": "u1", "previousId": "a1", "groupId": "g1"})

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert only().name == name


@pytest.mark.parametrize("zipped", [False, True])
def test_gzip_is_known_by_its_bytes_not_by_headers(zipped):
    answer = post("/v1/batch", {"batch": [track()]}, zipped=zipped)

    assert answer.status_code == 200
    assert only().name == "Opened"


def test_gzip_members_may_follow_one_another():
    import gzip

    raw = json.dumps({"batch": [track()]}).encode()
    post("/v1/batch", gzip.compress(raw[:20]) + gzip.compress(raw[20:]))

    assert only().name == "Opened"


def test_the_write_key_in_the_body_is_a_token_too():
    answer = post("/v1/batch", {"batch": [track()], "writeKey": token()}, authorization=None)

    assert answer.status_code == 200
    assert only().name == "Opened"
    assert "writeKey" not in only().properties


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Basic",
        "Basic ",
        "Basic %%%",
        "Basic aGdfOg==",
        "Bearer hg_no",
        "Basic \xff",
        "hg_no",
        basic("hg_no"),
        "Digest x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/v1/batch", "/v1/track", "/api/v1/events"])
def test_without_a_valid_token_nothing_comes_in(address, authorization):
    answer = post(address, {"batch": [track()]}, authorization=authorization)

    assert answer.status_code == 401
    assert answer.json()["code"] == "bad_token"
    assert answer.json()["message"]
    assert not StreamEvent.objects.exists()


def test_a_revoked_token_and_one_of_another_scope_are_refused():
    revoked = token()
    revoke_token("test ingest")

    for text in (revoked, token("read")):
        assert post("/v1/batch", {"batch": [track()]}, authorization=basic(text)).status_code == 401
        assert post("/v1/batch", {"batch": [track()], "writeKey": text}, authorization=None).status_code == 401
    assert not StreamEvent.objects.exists()


def test_a_message_sent_again_is_kept_once():
    message = track(messageId="m1")

    batch(message, sentAt="2026-06-01T11:59:00Z")
    batch(message, message, sentAt="2026-06-01T12:10:00Z")

    assert StreamEvent.objects.count() == 1


def test_a_message_without_an_id_is_known_by_what_it_says():
    batch(track(sentAt="2026-06-01T11:59:59Z", _metadata={"n": 1}))
    batch(track(sentAt="2026-06-01T12:00:00Z", _metadata={"n": 2}))
    batch(track(properties={"other": True}))

    assert StreamEvent.objects.count() == 2


def test_everything_that_a_sender_writes_is_kept():
    batch(
        track(
            properties={"amount": 5, "context": "mine", "big": 2**60},
            context={"library": {"name": "x"}},
            channel="server",
            integrations={"All": True},
            nothing=None,
        )
    )

    assert only().properties == {
        "amount": 5,
        "context": "mine",
        "big": 2**60,
        "$context": {"library": {"name": "x"}},
        "channel": "server",
    }


def test_ids_become_identities():
    batch(track(anonymousId="a1", context={"device": {"id": "d1"}}))

    assert only().identities == [["user_id", "u1"], ["anonymous", "a1"], ["device", "d1"]]


def test_a_number_may_be_an_id():
    batch(track(userId=1042))

    assert identities() == {"user_id": "1042"}


@pytest.mark.parametrize("nobody", [None, "", "undefined", "null", "[object Object]", "0"])
def test_an_id_that_programs_write_for_nobody_joins_nobody(nobody):
    batch(track(userId=nobody, anonymousId="a1"))

    assert identities() == {"anonymous": "a1"}


def test_traits_say_email_and_phone_as_identities():
    batch(
        {
            "type": "identify",
            "userId": "u1",
            "traits": {"email": "Li@Example.com", "phone": "+86 138-0000-0001", "city": "杭州"},
        }
    )

    assert identities() == {"user_id": "u1", "email": "li@example.com", "phone": "13800000001"}
    assert only().properties == {"city": "杭州"}


def test_a_trait_that_cannot_be_an_email_stays_a_trait():
    batch({"type": "identify", "userId": "u1", "traits": {"email": "none of yours"}})

    assert identities() == {"user_id": "u1"}
    assert only().properties == {"email": "none of yours"}


def test_rudderstack_puts_traits_into_the_context():
    batch({"type": "identify", "userId": "u1", "context": {"traits": {"email": "li@example.com"}}})

    assert identities() == {"user_id": "u1", "email": "li@example.com"}


def test_an_alias_carries_both_ids():
    batch({"type": "alias", "userId": "u1", "previousId": "a1"})

    assert only().identities == [["user_id", "u1"], ["user_id", "a1"], ["anonymous", "a1"]]


def test_an_alias_of_an_id_to_itself_joins_nothing():
    batch({"type": "alias", "userId": "u1", "previousId": "u1"})

    assert identities() == {"user_id": "u1"}


def test_a_clock_that_is_wrong_is_set_right_and_the_original_kept():
    batch(track(timestamp="2026-06-01T14:00:00Z"), sentAt="2026-06-01T14:30:00Z")

    assert only().happened_at == NOW - timedelta(minutes=30)
    assert only().properties["$stated_at"] == "2026-06-01T14:00:00+00:00"
    assert only().properties["$clock_skew_seconds"] == -9000


def test_the_way_of_a_request_is_not_a_wrong_clock():
    batch(track(timestamp="2026-05-31T23:59:59.999Z"), sentAt=(NOW - timedelta(milliseconds=300)).isoformat())

    assert only().happened_at == datetime(2026, 5, 31, 23, 59, 59, 999000, tzinfo=UTC)
    assert only().properties == {}


def test_an_old_batch_sent_again_is_not_moved():
    batch(track(timestamp="2026-05-01T10:00:00Z"), sentAt="2026-05-01T10:00:05Z")

    assert only().happened_at == datetime(2026, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "stated",
    [
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "2999-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-06-01T13:00:01Z",
    ],
)
def test_a_time_that_cannot_be_is_kept_but_not_believed(stated):
    batch(track(timestamp=stated, messageId="m1"), sentAt="2026-06-01T11:00:00Z")
    batch(track(timestamp=stated, messageId="m1"))

    assert only().happened_at == NOW
    assert only().properties["$implausible_time"] is True
    assert datetime.fromisoformat(only().properties["$stated_at"]) == datetime.fromisoformat(stated).replace(tzinfo=UTC)


def test_a_sent_at_that_cannot_be_read_is_left_alone():
    batch(track(), sentAt="yesterday")
    batch(track(event="Closed"), sentAt=12)

    assert {event.happened_at for event in StreamEvent.objects.all()} == {datetime(2026, 6, 1, 11, tzinfo=UTC)}


def test_the_original_timestamp_of_rudderstack_counts():
    batch({"type": "track", "event": "Opened", "userId": "u1", "originalTimestamp": "2026-06-01T10:00:00Z"})

    assert only().happened_at == datetime(2026, 6, 1, 10, tzinfo=UTC)


def test_a_retry_over_midnight_is_known(monkeypatch):
    batch(track(messageId="m1", timestamp="2026-06-01T11:59:59Z"))
    monkeypatch.setattr(time, "now", lambda: NOW + timedelta(days=1))
    batch(track(messageId="m1", timestamp="2026-06-01T11:59:59Z"))

    assert StreamEvent.objects.count() == 1


BAD = [
    ({"type": "track", "userId": "u1"}, "wrong_type", "event"),
    ({"type": "track", "event": "", "userId": "u1"}, "bad_name", "name"),
    ({"type": "track", "event": "x" * 201, "userId": "u1"}, "bad_name", "name"),
    ({"type": "track", "event": "commerce.order_paid", "userId": "u1"}, "reserved_name", "name"),
    ({"type": "track", "event": {"a": 1}, "userId": "u1"}, "wrong_type", "event"),
    ({"type": "buy", "userId": "u1"}, "bad_type", "type"),
    ({"type": ["track"], "userId": "u1"}, "bad_type", "type"),
    ({"userId": "u1"}, "bad_type", "type"),
    (track(userId=None), "nobody", "userId"),
    (track(userId={"id": 1}), "wrong_type", "userId"),
    (track(userId=True), "wrong_type", "userId"),
    (track(userId=1.5), "wrong_type", "userId"),
    (track(userId="u" * 256), "too_long", "userId"),
    (track(anonymousId=[]), "wrong_type", "anonymousId"),
    (track(timestamp="soon"), "bad_time", "timestamp"),
    (track(timestamp=1764547200000), "wrong_type", "timestamp"),
    (track(timestamp="2026-13-01T00:00:00Z"), "bad_time", "timestamp"),
    (track(properties=[1]), "wrong_type", "properties"),
    (track(properties="x"), "wrong_type", "properties"),
    (track(context="x"), "wrong_type", "context"),
    (track(context={"device": 1}), "wrong_type", "context.device"),
    (track(properties={"a": "x" * 200_000}), "too_large", ""),
    ({"type": "identify", "userId": "u1", "traits": 7}, "wrong_type", "traits"),
    ({"type": "identify", "userId": "u1", "traits": {"email": {}}}, "wrong_type", "traits.email"),
    ("a text", "wrong_type", ""),
    (None, "wrong_type", ""),
    ([], "wrong_type", ""),
    (3, "wrong_type", ""),
]


@pytest.mark.parametrize(("bad", "code", "field"), BAD)
def test_one_bad_event_does_not_lose_the_others(bad, code, field):
    answer = batch(track(event="Before"), bad, track(event="After"))

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert set(StreamEvent.objects.values_list("name", flat=True)) == {"Before", "After"}
    rejected = Rejected.objects.get()
    assert (rejected.code, rejected.field, rejected.protocol) == (code, field, "segment")
    assert rejected.token.name == "test ingest"
    assert rejected.reason
    assert json.dumps(bad, ensure_ascii=False)[:10].replace(" ", "")[:8] in rejected.body.replace(" ", "")


@pytest.mark.parametrize(("bad", "code", "field"), [one for one in BAD if isinstance(one[0], dict)])
def test_a_single_bad_message_is_refused_with_the_field_named_and_kept(bad, code, field):
    address = "/v1/track" if "type" in bad else "/v1/nothing"
    answer = post(address, bad)

    if address == "/v1/nothing":
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_address")
        return
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert answer.json().get("field", "") == field
    assert answer.json()["message"]
    assert not StreamEvent.objects.exists()
    assert Rejected.objects.get().code == code


def test_the_shelf_of_rejected_events_is_bounded(monkeypatch):
    from homeground.ingest.services import intake

    monkeypatch.setattr(intake, "MOST_KEPT", 3)
    for number in range(4):
        batch({"type": "track", "userId": "u1", "event": number}, {"type": "none", "userId": str(number)})

    assert Rejected.objects.count() == 3
    assert Rejected.objects.order_by("-pk").first().body == '{"type":"none","userId":"3"}'


@pytest.mark.parametrize("address", ["/v1/batch", "/v1/t/", "/v1/nothing", "/api/v1/events", "/api/v1/events/"])
def test_a_preflight_is_answered(address):
    asked = "authorization,content-type,anonymousid,sentat,x-retry-count,rsa-retry-reason"
    answer = Client().options(
        address,
        headers={
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": asked,
        },
    )

    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "https://shop.example"
    assert answer["Access-Control-Allow-Credentials"] == "true"
    assert {name.strip() for name in answer["Access-Control-Allow-Headers"].split(",")} >= set(asked.split(","))
    assert "POST" in answer["Access-Control-Allow-Methods"]


def test_a_browser_may_read_errors_too():
    for answer in (
        post("/v1/track", {"batch": 1}, Origin="https://shop.example"),
        post("/v1/track", b"{", Origin="https://shop.example"),
        post("/v1/track", {}, authorization=None, Origin="https://shop.example"),
        post("/v1/nothing", {}, Origin="https://shop.example"),
        Client().get("/v1/batch", headers={"Origin": "https://shop.example"}),
    ):
        assert answer.status_code >= 400
        assert answer["Access-Control-Allow-Origin"] == "https://shop.example"
        assert answer.json()["code"]
        assert answer.json()["message"]


def test_a_get_is_told_to_post():
    answer = Client().get("/v1/batch")

    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")


def test_nothing_is_ever_redirected():
    for address in ("/v1/batch", "/v1/batch/", "/v1/b", "/v1/x", "/v1/", "/v1", "/api/v1/events", "/api/v1/events/"):
        assert not 300 <= post(address, {}).status_code < 400
