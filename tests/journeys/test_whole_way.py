"""From a rule to a closed campaign, through the rooms as they are: the command line, the API and the clock."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import typer
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from typer.testing import CliRunner

from homeground.core import time
from homeground.ingest.services.tokens import create_token
from homeground.journeys import commands, services, tasks
from homeground.journeys.models import Campaign, Touch
from homeground.people.models import Customer
from homeground.segments.services import create
from tests.journeys import world
from tests.journeys.gateway import open_gateway
from tests.segments.people import TAGGED, make_customers
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def gateway(db):
    world.no_policy()
    with open_gateway() as gateway:
        yield gateway


@pytest.fixture
def campaign(gateway):
    """A draft to the customers of a rule: six of ten are tagged, and five of those agreed."""
    ids = make_customers(10, tagged=range(6))
    for customer in Customer.objects.filter(pk__in=ids[1:]):
        world.decide(customer, is_granted=True)
    segment = create(slug="high", name="高客单", rule=TAGGED)
    return world.make_draft(segment=segment)


def run(*words):
    """The verb's JSON answer."""
    app = typer.Typer()
    commands.register(app)
    result = CliRunner().invoke(app, ["campaigns", *words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def lines(document):
    return {
        f"{line['state'] or line['arm']}.{line['reason']}": line["customers"] for line in document["ledger"]["lines"]
    }


def test_a_campaign_goes_its_way_by_the_command_line(campaign, gateway, monkeypatch):
    monkeypatch.setattr(commands, "open_stores", lambda: None)
    moment = AT.strftime("%Y-%m-%dT%H:%M:%S")

    assert run("list")["campaigns"][0]["state"] == "draft"
    frozen = run("freeze", str(campaign.pk), "--at", moment)
    assert (frozen["ledger"]["eligible"], lines(frozen)) == (6, {"queued.": 5, "suppressed.no_consent": 1})

    sent = run("send", str(campaign.pk), "--at", moment)
    assert (sent["state"], lines(sent), sum(gateway.delivered.values())) == (
        "sent",
        {"sent.": 5, "suppressed.no_consent": 1},
        5,
    )
    assert run("show", str(campaign.pk)) == sent


def test_the_verbs_refuse_what_is_not_there(monkeypatch, db):
    monkeypatch.setattr(commands, "open_stores", lambda: None)

    with pytest.raises(commands.NoSuchCampaign):
        run("show", "999")


def test_programs_read_campaigns_with_a_token(campaign, gateway):
    services.freeze_campaign(campaign.pk, at=AT)
    reader = Client(headers={"authorization": f"Bearer {create_token('bi', ['read'])}"})

    listed = reader.get("/api/v1/campaigns").json()["campaigns"]
    shown = reader.get(f"/api/v1/campaigns/{campaign.pk}").json()

    assert [one["id"] for one in listed] == [campaign.pk]
    assert sum(line["customers"] for line in shown["ledger"]["lines"]) == shown["ledger"]["eligible"] == 6
    assert reader.get(f"/api/v1/campaigns?before={campaign.pk}").json()["campaigns"] == []
    assert reader.get("/api/v1/campaigns/999").status_code == 404
    assert Client().get("/api/v1/campaigns").status_code == 401


def test_the_clock_goes_on_with_what_is_due(campaign, gateway, monkeypatch):
    world.make_quiet(starts=world.clock(11), ends=world.clock(13))
    monkeypatch.setattr(time, "now", lambda: AT)
    services.freeze_campaign(campaign.pk)
    services.start_campaign(campaign.pk)
    asked = []
    monkeypatch.setattr(tasks.services, "queue_dispatch", asked.append)

    tasks.dispatch_campaign(campaign.pk)
    tasks.dispatch_due(0)
    assert asked == []

    monkeypatch.setattr(time, "now", lambda: AT + timedelta(hours=1))
    tasks.dispatch_due(0)
    assert asked == [campaign.pk]
    tasks.dispatch_campaign(campaign.pk)
    assert Campaign.objects.get().state == "sent"


def test_asking_twice_for_a_dispatch_is_asking_once(campaign, gateway):
    services.freeze_campaign(campaign.pk, at=AT)

    services.start_campaign(campaign.pk, at=AT)
    services.queue_dispatch(campaign.pk)

    jobs = ProcrastinateJob.objects.filter(task_name="journeys.dispatch", status="todo")
    assert jobs.filter(args={"campaign_id": campaign.pk}).count() == 1


def test_what_the_stream_tells_agrees_with_the_ledger(campaign, gateway):
    services.freeze_campaign(campaign.pk, at=AT)
    services.start_campaign(campaign.pk, at=AT)
    services.dispatch(campaign.pk, at=AT)

    drain()

    assert set(Touch.objects.values_list("state", flat=True)) == {"sent", "suppressed"}
