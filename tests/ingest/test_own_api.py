from datetime import UTC, datetime

import pytest
from django.test import Client

from homeground.core import time
from homeground.events.models import StreamEvent
from homeground.ingest.models import Rejected
from tests.ingest.support import basic, post, token

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOW)


def event(**fields):
    return {"name": "coupon_opened", "identities": {"phone": "13800000001"}} | fields


def send(*events):
    return post("/api/v1/events", list(events))


def test_events_come_in():
    answer = send(
        event(at="2026-06-01T19:30:00+08:00", id="e1", properties={"coupon": "c1"}, shop="s1"),
        event(identities=[{"kind": "email", "value": "Li@Example.com"}, {"kind": "member_no", "value": "7"}]),
    )

    assert (answer.status_code, answer.json()) == (200, {"accepted": 2, "new": 2, "rejected": []})
    first, second = StreamEvent.objects.order_by("id")
    assert first.happened_at == datetime(2026, 6, 1, 11, 30, tzinfo=UTC)
    assert (first.name, first.source) == ("coupon_opened", "api")
    assert first.identities == [["phone", "13800000001"]]
    assert first.properties == {"coupon": "c1", "shop": "s1"}
    assert second.identities == [["email", "li@example.com"], ["member_no", "7"]]
    assert second.happened_at == NOW


def test_a_list_may_lie_in_an_object():
    assert post("/api/v1/events/", {"events": [event()]}).json()["new"] == 1


def test_basic_auth_will_do():
    assert post("/api/v1/events", [event()], authorization=basic(token())).status_code == 200


def test_an_event_sent_again_is_kept_once():
    send(event(id="e1", at="2026-06-01T11:00:00Z"))
    answer = send(event(id="e1", at="2026-06-01T11:00:00Z"), event(id="e2", at="2026-06-01T11:00:00Z"))

    assert answer.json() == {"accepted": 2, "new": 1, "rejected": []}
    assert StreamEvent.objects.count() == 2


BAD = [
    ({"identities": {"phone": "13800000001"}}, "wrong_type", ".name"),
    (event(name=5), "wrong_type", ".name"),
    (event(name=" "), "bad_name", ".name"),
    (event(name="people.customers_merged"), "reserved_name", ".name"),
    (event(at="soon"), "bad_time", ".at"),
    (event(at=12), "wrong_type", ".at"),
    (event(id=[1]), "wrong_type", ".id"),
    (event(id="i" * 256), "too_long", ".id"),
    (event(properties=[]), "wrong_type", ".properties"),
    (event(identities=None), "wrong_type", ".identities"),
    (event(identities="13800000001"), "wrong_type", ".identities"),
    (event(identities={}), "nobody", ".identities"),
    (event(identities={"phone": "undefined"}), "nobody", ".identities"),
    (event(identities={"phone": {}}), "wrong_type", ".identities.phone"),
    (event(identities={"fax": "1"}), "unknown_kind", ".identities.fax"),
    (event(identities=[{"kind": "phone"}, {"kind": "fax", "value": "1"}]), "unknown_kind", ".identities[1]"),
    (event(identities=["13800000001"]), "wrong_type", ".identities[0]"),
    (event(identities=[{"kind": 1}]), "wrong_type", ".identities[0]"),
    (event(properties={"a": "x" * 200_000}), "too_large", ""),
    ("x", "wrong_type", ""),
]


@pytest.mark.parametrize(("bad", "code", "field"), BAD)
def test_a_bad_event_is_named_and_the_others_are_taken(bad, code, field):
    answer = send(event(id="e1"), bad, event(id="e2"))

    assert answer.status_code == 200
    (rejected,) = answer.json()["rejected"]
    assert (rejected["index"], rejected["code"], rejected["field"]) == (1, code, "[1]" + field)
    assert rejected["message"]
    assert StreamEvent.objects.count() == answer.json()["accepted"] == 2
    assert Rejected.objects.get().protocol == "api"


@pytest.mark.parametrize(("bad", "code", "field"), BAD)
def test_a_request_without_one_good_event_is_refused(bad, code, field):
    answer = send(bad)

    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"]) == (code, "[0]" + field)
    assert not StreamEvent.objects.exists()


def test_a_phone_that_cannot_be_one_is_nobody():
    assert send(event(identities={"phone": "12"})).json()["code"] == "nobody"


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "2999-12-31T00:00:00Z"])
def test_a_time_that_cannot_be_is_kept_but_not_believed(at):
    send(event(at=at))

    assert StreamEvent.objects.get().happened_at == NOW
    assert StreamEvent.objects.get().properties["$implausible_time"] is True


def test_the_interface_is_documented():
    document = Client().get("/api/v1/openapi.json").json()

    operation = document["paths"]["/api/v1/events"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema["type"] == "array"
    assert set(schema["items"]["properties"]) == {"name", "at", "id", "identities", "properties"}
    assert {"200", "400", "401", "413"} <= set(operation["responses"])
    assert "/api/v1/events/" not in document["paths"]


def test_unknown_addresses_are_not_found():
    assert post("/api/v1/nothing", {}).status_code == 404
