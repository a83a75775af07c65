"""The command line of journeys, in this process."""

import json
import re

import pytest
import typer
from typer.testing import CliRunner

from homeground.core.errors import BusinessError
from homeground.journeys import journey_commands
from homeground.journeys.errors import GraphRefused
from homeground.journeys.graph.schema import schema_text
from homeground.journeys.models import Enrolment
from homeground.journeys.services import publishing
from tests.journeys import world
from tests.journeys.graphs import graph, send, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(calm, monkeypatch):
    monkeypatch.setattr(journey_commands, "open_stores", lambda: None)  # The tests' own are open.
    app = typer.Typer()
    journey_commands.register(app)
    publishing.create(name="关怀", slug="care", link="retain", draft=graph({"a": wait()}), holdout_bp=0)

    def call(*arguments, given=""):
        return CliRunner().invoke(app, ["journeys", *arguments], input=given)

    return call


def told(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_journey_is_published_entered_and_ended_from_the_terminal(run):
    customer = world.make_customer()

    assert told(run("publish", "care", "--json"))["state"] == "live"
    assert told(run("enter", "care", str(customer.pk), "--cause", "x", "--json"))["entered"] == 1
    again = run("enter", "care", f"phone:{customer.identities.get().value}", "--cause", "x")
    assert again.stdout == "0 entered, 0 held out, 1 repeated\n"
    assert run("list").stdout == "care  live            1  关怀\n"
    assert "1.a" in run("show", "care").stdout
    assert told(run("walk", str(Enrolment.objects.get().pk), "--json"))["node"] == "a"
    assert told(run("pause", "care", "--json"))["state"] == "paused"
    assert told(run("resume", "care", "--json"))["state"] == "live"
    assert told(run("end", "care", "--json"))["ended"] == {"journey_ended": 1}
    assert told(run("list", "--json"))["journeys"][0]["state"] == "ended"


def test_a_draft_from_a_file_goes_live_and_moves_those_inside(run, tmp_path):
    run("publish", "care")
    run("enter", "care", str(world.make_customer().pk))
    (tmp_path / "graph.json").write_text(json.dumps(graph({"b": wait()})))
    moved = told(
        run(
            "publish", "care", "--draft", str(tmp_path / "graph.json"), "--succession", "move", "--map", "a=b", "--json"
        )
    )

    assert [(one["number"], one["at"]) for one in moved["versions"]] == [(2, {"b": 1})]


def test_what_is_wrong_is_wrong_input(run, tmp_path):
    for arguments in (
        ["publish", "care", "--succession", "vanish"],
        ["publish", "care", "--map", "a"],
        ["publish", "care", "--draft", str(tmp_path / "missing.json")],
        ["enter", "care", "somebody"],
        ["walk", "99"],
    ):
        assert run(*arguments).exit_code == 2
    for arguments, given in (
        (["show", "none"], ""),
        (["enter", "care", "1"], ""),
        (["publish", "care", "--draft", "-"], "{"),
        (["publish", "care", "--draft", "-"], "[]"),
    ):
        assert isinstance(run(*arguments, given=given).exception, BusinessError)
    broken = run("publish", "care", "--draft", "-", given=json.dumps(graph({"a": send("z")})))
    assert isinstance(broken.exception, GraphRefused)


def test_the_schema_is_printed_as_it_is_published(run):
    assert run("schema").stdout == schema_text()


def test_the_secret_of_webhooks_is_told_on_request(run):
    assert re.fullmatch(r"whsec_\S+\n", run("webhook-secret").stdout)
    assert told(run("webhook-hosts", "crm.lan:8080", "--json")) == {"hosts": ["crm.lan:8080"]}
