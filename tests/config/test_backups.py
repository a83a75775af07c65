"""What backup writes, restore brings back, row by row."""

import json
import subprocess
import sys

from tests.config.deployment import deployment

ORDERS = "no,day,sku,pieces,price,member\n" + "\n".join(
    f"{number},2026-01-{1 + number % 28:02} 10:00:00,sku-{number % 7},1,19.99,m{number % 50}" for number in range(300)
)
MAP = "order_no=no,at=day,sku=sku,quantity=pieces,unit_price=price,member_no=member"


# Every table of both stores with a hash of all of its rows; what a start or a run writes by itself left out.
CONTENTS = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "homeground.config.settings"
import django; django.setup()
import json
from django.db import connection
from homeground.events import stream, warehouse
from homeground.events.stores import open_stores
open_stores(); stream.drain()
found = {}
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names()):
        if not table.startswith(("procrastinate", "django_migrations", "stream_", "events_")):
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {table} AS t")
            found[table] = cursor.fetchone()[0]
for table in warehouse.tables():
    found["events." + table] = str(warehouse.value(f"SELECT (count(), sum(cityHash64(*))) FROM events.{table}"))
print(json.dumps(found))
"""


def _contents(brand):
    done = subprocess.run(
        [sys.executable, "-c", CONTENTS], env=brand.environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_a_restored_deployment_equals_the_one_that_was_saved(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    with deployment() as brand, deployment() as empty:
        brand.up()
        brand.json("import", "orders", str(file), "--map", MAP, "--currency", "CNY")
        counted = brand.json("events", "count", "--wait")
        brand.json("backup", str(tmp_path / "saved"))
        assert brand.stop() == 0

        restored = empty.json("restore", str(tmp_path / "saved"))

        assert restored["events"] == counted["events"] == empty.json("events", "count")["events"]
        assert counted["customers"] == 50
        before, after = _contents(brand), _contents(empty)
        assert {name for name in before if before[name] != after.get(name)} == set()
        assert after.keys() == before.keys()
        again = empty.json("import", "orders", str(file), "--map", MAP, "--currency", "CNY")
        assert again["new"] == {"orders": 0, "refunds": 0, "customers": 0}


def test_new_events_arrive_after_a_restore(tmp_path):
    with deployment() as brand, deployment() as empty:
        file = tmp_path / "first.csv"
        file.write_text(ORDERS)
        brand.json("import", "orders", str(file), "--map", MAP, "--currency", "CNY")
        before = brand.json("events", "count", "--wait")["events"]
        brand.json("backup", str(tmp_path / "saved"))
        empty.json("restore", str(tmp_path / "saved"))
        file.write_text(ORDERS.replace("\n", "\nx").replace(",m", ",n").replace(",nember", ",member"))

        empty.json("import", "orders", str(file), "--map", MAP, "--currency", "CNY")

        assert empty.json("events", "count", "--wait")["events"] > before


def test_a_backup_refuses_a_folder_that_exists_and_a_restore_one_that_holds_data(tmp_path):
    with deployment() as brand:
        brand.json("tokens", "create", "x", "--scope", "ingest")
        assert "exists" in brand.run("backup", str(tmp_path), status=2)
        brand.run("users", "create", "ada", "--role", "owner", "--password-stdin", stdin="correct horse battery\n")
        brand.run("backup", str(tmp_path / "saved"))
        assert "hold data" in brand.run("restore", str(tmp_path / "saved"), status=2)
        assert "no backup" in brand.run("restore", str(tmp_path), status=2)
