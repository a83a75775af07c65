from datetime import UTC, datetime

import pytest

from homeground.events.models import StreamEvent
from homeground.ingest.errors import MissingField
from tests.ingest.files import take, write
from tests.ingest.test_order_files import rejects_of

pytestmark = pytest.mark.django_db
HEADER = "name,at,id,phone,coupon,note\n"
ONE = "coupon_opened,2012-01-31 18:30:00,e1,13800000001,c1,\n"


def test_rows_become_events_and_other_columns_properties(tmp_path):
    result = take(write(tmp_path, HEADER + ONE), "events")

    assert result == {
        "rows": 1, "accepted": 1, "rejected": 0, "events": 1, "new": {"events": 1}, "rejects_file": None,
    }  # fmt: skip
    event = StreamEvent.objects.get()
    assert (event.name, event.source) == ("coupon_opened", "file:file.csv")
    assert event.happened_at == datetime(2012, 1, 31, 10, 30, tzinfo=UTC)
    assert event.identities == [["phone", "13800000001"]]
    assert event.properties == {"coupon": "c1"}


@pytest.mark.parametrize("row", [ONE, ONE.replace("e1", ""), ONE.replace("e1", "").replace("2012-01-31 18:30:00", "")])
def test_the_same_file_twice_changes_nothing(tmp_path, row):
    path = write(tmp_path, HEADER + row)
    take(path, "events")

    assert take(path, "events")["new"] == {"events": 0}
    assert StreamEvent.objects.count() == 1


def test_a_dry_run_changes_nothing(tmp_path):
    assert take(write(tmp_path, HEADER + ONE), "events", dry_run=True)["new"] == {"events": 1}
    assert not StreamEvent.objects.exists()


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (",2026-01-31,,13800000001,,", "name"),
        ("commerce.order_paid,2026-01-31,,13800000001,,", "commerce.order_paid"),
        ("opened,soon,,13800000001,,", "at"),
        ("opened,2026-01-31,,,,", "身份标识"),
        ("opened,2026-01-31,,1,,", "phone"),
        ("opened,2026-01-31,,13800000001,," + "长" * 50_000, "102,400"),
    ],
)
def test_a_bad_row_is_put_aside(tmp_path, row, named):
    result = take(write(tmp_path, HEADER + ONE + row + "\n"), "events")

    assert (result["rows"], result["accepted"], result["rejected"]) == (2, 1, 1)
    assert StreamEvent.objects.count() == 1
    (reject,) = rejects_of(result)
    assert (reject["line"], named in reject["reason"]) == ("3", True)
    assert row.split(",")[0] == reject["name"]


def test_a_file_must_say_what_happened_and_to_whom(tmp_path):
    for header in ("at,phone\n", "name,at\n"):
        with pytest.raises(MissingField):
            take(write(tmp_path, header), "events")
