"""What backup writes, restore brings back, row by row."""

from tests.config.deployment import deployment

ORDERS = "no,day,sku,pieces,price,member\n" + "\n".join(
    f"{number},2026-01-{1 + number % 28:02} 10:00:00,sku-{number % 7},1,19.99,m{number % 50}" for number in range(300)
)
MAP = "order_no=no,at=day,sku=sku,quantity=pieces,unit_price=price,member_no=member"


def _contents(brand):
    return brand.json("events", "count", "--wait"), brand.json("events", "count", "--name", "commerce.order_paid")


def test_a_restored_deployment_equals_the_one_that_was_saved(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    with deployment() as brand, deployment() as empty:
        brand.up()
        brand.json("import", "orders", str(file), "--map", MAP, "--currency", "CNY")
        before = _contents(brand)
        brand.json("backup", str(tmp_path / "saved"))
        assert brand.stop() == 0

        restored = empty.json("restore", str(tmp_path / "saved"))
        after = _contents(empty)

        assert restored["events"] == before[0]["events"] == after[0]["events"]
        assert [count["customers"] for count in after] == [count["customers"] for count in before] == [50, 50]
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
