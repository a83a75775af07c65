"""`up` as its user meets it: one process, refused twice, stopped cleanly, and the other verbs beside it."""

import json
import signal
import subprocess

import psycopg
import pytest

from homeground.core.env import env
from homeground.events import door
from tests.config.deployment import COMMAND, Deployment, deployment

EVENT = '[{"name": "visited", "identities": {"email": "a@example.com"}, "at": "2026-01-02T03:04:05Z"}]'


def test_up_serves_refuses_a_second_and_stops_on_both_signals():
    with deployment() as brand:
        for number in (signal.SIGTERM, signal.SIGINT):
            brand.up()
            assert brand.get("/readyz").status_code == 200
            assert "already runs" in brand.run("up", "--port", "0", status=2)
            assert brand.stop(number) == 0


def test_verbs_work_while_up_runs_and_while_it_does_not():
    with deployment() as brand:
        assert brand.json("events", "count")["events"] == 0
        brand.up()
        token = brand.json("tokens", "create", "shop", "--scope", "ingest")["token"]
        assert brand.post("/api/v1/events", EVENT, token).status_code == 200
        assert brand.json("events", "count", "--name", "visited", "--wait")["events"] == 1
        assert brand.stop() == 0
        counted = brand.json("events", "count", "--name", "visited")
        assert (counted["events"], counted["customers"]) == (1, 1)


def test_up_says_in_json_where_it_serves():
    with (
        deployment() as brand,
        subprocess.Popen(
            [*COMMAND, "up", "--port", "0", "--json"], env=brand.environment, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdout
        brand.url = json.loads(process.stdout.readline())["address"]
        assert brand.get("/healthz").status_code == 200
        process.terminate()
        assert process.stdout.read() == ""


def test_doctor_says_that_all_is_well():
    with deployment() as brand:
        brand.run("events", "count")
        found = brand.json("doctor")
        assert {check["name"]: check for check in found["checks"] if check["state"] == "fail"} == {}


def test_a_port_in_use_is_refused_in_one_line():
    with deployment() as brand, deployment() as other:
        brand.up()
        port = brand.url.rsplit(":", 1)[1]
        assert "cannot listen" in other.run("up", "--port", port, status=2)


@pytest.fixture
def by_url(tmp_path):
    """Stores that are reached by URL alone: a database of this run's server, and this process's engine over HTTP."""
    with psycopg.connect(f"host={env.folder / 'pg'} user=postgres dbname=postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE apart TEMPLATE template0 LOCALE 'C.UTF-8'")
    with door.opened() as address:
        urls = {
            "HOMEGROUND_DATABASE_URL": f"postgresql://postgres@/apart?host={env.folder / 'pg'}",
            "HOMEGROUND_EVENTS_URL": f"clickhouse://{door.USER}:{address.password}@127.0.0.1:{address.port}",
        }
        yield Deployment(tmp_path, urls)


def test_web_and_worker_run_apart_by_url(by_url):
    by_url.up("web")
    token = by_url.json("tokens", "create", "shop", "--scope", "ingest")["token"]
    assert by_url.post("/api/v1/events", EVENT, token).status_code == 200

    worker = subprocess.Popen([*COMMAND, "worker"], env=by_url.environment)
    try:
        assert by_url.json("events", "count", "--name", "visited", "--wait")["events"] == 1
        assert by_url.get("/readyz").status_code == 200
    finally:
        worker.terminate()
        assert worker.wait(timeout=60) == 0
        assert by_url.stop() == 0


def test_apart_without_urls_is_refused(tmp_path):
    for verb in ("web", "worker"):
        assert "HOMEGROUND_EVENTS_URL" in Deployment(tmp_path).run(verb, status=2)
