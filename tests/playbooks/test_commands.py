"""The command line of playbooks, in this process."""

import json

import pytest
import typer
from typer.testing import CliRunner

from homeground.playbooks import commands
from homeground.playbooks.errors import PackRefused
from homeground.playbooks.models import Installation
from homeground.playbooks.pack.reading import FOLDER
from tests.playbooks.world import make_brand

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch, db):
    make_brand()
    monkeypatch.setattr(commands, "open_stores", lambda: None)  # The tests' own are open.
    app = typer.Typer()
    commands.register(app)
    return lambda *arguments: CliRunner().invoke(app, ["playbooks", *arguments])


def test_packs_are_listed_installed_and_removed(run):
    assert len(json.loads(run("list", "--json").stdout)["playbooks"]) == 7

    made = json.loads(run("install", "everyday", "--language", "en", "--json").stdout)
    assert made["pack"] == "everyday"
    assert {piece["kind"] for piece in made["pieces"]} >= {"segment", "message", "journey", "reply"}
    assert Installation.objects.get().language == "en"
    told = json.loads(run("publish", "everyday", "--json").stdout)["journeys"]
    assert [one["journey"] for one in told if not one["refusal"]] == ["everyday-drift"]
    assert all("____" in one["refusal"] for one in told if one["journey"] != "everyday-drift")
    assert json.loads(run("remove", "everyday", "--json").stdout)["removed"]
    assert not Installation.objects.exists()


def test_a_pack_of_ones_own_is_checked_and_installed_from_a_file(run, tmp_path):
    document = json.loads((FOLDER / "6-everyday.json").read_text()) | {"slug": "ours"}
    file = tmp_path / "ours.json"
    file.write_text(json.dumps(document))

    assert json.loads(run("check", str(file), "--json").stdout)["slug"] == "ours"
    assert run("install", str(file), "--json").exit_code == 0
    assert Installation.objects.get().pack == "ours"


def test_a_faulty_file_is_refused_with_its_field(run, tmp_path):
    document = json.loads((FOLDER / "6-everyday.json").read_text()) | {"version": 0}
    file = tmp_path / "ours.json"
    file.write_text(json.dumps(document))

    result = run("install", str(file))

    assert isinstance(result.exception, PackRefused)
    assert result.exception.field == "version"
    assert not Installation.objects.exists()


def test_the_orders_propose_a_type_or_say_that_there_are_none(run):
    assert json.loads(run("propose", "--json").stdout) == {"playbook": None}


def test_the_schema_is_one_document(run):
    assert json.loads(run("schema").stdout)["title"] == "Homeground playbook pack"
