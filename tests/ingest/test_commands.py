"""The command line, as scripts use it."""

import csv
import json

import pytest
import typer
from typer.testing import CliRunner

from homeground.core.errors import BusinessError
from homeground.ingest import commands
from homeground.ingest.models import CustomerExport
from homeground.ingest.services.tokens import check_token
from tests.ingest.files import ORDERS, take, write
from tests.ingest.test_order_files import ONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def verb(monkeypatch):
    """Run a verb and give its JSON answer; the stores are open."""
    monkeypatch.setattr(commands, "open_stores", lambda: None)
    app = typer.Typer()
    commands.register(app)

    def run(*words: str):
        done = CliRunner().invoke(app, [*words, "--json"])
        if isinstance(done.exception, BusinessError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run


def test_a_token_is_made_listed_and_revoked(verb):
    made = verb("tokens", "create", "shop", "--scope", "ingest", "--scope", "read")

    assert list(made) == ["token"]
    assert check_token(made["token"], "read")
    (listed,) = verb("tokens", "list")["tokens"]
    assert (listed["name"], listed["scopes"], listed["revoked_at"]) == ("shop", ["ingest", "read"], None)
    assert made["token"] not in str(listed)
    verb("tokens", "revoke", "shop")
    assert verb("tokens", "list")["tokens"][0]["revoked_at"]


def test_an_import_answers_with_what_the_file_holds(verb, tmp_path):
    path = write(tmp_path, ORDERS.replace("sku", "货号") + ONE + "bad\n")

    found = verb(
        "import", "orders", str(path), "--map", "sku=货号", "--currency", "gbp", "--time-zone", "Europe/London"
    )

    assert list(found) == [
        "rows", "accepted", "rejected", "orders", "refunds", "customers", "guest_orders", "line_total", "new",
        "rejects_file",
    ]  # fmt: skip
    assert (found["rows"], found["rejected"], found["line_total"]) == (2, 1, "19.8")
    assert found["rejects_file"] == str(path) + ".rejects.csv"


def test_a_dry_run_is_a_word_away(verb, tmp_path):
    path = write(tmp_path, ORDERS + ONE)

    assert verb("import", "orders", str(path), "--dry-run")["new"]["orders"] == 1
    assert verb("import", "orders", str(path))["new"]["orders"] == 1


def test_customers_and_events_come_in_alike(verb, tmp_path):
    customers = write(tmp_path, "phone,name\n13800000001,李雷\n", "customers.csv")
    events = write(tmp_path, "name,at,phone\nopened,2026-01-31,13800000001\n", "events.csv")

    assert verb("import", "customers", str(customers))["new"] == {"customers": 1}
    assert verb("import", "events", str(events))["new"] == {"events": 1}


def test_a_wrong_wish_is_a_refusal(verb, tmp_path):
    with pytest.raises(BusinessError, match="nope"):
        verb("import", "orders", str(write(tmp_path, ORDERS)), "--preset", "nope")


def test_customers_go_out_safe_and_on_record(verb, tmp_path):
    rows = "phone,email,name,tags\n13800000001,li@example.com,=HYPERLINK(1),VIP;老客\n13800000002,,李雷,\n"
    take(write(tmp_path, rows), "customers")

    found = verb("export", "customers", str(tmp_path / "out.csv"))

    assert found == {"customers": 2, "file": str(tmp_path / "out.csv")}
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["name"], first["phone"], first["tags"]) == ("'=HYPERLINK(1)", "13800000001", "VIP;老客")
    assert (second["name"], second["email"]) == ("李雷", "")
    assert CustomerExport.objects.get().customers == 2
    assert (tmp_path / "out.csv").stat().st_mode & 0o077 == 0


def test_an_export_that_cannot_be_written_leaves_nothing(verb, tmp_path):
    with pytest.raises(BusinessError):
        verb("export", "customers", str(tmp_path / "no" / "out.csv"))
    assert not CustomerExport.objects.exists()
