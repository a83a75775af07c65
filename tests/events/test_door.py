"""One process owns the embedded store; its siblings come in through its door."""

import stat
from pathlib import Path

import httpx
import pytest
from clickhouse_connect.driver.exceptions import OperationalError

from homeground.core.env import env
from homeground.events import door, embedded, warehouse
from homeground.events.errors import StoreHeldElsewhere
from tests.events.stores import neighbour


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that this process does not own."""
    monkeypatch.setitem(env.__dict__, "folder", tmp_path)
    monkeypatch.setattr(embedded, "_held", None)
    monkeypatch.setattr(warehouse, "_PATIENCE", 3)
    warehouse.disconnect()
    return tmp_path


@pytest.fixture(autouse=True)
def _own_client_again():
    yield
    warehouse.disconnect()


def test_a_sibling_uses_the_store_of_its_owner(elsewhere):
    with neighbour(elsewhere):
        warehouse.migrate()

        assert not embedded.own()
        assert warehouse.value("SELECT count() FROM events.events") == 0


def test_only_this_system_user_can_read_the_password(elsewhere):
    with neighbour(elsewhere):
        assert stat.S_IMODE((elsewhere / "events.door").stat().st_mode) == 0o600


def test_a_stranger_is_not_let_in(elsewhere):
    with neighbour(elsewhere) as address:
        url = f"http://127.0.0.1:{address.port}/"

        assert httpx.post(url, content="SELECT 1").status_code == 403
        assert httpx.post(url, content="SELECT 1", auth=("homeground", "wrong")).status_code == 403
        assert httpx.post(url, content="SELECT 1", auth=("homeground", address.password)).text == "1\n"


def test_when_the_owner_has_left_the_next_call_after_the_failure_finds_another_way(elsewhere, monkeypatch):
    with neighbour(elsewhere):
        warehouse.migrate()
    with pytest.raises(OperationalError):
        warehouse.value("SELECT 1")

    with neighbour(elsewhere):
        assert warehouse.value("SELECT count() FROM events.events") == 0


def test_an_owner_that_does_not_answer_is_named(elsewhere):
    with neighbour(elsewhere):
        embedded.withdraw()
        with pytest.raises(StoreHeldElsewhere, match=str(elsewhere)):
            warehouse.client()


def test_the_owner_takes_down_the_address_of_one_that_died(elsewhere):
    embedded.announce(embedded.Address(1, "old"))

    assert embedded.own()
    assert embedded.address() is None


def test_the_door_opens_in_the_owner_and_is_gone_afterwards():
    with door.opened() as address:
        assert embedded.address() == address
        assert httpx.get(f"http://127.0.0.1:{address.port}/ping").text == "Ok.\n"
    assert embedded.address() is None
