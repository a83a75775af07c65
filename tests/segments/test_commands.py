"""The command line of segments, in this process: its documents, its refusals, its files."""

import json

import pytest
import typer
from typer.testing import CliRunner

from homeground.core.errors import BusinessError
from homeground.segments import commands
from homeground.segments.models import Segment
from homeground.segments.services import create, create_list
from tests.segments.people import TAGGED, make_customers, put_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(commands, "open_stores", lambda: None)  # The tests' own are open.
    app = typer.Typer()
    commands.register(app)

    def call(*arguments: str, given: str = ""):
        return CliRunner().invoke(app, ["segments", *arguments], input=given)

    return call


def test_a_rule_is_counted_from_a_file_and_from_stdin(run, tmp_path):
    make_customers(5, tagged=[0, 3])
    (tmp_path / "rule.json").write_text(json.dumps(TAGGED, ensure_ascii=False))

    found = run("count", str(tmp_path / "rule.json"), "--at", "2026-03-01T20:00", "--json")
    piped = run("count", "-", "--json", given='{"all": []}')

    assert json.loads(found.stdout) == {"customers": 2, "as_of": "2026-03-01T20:00:00+08:00"}
    assert json.loads(piped.stdout)["customers"] == 5


def test_a_customer_is_explained(run):
    one, other = make_customers(2, tagged=[0])
    create(slug="vip", name="vip", rule={"not": TAGGED})
    create_list(slug="file", name="file", lines=["phone", "13800000001"])

    found = run("explain", "vip", str(one), "--json")
    said = run("explain", "vip", str(other))

    assert json.loads(found.stdout)["root"]["children"][0]["holds"]
    assert said.stdout.splitlines()[1].startswith("  ✗ ")
    for refused in (("vip", "99999999"), ("file", str(one)), ("none", "1")):
        assert isinstance(run("explain", *refused).exception, BusinessError)


def test_what_is_wrong_is_wrong_input(run, tmp_path):
    assert run("count", str(tmp_path / "missing.json")).exit_code == 2
    assert run("count", "-", "--at", "yesterday", given="{}").exit_code == 2
    for text in ("", "{", '{"tag": []}', '{"segment": "no"}'):
        assert isinstance(run("count", "-", given=text).exception, BusinessError)
    assert isinstance(run("export", "no").exception, BusinessError)


def test_a_segment_is_made_refreshed_listed_and_exported(run):
    ids = make_customers(4, tagged=[0])
    rule = json.dumps(TAGGED)

    made = json.loads(run("create", "vip", "-", "--name", "高客单", "--link", "retain", "--json", given=rule).stdout)
    put_tag([ids[2]])
    again = json.loads(run("refresh", "vip", "--json").stdout)
    listed = json.loads(run("list", "--json").stdout)["segments"]
    exported = json.loads(run("export", "vip", "--json").stdout)
    lines = run("export", "vip").stdout.splitlines()

    assert (made["customers"], again["customers"], again["entered"], again["left"]) == (1, 2, 1, 0)
    assert [one["slug"] for one in listed] == ["vip"]
    assert exported["members"] == [ids[0], ids[2]]
    assert [line.split(",")[0] for line in lines] == ["customer_id", str(ids[0]), str(ids[2])]


def test_a_list_is_made_from_a_rule(run):
    make_customers(3, tagged=[1])

    run("create", "now", "-", "--name", "now", "--static", given=json.dumps(TAGGED))

    assert not Segment.objects.get(slug="now").is_dynamic
    assert isinstance(run("refresh", "now").exception, BusinessError)


def test_the_schema_is_printed(run):
    assert json.loads(run("schema").stdout)["title"] == "Homeground segment rule"
