from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from homeground.config.cli import _app
from homeground.events import warehouse
from homeground.events.services import Incoming, key_of, receive
from homeground.people.models import Customer, Identity, Merge
from homeground.people.services import Sighting, find_customers, unmerge
from tests.support import drain

AT = datetime(2026, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Told:
    name: str
    customer_id: int


def tell(name: str, *identities: tuple[str, str]) -> None:
    key = key_of(name, *(value for _, value in identities))
    receive(
        [Incoming(name=name, key=key, stated_at=AT, happened_at=AT, source="sdk", identities=identities, properties={})]
    )


def told() -> list[Told]:
    return warehouse.rows(
        Told, "SELECT name, customer_id FROM events.events WHERE name NOT LIKE 'people.%' ORDER BY name"
    )


def test_events_reach_the_warehouse_with_their_customers_and_the_copy_is_in_step():
    tell("a_viewed", ("anonymous", "a1"))
    tell("b_signed_in", ("anonymous", "a1"), ("phone", "+86 13800000001"))
    tell("c_nobody", ("user_id", "null"))
    drain()

    customer = Customer.objects.get()
    assert told() == [Told("a_viewed", customer.pk), Told("b_signed_in", customer.pk), Told("c_nobody", 0)]
    assert warehouse.value("SELECT identity_kinds FROM events.customers FINAL") == ["anonymous", "phone"]
    assert customer.source == "sdk"


def test_an_event_of_an_absorbed_customer_stays_its_own():
    tell("a_viewed", ("device", "d1"))
    tell("b_viewed", ("phone", "13800000001"))
    drain()
    one, other = Customer.objects.order_by("pk").values_list("pk", flat=True)
    tell("c_joined", ("device", "d1"), ("phone", "13800000001"))
    drain()
    tell("d_viewed", ("phone", "13800000001"))
    drain()
    assert (
        warehouse.value("SELECT into_id FROM events.customers FINAL WHERE customer_id = {id:UInt64}", id=other) == one
    )

    unmerge(Merge.objects.get().pk, "boss")
    drain()

    assert [fact.customer_id for fact in told()] == [one, other, other, other]
    assert warehouse.value("SELECT countIf(into_id != customer_id) FROM events.customers FINAL") == 0


def test_following_moves_the_relation():
    tell("followed", ("openid", "o1"))
    drain()

    assert Customer.objects.get().relation == "one_way"


def run(*words: str) -> str:
    result = CliRunner().invoke(_app(), ["people", *words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_command_line_lists_doubts_and_undoes_a_merge(monkeypatch):
    monkeypatch.setattr("homeground.people.commands.open_stores", lambda: None)
    find_customers([Sighting([("phone", f"1380000000{n}"), ("device", "d")], AT, "t") for n in (1, 2)])
    find_customers([Sighting([("openid", "o")], AT, "t"), Sighting([("device", "d2")], AT, "t")])
    find_customers([Sighting([("openid", "o"), ("device", "d2")], AT, "t")])

    assert '"waiting": 1' in run("doubts")
    run("unmerge", str(Merge.objects.get().pk))

    assert Merge.objects.get().undone_by == "command line"
    assert Identity.objects.count() == 5
