from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from homeground.core import time
from homeground.ingest.errors import MissingField, UnknownField
from homeground.ingest.files.reading import mapping
from homeground.people.models import AttributeValue, Consent, Customer, CustomerTag, Identity
from tests.ingest.files import sheet, take, write
from tests.ingest.test_order_files import rejects_of

pytestmark = pytest.mark.django_db
HEADER = "phone,email,member_no,name,birthday,gender,tags,created_at,consent:promotion:*,city\n"
LI = "138-0000-0001,Li@Example.com,7,李雷,1990-05-01,男,VIP;老客,2020-01-31 08:00:00,是,杭州\n"
MAP = {"columns": {"consent:promotion:*": "consent:promotion:*", "city": "city"}}


def attributes() -> dict[str, str]:
    return dict(AttributeValue.objects.values_list("attribute__key", "value"))


def test_customers_come_in_with_all_that_is_said_of_them(tmp_path):
    result = take(write(tmp_path, HEADER + LI), "customers", **MAP)

    assert result == {
        "rows": 1, "accepted": 1, "rejected": 0, "customers": 1, "new": {"customers": 1}, "updated": 0,
        "rejects_file": None,
    }  # fmt: skip
    customer = Customer.objects.get()
    assert (customer.name, customer.created_at) == ("李雷", datetime(2020, 1, 31, tzinfo=UTC))
    assert set(Identity.objects.values_list("kind", "value")) == {
        ("phone", "13800000001"), ("email", "li@example.com"), ("member_no", "7"),
    }  # fmt: skip
    assert attributes() == {"name": "李雷", "birthday": "1990-05-01", "gender": "男", "city": "杭州"}
    assert set(CustomerTag.objects.values_list("tag__name", "origin")) == {("VIP", "import"), ("老客", "import")}


def test_the_file_and_the_line_are_the_proof_of_a_consent(tmp_path):
    take(write(tmp_path, HEADER + LI, "会员.csv"), "customers", **MAP)

    consent = Consent.objects.get()
    assert (consent.purpose, consent.channel, consent.is_granted) == ("promotion", "*", True)
    assert consent.proof == {"file": "会员.csv", "line": 2}


def test_the_same_file_twice_changes_nothing(tmp_path, monkeypatch):
    path = write(tmp_path, HEADER + LI)
    take(path, "customers", **MAP)
    monkeypatch.setattr(time, "now", lambda: datetime.now(UTC) + timedelta(days=1))

    again = take(path, "customers", **MAP)

    assert (again["new"], again["updated"], again["customers"]) == ({"customers": 0}, 0, 1)
    assert (Customer.objects.count(), Consent.objects.count(), CustomerTag.objects.count()) == (1, 1, 2)


def test_a_dry_run_changes_nothing(tmp_path):
    assert take(write(tmp_path, HEADER + LI), "customers", dry_run=True, **MAP)["new"] == {"customers": 1}
    assert not Customer.objects.exists()


def test_a_sheet_will_do(tmp_path):
    rows = [["手机", "生日", "注册"], [13800000001, date(1990, 5, 1), "2020/1/31"], ["13800000002", None, None]]
    columns = mapping("phone=手机,birthday=生日,created_at=注册")

    assert take(sheet(tmp_path, rows), "customers", columns=columns)["customers"] == 2
    assert attributes() == {"birthday": "1990-05-01"}


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (",,,李雷,,,,,,", "身份标识"),
        ("12,,,,,,,,,", "phone"),
        ("13800000001,nobody,,,,,,,,", "email"),
        ("13800000001,,,,05-01,,,,,", "birthday"),
        ("13800000001,,,,1790-05-01,,,,,", "birthday"),
        ("13800000001,,,,,,,soon,,", "created_at"),
        ("13800000001,,,,,,,,perhaps,", "consent"),
        ("13800000001,,,,,,,,," + "x" * 1001, "city"),
        ("13800000001,,", "3"),
    ],
)
def test_a_bad_row_is_put_aside(tmp_path, row, named):
    result = take(write(tmp_path, HEADER + LI + row + "\n"), "customers", **MAP)

    assert (result["accepted"], result["rejected"]) == (1, 1)
    (reject,) = rejects_of(result)
    assert (reject["line"], named in reject["reason"]) == ("3", True)
    assert Path(result["rejects_file"]).name == "file.csv.rejects.csv"


@pytest.mark.parametrize("name", ["consent:spam:*", "consent:promotion", "a b", "x" * 61])
def test_a_field_that_cannot_be_is_refused(tmp_path, name):
    with pytest.raises(UnknownField):
        take(write(tmp_path, HEADER + LI), "customers", columns={name: "city"})


def test_a_file_without_identities_is_refused(tmp_path):
    with pytest.raises(MissingField):
        take(write(tmp_path, "name\n李雷\n"), "customers")
