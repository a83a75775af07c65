"""What machines ask: alive, ready, figures."""

import pytest
from django.db import OperationalError

from homeground.events import warehouse
from homeground.ingest.services.tokens import create_token

pytestmark = pytest.mark.django_db


def test_alive_needs_no_store(client, monkeypatch):
    monkeypatch.setattr(warehouse, "value", lambda sql: 1 / 0)

    assert client.get("/healthz").status_code == 200


def test_ready_when_both_stores_answer(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "postgresql": True, "clickhouse": True}


def test_not_ready_without_clickhouse(client, monkeypatch):
    monkeypatch.setattr(warehouse, "value", lambda sql: 1 / 0)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["clickhouse"] is False


def test_not_ready_without_postgresql(client, monkeypatch):
    def refuse(connection: object) -> None:
        raise OperationalError

    monkeypatch.setattr("homeground.console.views.health.MigrationExecutor", refuse)

    assert client.get("/readyz").status_code == 503


def test_figures_are_for_this_machine(client):
    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert "homeground_stream_waiting_events 0\n" in answer.content.decode()
    assert all(line.startswith(("#", "homeground_")) for line in answer.content.decode().splitlines())


@pytest.mark.parametrize("elsewhere", [{"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}])
def test_figures_are_for_nobody_elsewhere_without_a_token(client, elsewhere):
    assert client.get("/metrics", **elsewhere).status_code == 403
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer made-up", **elsewhere).status_code == 403
    ingest = create_token("in", ["ingest"])
    assert client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {ingest}", **elsewhere).status_code == 403
    read = create_token("out", ["read"])
    assert client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {read}", **elsewhere).status_code == 200
