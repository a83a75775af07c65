"""`homeground events`."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import typer
from typer.testing import CliRunner, Result

from homeground.core.errors import BusinessError
from homeground.events import commands, stream, warehouse
from homeground.events.catalog.commerce import OrderPaid
from homeground.events.errors import NoMoment
from homeground.events.models import SetAside
from homeground.events.services import record
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _stores_are_open(monkeypatch):
    monkeypatch.setattr(commands, "open_stores", lambda: None)
    monkeypatch.setattr(stream, "resolver", stream._as_recorded)


def run(*words: str) -> Result:
    app = typer.Typer()
    commands.register(app)
    return CliRunner().invoke(app, ["events", *words])


def pay(customer_id: int, order_no: str, day: int) -> None:
    at = datetime(2026, 3, day, tzinfo=UTC)
    record(
        OrderPaid(
            customer_id=customer_id,
            order_no=order_no,
            amount_minor=1,
            currency="CNY",
            items=1,
            skus=[],
            happened_at=at,
            cause=order_no,
        )
    )


def test_count_says_what_has_arrived():
    pay(1, "a", 1)
    pay(2, "b", 2)

    before = json.loads(run("count", "--json").stdout)
    assert (before["events"], before["customers"]) == (0, 0)

    after = json.loads(run("count", "--wait", "--json").stdout)
    assert (after["events"], after["customers"]) == (2, 2)
    assert datetime.fromisoformat(after["as_of"]) > datetime.fromisoformat(before["as_of"])


def test_count_by_name_and_time():
    pay(1, "a", 1)
    pay(2, "b", 2)
    drain()

    assert json.loads(run("count", "--name", "commerce.order_paid", "--json").stdout)["events"] == 2
    assert json.loads(run("count", "--name", "nothing", "--json").stdout)["events"] == 0
    assert json.loads(run("count", "--since", "2026-03-02", "--json").stdout)["events"] == 1
    assert json.loads(run("count", "--since", "2026-03-02T00:00:01Z", "--json").stdout)["events"] == 0
    assert "2 events of 2 customers" in run("count").stdout


@pytest.mark.parametrize("given", ["yesterday", "2026-13-01", "1066-10-14", "9999-12-31", "0001-01-01", ""])
def test_a_time_that_is_none_is_refused_in_one_line(given):
    with pytest.raises(NoMoment) as refused:
        commands.moment(given)

    assert isinstance(refused.value, BusinessError)
    assert "\n" not in str(refused.value)


def test_a_time_without_an_offset_is_of_the_deployments_zone():
    shanghai = timezone(timedelta(hours=8))

    assert commands.moment("2026-03-01") == datetime(2026, 3, 1, tzinfo=shanghai)
    assert commands.moment("2026-03-01T08:00Z") == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_set_aside_lists_and_retries(monkeypatch):
    def stumble(events):
        raise ValueError

    monkeypatch.setattr(stream, "resolver", stumble)
    pay(1, "a", 1)
    pay(2, "b", 2)
    drain()

    said = json.loads(run("set-aside", "--json").stdout)
    assert said == {
        "waiting": 2,
        "retried": 0,
        "groups": [{"handler": "resolve", "name": "commerce.order_paid", "reason": "ValueError", "events": 2}],
    }
    assert "2 × commerce.order_paid in resolve: ValueError" in run("set-aside").stdout

    monkeypatch.setattr(stream, "resolver", stream._as_recorded)
    assert json.loads(run("set-aside", "--retry", "--json").stdout) == {"waiting": 0, "retried": 2, "groups": []}
    assert not SetAside.objects.exists()
    assert warehouse.value("SELECT count() FROM events.events") == 2
    assert run("set-aside").stdout == "Nothing is set aside.\n"
