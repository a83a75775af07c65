"""`homeground value fit FILE`: published parameters, what is left out, what is refused."""

import gzip
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from homeground.insights.errors import BadCell, NothingToFit, UnknownColumn, Unsettled
from homeground.insights.value.file import Asked, document, fit_file
from homeground.insights.value.purchases import Purchases
from tests.insights.test_value_models import CDNOW as MODEL
from tests.insights.test_value_models import simulated

CDNOW = Path(__file__).parents[3] / "shared/data/cdnow/sample.csv.gz"
RUN = "import sys; from homeground.config.cli import main; sys.argv[0] = 'homeground'; main()"
ROWS = """who,day,paid
a,2026-01-01,10
a,2026-01-01 18:20:00,5
a,2026/1/15,30
b,20260103,12
b,2026-02-03,14
b,2026-02-20,16
c,2026-01-20,9
d,2026-01-02,40
d,2026-01-09,44
,2026-01-05,3
c,2026-03-01,-9
"""


def story() -> Purchases:
    """Enough customers for the parameters to be settled."""
    return simulated(MODEL, people=1000, weeks=45, seed=3)


def rows_of(bought: Purchases, paid: bool = True) -> str:
    """Lines of a file, all of them before February 2026."""
    begin = date(2025, 3, 1)
    days = [begin + timedelta(days=int(day)) for day in bought.days]
    return "".join(
        f"s{who},{day}" + (f",{10 + who % 7}\n" if paid else "\n") for who, day in zip(bought.owner, days, strict=True)
    )


def file(folder: Path, text: str = ROWS, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, "value", "fit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW sample is not beside the repository")
def test_cdnow_gives_the_published_parameters():
    done = run(
        CDNOW, "--customer", "customer_id", "--date", "date", "--amount", "amount_usd", "--until", "1997-09-30",
        "--unit", "week", "--json",
    )  # fmt: skip

    found = json.loads(done.stdout)
    counting, worth = found["bg_nbd"], found["gamma_gamma"]
    assert done.returncode == 0
    assert (found["customers"], found["repeat_customers"], found["repeat_purchases"]) == (2357, 946, 2457)
    assert [round(counting[name], 3) for name in ("r", "alpha", "a", "b")] == [0.243, 4.414, 0.793, 2.426]
    assert counting["log_likelihood"] == pytest.approx(-9582.43, abs=0.005)
    errors = [counting["standard_errors"][name] for name in ("r", "alpha", "a", "b")]
    assert errors == pytest.approx([0.0126, 0.378, 0.186, 0.705], abs=6e-4)
    assert [round(worth[name], 2) for name in ("p", "q", "v")] == [6.25, 3.74, 15.44]
    assert worth["log_likelihood"] == pytest.approx(-4055.92, abs=0.005)
    assert (worth["customers"], round(worth["frequency_value_correlation"], 4)) == (946, 0.1139)
    assert counting["converged"]
    assert worth["converged"]
    assert worth["independent"]


def test_days_are_read_as_they_are_written_and_what_does_not_count_is_said(tmp_path):
    bought = story()
    asked = Asked("who", "day", "paid", until=date(2026, 2, 28))

    found = document(fit_file(file(tmp_path, ROWS + rows_of(bought)), asked))

    assert (found["customers"], found["purchases"]) == (4 + 1000, 8 + len(bought.days))
    assert found["repeat_purchases"] == 4 + len(bought.days) - 1000
    assert found["notes"][:3] == ["1 行没有客户，未计入", "1 行在截止日之后，未计入", "1 行金额为负（退货），未计入"]
    assert found["until"] == "2026-02-28"


def test_the_unit_changes_alpha_alone(tmp_path):
    path = file(tmp_path, "who,day\n" + rows_of(story(), paid=False))

    by_week = fit_file(path, Asked("who", "day", unit="week"))
    by_day = fit_file(path, Asked("who", "day", unit="day"))

    assert by_week.worth is None
    assert by_day.summary.age == pytest.approx(by_week.summary.age * 7)
    assert by_day.counting.model.alpha == pytest.approx(by_week.counting.model.alpha * 7, rel=1e-4)
    assert by_day.counting.model.r == pytest.approx(by_week.counting.model.r, rel=1e-4)


def test_amounts_that_settle_nothing_leave_the_value_out_and_say_so(tmp_path):
    alike = "who,day,paid\n" + "".join(f"{line},9\n" for line in rows_of(story(), paid=False).splitlines())

    found = document(fit_file(file(tmp_path, alike), Asked("who", "day", "paid")))

    assert found["gamma_gamma"] is None
    assert "Gamma-Gamma" in found["notes"][0]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (ROWS.replace("2026-02-03", "03.02.2026"), "第 6 行", "day"),
        (ROWS.replace("2026-02-03", "2026-02-30"), "第 6 行", "day"),
        (ROWS.replace("2026-02-03", ""), "第 6 行", "day"),
        (ROWS.replace(",14\n", ",fourteen\n"), "第 6 行", "paid"),
        (ROWS.replace(",14\n", ",inf\n"), "第 6 行", "paid"),
        (ROWS.replace(",14\n", ",\n"), "第 6 行", "paid"),
        (ROWS.replace(",14\n", ",¥14\n"), "第 6 行", "paid"),
        (ROWS.replace(",14\n", ',"14,50"\n'), "第 6 行", "paid"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path, text, line, column):
    with pytest.raises(BadCell, match=f"{line}，列“{column}”"):
        fit_file(file(tmp_path, text), Asked("who", "day", "paid"))


def test_a_file_that_teaches_nothing_is_refused(tmp_path):
    path = file(tmp_path)

    with pytest.raises(NothingToFit):
        fit_file(path, Asked("who", "day", until=date(2020, 1, 1)))
    with pytest.raises(NothingToFit):
        fit_file(file(tmp_path, "who,day\na,2026-01-01\n", "one.csv"), Asked("who", "day"))
    with pytest.raises(NothingToFit):
        fit_file(file(tmp_path, "who,day\n", "none.csv"), Asked("who", "day"))
    with pytest.raises(UnknownColumn):
        fit_file(path, Asked("who", "when"))


def test_orders_that_settle_no_parameters_are_refused_instead_of_giving_numbers(tmp_path):
    one = "who,day,paid\n" + "".join(f"a,2026-0{month}-01,10\n" for month in range(1, 6))

    with pytest.raises(Unsettled, match="1 位客户、1 位复购客户"):
        fit_file(file(tmp_path, one), Asked("who", "day", "paid"))


def test_the_verb_refuses_in_one_line_with_status_two(tmp_path):
    path = file(tmp_path)
    packed = tmp_path / "broken.csv.gz"
    packed.write_bytes(gzip.compress(ROWS.encode())[:40])

    for wrong in (
        [tmp_path / "none.csv", "--customer", "who", "--date", "day"],
        [packed, "--customer", "who", "--date", "day"],
        [path, "--customer", "who", "--date", "paid"],
        [path, "--customer", "who", "--date", "day", "--unit", "year"],
        [path, "--customer", "who", "--date", "day", "--until", "soon"],
    ):
        done = run(*wrong, "--json")
        assert (done.returncode, done.stdout) == (2, ""), wrong
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_it_opens_no_store_and_makes_no_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOMEGROUND_DATA", str(tmp_path / "data"))

    path = file(tmp_path, "who,day\n" + rows_of(story(), paid=False))

    done = run(path, "--customer", "who", "--date", "day", "--language", "en")

    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data").exists()
