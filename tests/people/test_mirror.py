from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from homeground.events import warehouse
from homeground.people.models import Stale
from homeground.people.services import (
    AttributeGiven,
    ConsentDecision,
    Sighting,
    decide_consent,
    find_customers,
    merge,
    mirror,
    set_attributes,
    tag,
    unmerge,
)

AT = datetime(2026, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Copied:
    customer_id: int
    into_id: int
    identity_kinds: list[str]
    tags: list[str]
    consents: list[str]
    refusals: list[str]
    attributes: dict[str, str]


def copied() -> list[Copied]:
    return warehouse.rows(
        Copied,
        "SELECT customer_id, into_id, identity_kinds, tags, consents, refusals, attributes"
        " FROM events.customers FINAL ORDER BY customer_id",
    )


def make(*identities: tuple[str, str]) -> int:
    found = find_customers([Sighting(identities, AT, "shop")])[0]
    assert found
    return found


def test_the_copy_has_what_segments_ask_and_nothing_personal():
    customer = make(("phone", "13800000001"), ("device", "d"))
    set_attributes(
        [AttributeGiven(customer, key, value, "crm", AT) for key, value in (("city", "上海"), ("name", "王"))]
    )
    tag([customer], "新客", "manual", "boss")
    decide_consent([ConsentDecision(customer, "promotion", "sms", True, {"p": 1}, "h5", AT)])

    assert mirror() == 1

    assert copied() == [
        Copied(customer, customer, ["device", "phone"], ["新客"], ["promotion:sms"], [], {"city": "上海"})
    ]
    assert not Stale.objects.exists()
    assert mirror() == 0


def test_a_merge_and_its_undoing_reach_the_copy():
    a, b = make(("device", "a")), make(("phone", "13800000001"))
    tag([b], "新客", "manual", "boss")
    row = merge(a, b, {})
    mirror()
    assert [(one.customer_id, one.into_id, one.tags) for one in copied()] == [(a, a, ["新客"]), (b, a, ["新客"])]

    unmerge(row.pk, "boss")
    mirror()

    assert [(one.customer_id, one.into_id, one.tags) for one in copied()] == [(a, a, []), (b, b, ["新客"])]


def test_a_change_of_the_absorbed_one_reaches_the_survivor():
    a, b = make(("device", "a")), make(("device", "b"))
    merge(a, b, {})
    mirror()

    tag([b], "新客", "manual", "boss")
    mirror()

    assert copied()[0].tags == ["新客"]


def test_a_crash_after_the_insert_does_no_harm(monkeypatch):
    customer = make(("device", "a"))
    insert = warehouse.insert

    def insert_and_die(*args, **kwargs):
        insert(*args, **kwargs)
        raise OSError("killed")

    monkeypatch.setattr(warehouse, "insert", insert_and_die)
    with pytest.raises(OSError, match="killed"):
        mirror()
    assert Stale.objects.exists()

    monkeypatch.undo()
    tag([customer], "新客", "manual", "boss")
    mirror()

    assert [(one.customer_id, one.tags) for one in copied()] == [(customer, ["新客"])]
