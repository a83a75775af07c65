"""Whatever the bytes are: a clear error, nothing lost, never a 500."""

import gzip
import json
import tracemalloc
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.events.models import StreamEvent
from homeground.ingest.models import Rejected
from homeground.ingest.protocols import body as bodies
from homeground.ingest.protocols.problems import BadBody
from tests.ingest.support import post

pytestmark = pytest.mark.django_db
ADDRESSES = ["/v1/batch", "/v1/track", "/api/v1/events"]
GOOD = b'{"type":"track","event":"Opened","userId":"u1","name":"Opened","identities":{"phone":"13800000000"}}'


def around(address: str, *events: bytes) -> bytes:
    """These events as a request to this address."""
    joined = b",".join(events)
    return {"/v1/batch": b'{"batch":[' + joined + b"]}", "/v1/track": joined, "/api/v1/events": b"[" + joined + b"]"}[
        address
    ]


def bomb(size: int) -> bytes:
    squeezer = zlib.compressobj(9, wbits=31)
    return b"".join(squeezer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000)) + squeezer.flush()


BODIES = [
    (b"", 400, "empty_body"),
    (b"  \n ", 400, "empty_body"),
    (b"\xef\xbb\xbf", 400, "empty_body"),
    (b"{", 400, "bad_json"),
    (b'{"batch":[]', 400, "bad_json"),
    (b"batch=1&x=2", 400, "bad_json"),
    (b"\x00\x00\x00", 400, "bad_json"),
    (b'{"a":"\x00"}', 400, "bad_json"),
    (b'{"a":"\xff\xfe"}', 400, "not_utf8"),
    ('{"a":"中文"}'.encode("gbk"), 400, "not_utf8"),
    ('{"a":1}'.encode("utf-16"), 400, None),
    (b'{"a":' + b"9" * 5000 + b"}", 400, "bad_json"),
    (b"[" * 100_000, 400, "too_deep"),
    (b'{"a":' * 100_000, 400, "too_deep"),
    (b"[" * 50_000 + b"]" * 50_000, 400, "too_deep"),
    (b'{"a":"' + b"x" * 10_000_000 + b'"}', 413, "too_large"),
    (gzip.compress(b'{"a":"' + b"x" * 10_000_000 + b'"}'), 413, "too_large"),
    (bomb(500_000_000), 413, "too_large"),
    (gzip.compress(b"{}" * 1000)[:-9], 400, "bad_gzip"),
    (gzip.compress(b"{}")[:8], 400, "bad_gzip"),
    (b"\x1f\x8b", 400, "bad_gzip"),
    (b"\x1f\x8b" + b"\xff" * 100, 400, "bad_gzip"),
    (gzip.compress(b"{}") + b"rubbish", 400, "bad_gzip"),
    (gzip.compress(b""), 400, "empty_body"),
    (gzip.compress(gzip.compress(b"{}")), 400, None),
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(("raw", "status", "code"), BODIES, ids=range(len(BODIES)))
def test_a_body_that_cannot_be_read_is_refused_in_words(address, raw, status, code):
    answer = post(address, raw)

    assert answer.status_code == status
    assert answer.json()["code"] == code or code is None
    assert answer.json()["message"]
    assert not StreamEvent.objects.exists()


@pytest.mark.parametrize(
    "document", ["1", "null", "true", '"x"', "[]", "{}", '{"batch":{}}', '{"batch":"x"}', '{"batch":null}']
)
def test_a_document_of_another_shape_names_the_field(document):
    answer = post("/v1/batch", document.encode())

    assert answer.status_code == 400
    assert answer.json()["field"] in ("body", "batch")


@pytest.mark.parametrize("document", ["1", "null", "true", '"x"', "{}", '{"events":{}}', '{"events":"x"}'])
def test_our_own_interface_wants_a_list(document):
    answer = post("/api/v1/events", document.encode())

    assert answer.status_code == 400
    assert answer.json()["field"] in ("body", "events")


@pytest.mark.parametrize("address", ["/v1/batch", "/api/v1/events"])
def test_no_events_are_no_error(address):
    assert post(address, around(address)).status_code == 200


@pytest.mark.parametrize("address", ["/v1/batch", "/api/v1/events"])
def test_too_many_events_are_refused_whole(address):
    answer = post(address, around(address, *[b"{}"] * 1001))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_events")
    assert not Rejected.objects.exists()
    assert post(address, around(address, *[GOOD] * 1000)).status_code == 200


ODD_VALUES = [
    (rb'"\ud800"', "\ufffd"),
    (rb'"half \ud83d of"', "half \ufffd of"),
    (rb'"\ud83d\ude00"', "😀"),
    (rb'"a\u0000b"', "a\ufffdb"),
    (rb'"\\u0000"', "\\u0000"),
    (b"NaN", "nan"),
    (b"-Infinity", "-inf"),
    (b"1e999", "inf"),
    (b"9223372036854775807", 2**63 - 1),
    (b"1e300", 10**300),
    (b"null", None),
    (b"[]", []),
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(("written", "kept"), ODD_VALUES)
def test_odd_values_are_kept_as_well_as_a_store_can(address, written, kept):
    odd = GOOD[:-1] + b',"properties":{"odd":' + written + b"}}"

    assert post(address, around(address, odd)).status_code == 200
    assert StreamEvent.objects.get().properties["odd"] == kept


@pytest.mark.parametrize("address", ADDRESSES)
def test_odd_names_and_keys_are_kept_too(address):
    odd = (
        rb'{"type":"track","event":"a\u0000b","name":"a\u0000b","userId":"u\ud800",'
        rb'"identities":{"user_id":"u\ud800"},"\u0000":{"\udfff":1}}'
    )

    assert post(address, around(address, odd)).status_code == 200
    event = StreamEvent.objects.get()
    assert event.name == "a\ufffdb"
    assert event.identities == [["user_id", "u\ufffd"]]
    assert event.properties["\ufffd"] == {"\ufffd": 1}


def test_the_last_of_duplicate_keys_counts():
    post("/v1/track", GOOD[:-1] + b',"properties":{"a":1,"a":2}}')

    assert StreamEvent.objects.get().properties["a"] == 2


@pytest.mark.parametrize("address", ["/v1/batch", "/api/v1/events"])
@pytest.mark.parametrize("depth", [33, 200, 300, 500])
@pytest.mark.parametrize("dirty", [b"", b"NaN"])
def test_an_event_nested_too_deep_does_not_lose_the_others(address, depth, dirty):
    deep = GOOD[:-1] + b',"properties":{"deep":' + b"[" * depth + dirty + b"]" * depth + b"}}"

    assert post(address, around(address, GOOD, deep)).status_code == 200
    assert StreamEvent.objects.count() == 1
    assert Rejected.objects.get().code == "too_deep"


def test_nesting_within_the_limit_is_kept():
    deep = GOOD[:-1] + b',"properties":{"deep":' + b"[" * 30 + b"]" * 30 + b"}}"

    assert post("/v1/track", deep).status_code == 200


def test_a_bomb_is_never_inflated():
    raw = bomb(1_000_000_000)
    tracemalloc.start()
    with pytest.raises(BadBody, match="5,242,880 bytes"):
        bodies.parse(raw)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 16 * 1024 * 1024


def test_a_store_that_is_away_is_told_as_later(monkeypatch):
    from django.db import OperationalError

    from homeground.ingest.services import intake

    def away(*_args):
        raise OperationalError("gone")

    monkeypatch.setattr(intake, "receive", away)
    answer = post("/v1/batch", around("/v1/batch", GOOD))

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "5")


def test_what_only_the_store_refuses_does_not_lose_the_others(monkeypatch):
    from django.db import DataError

    from homeground.ingest.services import intake

    truly = intake.receive

    def picky(events):
        if any(event.identities == [("user_id", "u2")] for event in events):
            raise DataError("cannot hold it")
        return truly(events)

    monkeypatch.setattr(intake, "receive", picky)
    refused = GOOD.replace(b"u1", b"u2")

    assert post("/v1/batch", around("/v1/batch", GOOD, refused)).status_code == 200
    assert StreamEvent.objects.get().identities == [["user_id", "u1"]]
    assert Rejected.objects.get().code == "unstorable"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
FIELDS = [
    "type", "event", "userId", "anonymousId", "timestamp", "sentAt", "properties", "traits", "context", "messageId",
    "previousId", "name", "at", "id", "identities", "writeKey", "batch", "events",
]  # fmt: skip
events = st.dictionaries(st.sampled_from(FIELDS), anything | st.sampled_from(["track", "identify", "alias", "u1"]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events, max_size=3), st.sampled_from(["/v1/batch", "/v1/identify", "/v1/alias", "/api/v1/events"]))
def test_any_json_is_answered_without_a_500(messages, address):
    document = {"/v1/batch": {"batch": messages}, "/api/v1/events": messages}.get(address, (messages or [{}])[0])

    answer = post(address, json.dumps(document).encode())

    assert answer.status_code in (200, 400)
    if address == "/v1/batch":
        assert answer.status_code == 200
        kept = StreamEvent.objects.count() + Rejected.objects.count()
        assert kept >= bool(messages)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(ADDRESSES), st.booleans())
def test_any_bytes_are_answered_without_a_500(raw, address, zipped):
    answer = post(address, raw, zipped=zipped)

    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or answer.json()["message"]
