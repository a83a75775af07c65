"""The schema of ClickHouse: applied once, and the same on a cluster."""

from pathlib import Path

import pytest

from homeground.events import schema, warehouse
from homeground.events.errors import SchemaDiffers

CLUSTER = Path(__file__).parents[2] / "deploy" / "clickhouse"


def cluster() -> dict[str, dict[str, str]]:
    return schema.columns("\n".join(path.read_text() for path in sorted(CLUSTER.glob("*.sql"))))


def test_the_columns_that_are_read_from_the_files_are_those_that_the_engine_made():
    found = warehouse.client().query("SELECT table, name, type FROM system.columns WHERE database = 'events'")
    made: dict[str, dict[str, str]] = {}
    for table, name, kind in found.result_rows:
        made.setdefault(table, {})[name] = kind

    assert {table: made[table] for table in schema.wanted()} == schema.wanted()


def test_a_cluster_gets_the_same_columns_locally_and_distributed():
    assert set(cluster()) == {name for table in schema.wanted() for name in (table, f"{table}_local")}
    for table, columns in schema.wanted().items():
        assert list(cluster()[table].items()) == list(columns.items())
        assert list(cluster()[f"{table}_local"].items()) == list(columns.items())


def test_a_file_is_applied_once():
    warehouse.migrate()

    applied = list(warehouse.value(f"SELECT arraySort(groupArray(file)) FROM {schema.APPLIED}"))
    assert applied == [path.name for path in schema.files()]


def test_a_cluster_is_compared_and_never_changed(monkeypatch):
    monkeypatch.setattr(warehouse, "_is_cluster", lambda: True)
    monkeypatch.setattr(warehouse, "run", pytest.fail)
    warehouse.migrate()

    monkeypatch.setattr(schema, "wanted", lambda: {"events": {"id": "UInt64", "colour": "String"}})
    with pytest.raises(SchemaDiffers, match=r"events\.colour"):
        warehouse.migrate()
