import csv
import gzip
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from homeground.commerce.models import Order, OrderLine, Refund
from homeground.events.models import StreamEvent
from homeground.ingest.errors import (
    BadMapping,
    MissingField,
    PresetOfOtherKind,
    UnknownColumn,
    UnknownCurrency,
    UnknownField,
    UnknownPreset,
    UnknownTimeZone,
    UnreadableFile,
)
from homeground.ingest.files import spool
from homeground.ingest.files.reading import mapping
from homeground.ingest.services.imports import preview
from homeground.people.models import Customer
from tests.ingest.files import ORDERS, sheet, take, write, zipped

pytestmark = pytest.mark.django_db
ONE = "1001,tea,绿茶,2,9.90,2026-01-31 18:30:00,7\n"
PACKAGE = Path(__file__).parents[2] / "homeground"
LOGS = [PACKAGE.parents[1] / "shared/data/online_retail/orders.csv.gz", *PACKAGE.glob("console/demo/*/orders.csv.gz")]


def rejects_of(result) -> list[dict[str, str]]:
    limit = csv.field_size_limit(10_000_000)
    try:
        with Path(result["rejects_file"]).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    finally:
        csv.field_size_limit(limit)


def rows() -> list[list[dict]]:
    return [list(model.objects.order_by("pk").values()) for model in (Order, OrderLine, Refund, Customer, StreamEvent)]


def test_lines_become_orders(tmp_path):
    result = take(
        write(tmp_path, ORDERS + ONE + "1001,cup,杯子,1,20,2026-01-31 18:30:00,7\n1002,tea,,1,9.9,2026-02-01,\n")
    )

    assert result == {
        "rows": 3, "accepted": 3, "rejected": 0, "orders": 2, "refunds": 0, "customers": 1, "guest_orders": 1,
        "line_total": "49.7", "new": {"orders": 2, "refunds": 0, "customers": 1}, "rejects_file": None,
    }  # fmt: skip
    order = Order.objects.get(order_no="1001")
    assert (order.amount_minor, order.currency) == (3980, "CNY")
    assert order.paid_at == datetime(2026, 1, 31, 10, 30, tzinfo=UTC)
    assert list(order.lines.order_by("line_no").values_list("product__sku", "quantity", "unit_price")) == [
        ("tea", 2, Decimal("9.90")),
        ("cup", 1, Decimal(20)),
    ]


def test_the_same_file_twice_changes_nothing(tmp_path):
    path = write(tmp_path, ORDERS + ONE + "C1,tea,,-1,9.9,2026-02-01,7\n")
    first = take(path)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Order, OrderLine, Refund, Customer, StreamEvent)
    ]

    second = take(path)

    assert first["new"] == {"orders": 1, "refunds": 1, "customers": 1}
    assert second == first | {"new": {"orders": 0, "refunds": 0, "customers": 0}}
    assert rows() == before


def test_a_dry_run_says_it_all_and_changes_nothing(tmp_path):
    path = write(tmp_path, ORDERS + ONE)

    dry = take(path, dry_run=True)

    assert dry["new"] == {"orders": 1, "refunds": 0, "customers": 1}
    assert not Order.objects.exists()
    assert not Customer.objects.exists()
    assert not StreamEvent.objects.exists()
    assert take(path) == dry


@pytest.mark.parametrize("most", [1, 3, 100])
def test_lines_of_an_order_need_not_be_neighbours(tmp_path, monkeypatch, most):
    monkeypatch.setattr(spool, "MOST_LINES", most)
    monkeypatch.setattr("homeground.ingest.files.tables._PIECE_ROWS", 2)
    numbers = [1, 2, 1, 3, 2, 4, 1, 5, 4, 1]
    lines = [f"{number},sku{at},,1,{at},2026-01-0{number},m{number}\n" for at, number in enumerate(numbers)]

    result = take(write(tmp_path, ORDERS + "".join(lines)))

    assert (result["rows"], result["orders"], result["customers"]) == (10, 5, 5)
    first = Order.objects.get(order_no="1")
    assert list(first.lines.order_by("line_no").values_list("line_no", "product__sku")) == [
        (1, "sku0"), (2, "sku2"), (3, "sku6"), (4, "sku9"),
    ]  # fmt: skip
    assert first.amount_minor == 1700


def test_gzip_and_sheets_read_alike(tmp_path):
    text = take(write(tmp_path, ORDERS + ONE))
    rows = [
        ORDERS.strip().split(","),
        ["1001", "tea", "绿茶", 2, 9.9, datetime.fromisoformat("2026-01-31 18:30:00"), 7],
    ]

    assert take(zipped(tmp_path, ORDERS + ONE))["line_total"] == text["line_total"]
    from_sheet = take(sheet(tmp_path, rows))
    assert from_sheet["line_total"] == text["line_total"] == "19.8"
    assert from_sheet["new"] == {"orders": 0, "refunds": 0, "customers": 0}


def test_rows_of_a_sheet_that_are_wrong_have_their_line(tmp_path):
    rows = [ORDERS.strip().split(","), [1, "a", None, 1, 1, date(2026, 1, 1), None], [None] * 7, [2, "a", None, "x"]]

    result = take(sheet(tmp_path, rows))

    assert (result["accepted"], result["rejected"]) == (1, 1)
    assert rejects_of(result)[0]["line"] == "4"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write_is_read(tmp_path, encoding, ends, delimiter):
    text = (ORDERS + ONE).replace(",", delimiter).replace("\n", ends)

    result = take(write(tmp_path, text.encode(encoding)))

    assert result["accepted"] == 1
    assert OrderLine.objects.get().product.name == "绿茶"


BAD_ROWS = [
    ("1,tea,,2,9.9,2026-01-31", "6"),
    ("1,tea,,2,9.9,2026-01-31,7,more", "8"),
    (",tea,,2,9.9,2026-01-31,7", "order_no"),
    ("1,,,2,9.9,2026-01-31,7", "sku"),
    ("1,tea,,two,9.9,2026-01-31,7", "quantity"),
    ("1,tea,,,9.9,2026-01-31,7", "quantity"),
    ("1,tea,,1.5,9.9,2026-01-31,7", "quantity"),
    ("1,tea,,99999999999,9.9,2026-01-31,7", "quantity"),
    ("1,tea,,99999999999999999999999,9.9,2026-01-31,7", "quantity"),
    ("1,tea,,1,free,2026-01-31,7", "unit_price"),
    ("1,tea,,1,,2026-01-31,7", "unit_price"),
    ("1,tea,,1,1e3,2026-01-31,7", "unit_price"),
    ("1,tea,,1,NaN,2026-01-31,7", "unit_price"),
    ("1,tea,,1,1.1234567,2026-01-31,7", "unit_price"),
    ("1,tea,,1,9999999999999,2026-01-31,7", "unit_price"),
    ('1,tea,,1,"1,000.00",2026-01-31,7', "unit_price"),
    ("1,tea,,1,9.9,soon,7", "at"),
    ("1,tea,,1,9.9,,7", "at"),
    ("1,tea,,1,9.9,2026-02-30,7", "at"),
    ("1,tea,,1,9.9,31/01/2026,7", "at"),
    ("1,tea,,1,9.9,1969-12-31,7", "at"),
    ("1,tea,,1,9.9,2999-01-01,7", "at"),
    ("1,tea,,1,9.9,99999-01-01,7", "at"),
    ("1,tea,,1,9.9,2026-01-31," + "7" * 256, "member_no"),
    ("1,tea,,1,9.9,2026-01-31,null", "member_no"),
    ("1" * 101 + ",tea,,1,9.9,2026-01-31,7", "order_no"),
    ("1," + "t" * 101 + ",,1,9.9,2026-01-31,7", "sku"),
    ("1,tea,\0,1,9.9,2026-01-31,7", ""),
    ("1,tea,=cmd()," + "x" * 200_000, ""),
]


@pytest.mark.parametrize(("bad", "named"), BAD_ROWS)
def test_a_bad_row_is_put_aside_with_line_and_reason(tmp_path, bad, named):
    result = take(write(tmp_path, ORDERS + ONE + bad + "\n" + ONE.replace("1001", "1002")))

    assert (result["rows"], result["accepted"], result["rejected"]) == (3, 2, 1)
    assert set(Order.objects.values_list("order_no", flat=True)) == {"1001", "1002"}
    (reject,) = rejects_of(result)
    assert reject["line"] == "3"
    assert named in reject["reason"]
    assert Path(result["rejects_file"]) == tmp_path / "file.csv.rejects.csv"


def test_bytes_of_no_encoding_are_put_aside_as_they_are(tmp_path):
    good = ONE.encode()
    odd = b"1003,tea,\xff\xfe\xfa,1,1,2026-01-31,7\n"
    result = take(write(tmp_path, ORDERS.encode() + good + b"# " * 600_000 + b"\n" + odd))

    assert result["accepted"] == 1
    assert {row["line"] for row in rejects_of(result)} == {"3", "4"}


def test_a_quote_that_never_ends_loses_one_row_not_the_rest(tmp_path):
    rest = "".join(ONE.replace("1001", f"{2000 + number}") for number in range(5000))

    result = take(write(tmp_path, ORDERS + ONE + '1002,tea,"never ends,1,1,2026-01-31,7\n' + rest))

    assert (result["rows"], result["accepted"], result["rejected"]) == (5002, 5001, 1)
    assert rejects_of(result)[0]["line"] == "3"


def test_a_cell_may_hold_lines(tmp_path):
    result = take(write(tmp_path, ORDERS + '1001,tea,"two\nlines",1,1,2026-01-31,7\n' + "x\n"))

    assert result["accepted"] == 1
    assert rejects_of(result)[0]["line"] == "4"


def test_cells_that_were_put_aside_cannot_run_as_formulas(tmp_path):
    result = take(write(tmp_path, ORDERS + "=cmd|' /C calc'!A0,+tea,@x,-1,-9.9,soon,-SUM(1)\n"))

    (reject,) = rejects_of(result)
    assert reject["order_no"].startswith("'=")
    assert reject["sku"] == "'+tea"
    assert reject["product_name"] == "'@x"
    assert (reject["quantity"], reject["unit_price"]) == ("-1", "-9.9")
    assert reject["member_no"] == "'-SUM(1)"


def test_an_old_rejects_file_does_not_outlive_its_reason(tmp_path):
    path = write(tmp_path, ORDERS + "bad\n")
    stale = Path(take(path)["rejects_file"])
    write(tmp_path, ORDERS + ONE)

    assert take(path)["rejects_file"] is None
    assert not stale.exists()


def test_offsets_zones_leaps_and_repeats_of_the_clock(tmp_path):
    times = [
        "2026-01-31T18:30:00Z", "2026-01-31T18:30:00.250+08:00", "2026/1/31 18:30", "2026-03-29 01:30:00",
        "2026-10-25 01:30:00",
    ]  # fmt: skip
    rows = [f"{number},tea,,1,1,{at},7\n" for number, at in enumerate(times)]

    take(write(tmp_path, ORDERS + "".join(rows)), time_zone="Europe/London")

    assert [f"{order.paid_at:%m-%d %H:%M:%S.%f}"[:18] for order in Order.objects.order_by("order_no")] == [
        "01-31 18:30:00.000", "01-31 10:30:00.250", "01-31 18:30:00.000",
        "03-29 01:30:00.000",  # 01:30 did not exist: half an hour after the leap, 02:30 BST.
        "10-25 00:30:00.000",  # 01:30 came twice: the first, still BST.
    ]  # fmt: skip


def test_a_date_format_may_be_said(tmp_path):
    take(write(tmp_path, ORDERS + "1,tea,,1,1,31/01/2026 18:30,7\n"), date_format="%d/%m/%Y %H:%M")

    assert Order.objects.get().paid_at == datetime(2026, 1, 31, 10, 30, tzinfo=UTC)


def test_columns_are_mapped_by_name(tmp_path):
    path = write(tmp_path, "单号,货号,数量,价格,时间,手机\n1,tea,1,5,2026-01-31,+86 138 0000 0001\n")

    take(path, columns=mapping("order_no=单号, sku=货号,quantity=数量,unit_price=价格,at=时间,phone=手机"))

    assert Order.objects.get().customer.identities.get().value == "13800000001"


def test_an_order_says_which_kind_it_is(tmp_path):
    header = "order_no,sku,quantity,unit_price,at,member_no,kind,refund_of\n"
    lines = ["1,tea,1,5,2026-01-30,7,sale,", "R1,tea,1,5,2026-01-31,7,REFUND,1", "A1,x,1,-3,2026-01-31,,adjustment,"]

    result = take(write(tmp_path, header + "\n".join([*lines, "2,x,1,1,2026-01-31,,gift,"])))

    assert (result["orders"], result["refunds"], result["rejected"], result["line_total"]) == (2, 1, 1, "7")
    assert Refund.objects.get().order.order_no == "1"
    assert Order.objects.get(order_no="A1").kind == "adjustment"


@pytest.mark.parametrize(
    ("wish", "refusal", "named"),
    [
        ({"preset": "nope"}, UnknownPreset, "nope"),
        ({"preset": "online-retail"}, UnknownColumn, "InvoiceNo"),
        ({"columns": {"sku": "Nope"}}, UnknownColumn, "Nope"),
        ({"columns": {"fax": "sku"}}, UnknownField, "fax"),
        ({"currency": "RMB"}, UnknownCurrency, "RMB"),
        ({"currency": ""}, None, ""),
        ({"time_zone": "Mars/Base"}, UnknownTimeZone, "Mars/Base"),
        ({"time_zone": "../etc/passwd"}, UnknownTimeZone, "passwd"),
    ],
)
def test_a_wish_that_does_not_fit_is_refused_by_name_and_nothing_is_done(tmp_path, wish, refusal, named):
    path = write(tmp_path, ORDERS + ONE + "bad\n")
    if refusal is None:
        assert take(path, **wish)["accepted"] == 1  # An empty currency is the brand's own.
        return

    with pytest.raises(refusal, match=named):
        take(path, **wish)
    assert not Order.objects.exists()
    assert list(tmp_path.iterdir()) == [path]


def test_a_refusal_names_the_columns_that_are_there(tmp_path):
    with pytest.raises(MissingField, match=r"sku, quantity, unit_price, at.*order_no, stuff"):
        take(write(tmp_path, "order_no,stuff\n1,2\n"))


def test_a_preset_is_for_its_own_kind(tmp_path):
    with pytest.raises(PresetOfOtherKind):
        take(write(tmp_path, ORDERS), "customers", preset="online-retail")


@pytest.mark.parametrize("text", ["order_no", "=x", "a=", "a=b,,c=d", ","])
def test_a_mapping_that_cannot_be_read_is_refused(text):
    with pytest.raises(BadMapping):
        mapping(text)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n\n", b"\x00\x01\x02\x03", b"\x1f\x8b\x08\x00broken",
        gzip.compress(ORDERS.encode() * 1000)[:-20], b"PK\x03\x04broken", b"a,a\n1,2\n", b",,\n1,2,3\n",
        ("x" * 200_000).encode() + b",\n",
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path, content):
    with pytest.raises(UnreadableFile, match=r"file\.csv"):
        take(write(tmp_path, content), columns={"order_no": "a"})


def test_a_file_that_is_not_there_is_refused(tmp_path):
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(UnreadableFile):
            take(path)


def test_a_header_alone_is_an_empty_import(tmp_path):
    assert take(write(tmp_path, ORDERS))["rows"] == 0


def test_a_preview_shows_the_first_rows(tmp_path):
    columns, rows = preview(write(tmp_path, ORDERS + ONE * 9))

    assert columns == ORDERS.strip().split(",")
    assert rows == [ONE.strip().split(",")] * 5


@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.parts[-4])
def test_the_published_figures_come_out_exactly(log):
    if not log.exists():
        pytest.skip(f"{log} is not on this machine")

    result = take(log, preset="online-retail", currency=None, time_zone=None)

    assert {name: result[name] for name in ("rows", "accepted", "rejected", "customers", "line_total")} == {
        "rows": 541_909, "accepted": 541_909, "rejected": 0, "customers": 4_372, "line_total": "9747747.934",
    }  # fmt: skip
    assert result["orders"] + result["refunds"] == 25_900
    assert result["new"] == {name: result[name] for name in ("orders", "refunds", "customers")}
    assert result["rejects_file"] is None
