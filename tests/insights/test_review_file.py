"""`homeground review FILE`: its document, its refusals, and that it touches nothing."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest

from homeground.core.errors import BusinessError
from homeground.insights.errors import NotNumbers, OneArm, TooManyArms, UnknownArm, UnknownColumn, UnreadableFile
from homeground.insights.review.document import document
from homeground.insights.review.file import review_content, review_file
from homeground.insights.review.question import Question
from homeground.insights.review.text import text

NSW = Path(__file__).parents[3] / "shared/data/nsw_experiment/nsw.csv.gz"
RUN = "import sys; from homeground.insights.commands import main_review; sys.exit(main_review())"


def question(**changes) -> Question:
    return Question(**{"arm": "arm", "control": "a", "outcomes": ["y"], **changes})


def review(csv: str | bytes, **changes) -> dict:
    content = csv.encode() if isinstance(csv, str) else csv
    return strict(document(review_content(content, "file.csv", question(**changes), 10**7)))


def strict(found: dict) -> dict:
    return json.loads(json.dumps(found, allow_nan=False))


def rows(*arms: tuple[str, list]) -> str:
    return "arm,y\n" + "".join(f"{arm},{value}\n" for arm, values in arms for value in values)


def people(n: int = 3000, lift: float = 0.0, seed: int = 1) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    arm = np.array(["a", "b", "c"])[np.arange(n) % 3]
    before = draw.gamma(2, 50, n)
    return pl.DataFrame(
        {
            "id": np.arange(n),
            "arm": arm,
            "before": before,
            "place": draw.choice(["north", "south"], n),
            "y": before + draw.normal(0, 20, n) + lift * (arm == "b"),
            "bought": (draw.random(n) < 0.2).astype(int),
            "complained": (draw.random(n) < np.where(arm == "c", 0.2, 0.05)).astype(int),
        }
    )


def run(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HOMEGROUND_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, "review", *map(str, arguments)],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_document_has_arms_checks_adjusted_segments_verdict_and_needed_n():
    found = review(
        people(lift=15).write_csv(),
        outcomes=["y", "bought", "complained"],
        before=[("before", "y")],
        harmful=["complained"],
        segments=["place"],
        explore=["before"],
        id="id",
    )

    control, b, c = found["arms"]
    assert [(arm["name"], arm["n"]) for arm in found["arms"]] == [("a", 1000), ("b", 1000), ("c", 1000)]
    assert control["outcomes"]["y"]["lift"] is None
    assert b["outcomes"]["y"]["lift"] == pytest.approx(b["outcomes"]["y"]["mean"] - control["outcomes"]["y"]["mean"])
    assert found["verdict"] == {"y": "works", "bought": "not shown", "complained": "harms"}
    assert c["outcomes"]["complained"]["verdict"] == "harms"
    assert b["outcomes"]["complained"]["verdict"] == "not shown"
    assert found["checks"]["sample_ratio"]["ok"]
    assert found["checks"]["balance"]["ok"]
    assert found["adjusted"]["y"]["variance_reduction"] > 0.5
    raw, adjusted = b["outcomes"]["y"], found["adjusted"]["y"]["arms"]["b"]
    assert adjusted["ci_high"] - adjusted["ci_low"] < raw["ci_high"] - raw["ci_low"]
    assert found["needed_n"]["bought"]["b"] > 1000
    planned = [split for split in found["segments"] if split["is_planned"]]
    assert {split["column"] for split in planned} == {"place"}
    assert [level["level"] for level in planned[0]["levels"]] == ["north", "south"]
    assert len(next(split for split in found["segments"] if split["column"] == "before")["levels"]) == 4


@pytest.mark.skipif(not NSW.exists(), reason="The published experiment is not on this machine.")
def test_the_published_job_training_experiment_comes_out_as_published():
    asked = Question("treat", "0", ["re78"], covariates=["age", "educ"], before=[("re75", "re78")])

    found = strict(document(review_file(NSW, asked)))

    effect = found["arms"][1]["outcomes"]["re78"]
    assert effect["lift"] == pytest.approx(1794.3433, abs=0.002)
    assert effect["se"] == pytest.approx(670.997, abs=0.001)
    assert (effect["ci_low"], effect["ci_high"]) == pytest.approx((474.0104546, 3114.6743151))  # gbstats 0.8.0
    assert effect["relative_lift"] == pytest.approx(0.3939452763)
    assert found["verdict"] == {"re78": "invalid: sample ratio"}  # 260 and 185 are not halves.


@pytest.mark.skipif(not NSW.exists(), reason="The published experiment is not on this machine.")
def test_cuped_on_the_published_experiment_is_growthbooks():
    asked = Question("treat", "0", ["re78"], before=[("re75", "re78")], shares={"0": 260, "1": 185})

    found = strict(document(review_file(NSW, asked)))

    adjusted = found["adjusted"]["re78"]
    assert adjusted["theta"]["re75"] == pytest.approx(0.17804658209)
    assert adjusted["arms"]["1"]["lift"] == pytest.approx(1747.13399302)
    assert adjusted["arms"]["1"]["ci_low"] == pytest.approx(430.80202470)
    assert adjusted["arms"]["1"]["p"] == pytest.approx(0.00945194954)
    assert found["verdict"] == {"re78": "works"}


def test_sizes_that_do_not_fit_the_design_are_said_instead_of_a_lift():
    lopsided = rows(("a", [0, 1] * 500), ("b", [1, 1] * 400))
    asked = question()
    findings = review_content(lopsided.encode(), "f", asked, 10**7)

    assert document(findings)["verdict"] == {"y": "invalid: sample ratio"}
    assert "+0.5" not in text(findings)
    assert "1,000" in document(findings)["sentences"]["y"][0]
    assert review(lopsided, shares={"a": 1000, "b": 800})["verdict"] == {"y": "works"}


def test_a_sentence_carries_its_numbers():
    found = review(rows(("a", [1] * 119 + [0] * 881), ("b", [1] * 123 + [0] * 877)))

    (sentence,) = found["sentences"]["y"]
    for number in ("12.30%", "11.90%", "0.40", "−2.46", "3.26", "1,000"):
        assert number in sentence
    assert "不足以说明有效" in sentence
    assert found["needed_n"]["y"]["b"] == pytest.approx(104_000, rel=0.01)


def test_many_comparisons_are_corrected_together():
    found = review(rows(("a", [0, 1] * 100), ("b", [0, 1] * 100), ("c", [0, 1, 1, 1, 1, 0, 1, 1] * 25)))

    p = [arm["outcomes"]["y"]["p"] for arm in found["arms"][1:]]
    assert [arm["outcomes"]["y"]["p_holm"] for arm in found["arms"][1:]] == pytest.approx([p[0], 2 * p[1]])


def test_what_is_wrong_in_the_rows_is_counted_and_said():
    dirty = (
        "id,arm,y,x\n1,a,1,5\n1,a,1,5\n2,a,x,6\n3,b,,7\n4,b,2,\n5,,3,8\n6,a,4,9\n6,b,4,9\n7,a,2,4\n8,b,3,3\n,b,1,2\n"
    )

    found = review("\n".join(dirty.split()), id="id", covariates=["x"])

    warned = {warning["code"]: warning["count"] for warning in found["warnings"]}
    assert warned == {
        "no_arm": 1,
        "no_id": 1,
        "two_arms": 1,
        "repeated": 1,
        "not_numbers": 1,
        "empty_cells": 1,
        "filled": 1,
    }
    assert [arm["n"] for arm in found["arms"]] == [3, 4]
    assert [arm["outcomes"]["y"]["n"] for arm in found["arms"]] == [2, 3]
    assert found["checks"]["several_arms"] == {"people": 1, "ok": False}


@pytest.mark.parametrize(
    "csv",
    [
        rows(("a", [1, 1, 1]), ("b", [1, 1, 1])),
        rows(("a", [1]), ("b", [2])),
        rows(("a", [1, 2]), ("b", [7])),
        rows(("a", ["1e308", "-1e308", "1e308"]), ("b", ["1e308", "1e308"])),
        rows(("a", ["1e-200", "2e-200", "3e-200"]), ("b", ["2e-200", "3e-200", "9e-200"])),
        rows(("a", [0, 0, 0]), ("b", [0, 0, 1])),
        rows(("a", ["nan", "1", "inf"]), ("b", ["NA", "2", ""])),
        rows(("a", [1, 2]), ("b", ["", ""])),
    ],
)
def test_thin_or_wild_data_shows_nothing_and_breaks_nothing(csv: str):
    found = review(csv, shares={"a": 1, "b": 1, "c": 0})

    assert found["verdict"] == {"y": "not shown"}
    assert found["arms"][2]["n"] == 0


@pytest.mark.parametrize(
    ("csv", "changes", "refusal", "word"),
    [
        ("", {}, UnreadableFile, "file.csv"),
        ("arm,y\n", {}, UnreadableFile, "file.csv"),
        ("arm,y\na,1,2\nb,2\n", {}, UnreadableFile, "2"),
        ("arm,y\na,1\n", {"outcomes": ["z"]}, UnknownColumn, "z"),
        ("arm,y\na,1\nb,2\n", {"control": "x"}, UnknownArm, "x"),
        ("arm,y\na,1\na,2\n", {}, OneArm, "a"),
        ("arm,y\na,one\nb,two\n", {}, NotNumbers, "one"),
        (rows(*((str(i), [i]) for i in range(50))), {"control": "1"}, TooManyArms, "50"),
        ("arm,y\na,1\nb,2\n", {"before": [("arm", "z")]}, BusinessError, "z"),
        ("arm,y\na,1\nb,2\n", {"harmful": ["z"]}, BusinessError, "z"),
        ("arm,y\na,1\nb,2\n", {"shares": {"a": 1}}, BusinessError, "b"),
        ("arm,y\na,1\nb,2\n", {"outcomes": []}, BusinessError, "outcomes"),
        (b"\x1f\x8bnot gzip", {}, UnreadableFile, "file.csv"),
        (b"PK\x03\x04not a sheet", {}, UnreadableFile, "file.csv"),
        (b"arm,y\n\xff\xfe\x00\x81,1\n", {}, UnreadableFile, "UTF-8"),
        (b"\x00\x00\x00", {}, BusinessError, "arm"),
    ],
)
def test_a_file_or_question_that_cannot_work_is_refused_by_name(csv, changes, refusal, word):
    with pytest.raises(refusal, match=word):
        review(csv, **changes)


def test_every_form_of_a_table_gives_the_same_numbers(tmp_path: Path):
    table = people(90).with_columns(pl.col("arm").replace({"a": "0", "b": "1", "c": "2"}), pl.col("y").round(3))
    comma = table.write_csv()
    book = openpyxl.Workbook()
    for line in [table.columns, *table.with_columns(pl.col("arm").cast(pl.Int64)).rows()]:
        book.active.append(line)
    book.save(tmp_path / "x.xlsx")
    forms = [
        gzip.compress(comma.encode()),
        b"\xef\xbb\xbf" + comma.encode(),
        comma.replace(",", ";").encode(),
        comma.replace(",", "\t").replace("\n", "\r\n").encode(),
        (tmp_path / "x.xlsx").read_bytes(),
    ]

    first = review(comma, control="0", covariates=["before"])

    for form in forms:
        found = review(form, control="0", covariates=["before"])
        lifts = [arm["outcomes"]["y"]["lift"] for arm in found["arms"][1:]]
        assert lifts == pytest.approx([arm["outcomes"]["y"]["lift"] for arm in first["arms"][1:]])
        assert [arm["name"] for arm in found["arms"]] == ["0", "1", "2"]


def test_a_spreadsheet_saved_in_chinese_is_read():
    found = review(
        "分组,金额\n对照,1\n对照,2\n发送,3\n发送,5\n".encode("gb18030"), arm="分组", control="对照", outcomes=["金额"]
    )

    assert found["arms"][1]["name"] == "发送"


def test_the_verb_prints_one_document_and_makes_no_folder(tmp_path: Path):
    people().write_csv(tmp_path / "p.csv")
    asked = ["p.csv", "--arm", "arm", "--control", "a", "--outcomes", "y,bought", "--before", "before=y"]

    done = run(
        *asked, "--covariates", "before", "--shares", "a=1,b=1,c=1", "--json", "--html", "o.html", folder=tmp_path
    )

    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["verdict"]) == {"y", "bought"}
    assert {path.name for path in tmp_path.iterdir()} == {"p.csv", "o.html"}
    page = (tmp_path / "o.html").read_text()
    assert "<svg" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page


def test_the_verb_refuses_in_one_line_with_status_two(tmp_path: Path):
    (tmp_path / "p.csv").write_text("arm,y\na,1\nb,2\n")

    for wrong in (
        ["p.csv", "--arm", "nobody", "--control", "a", "--outcomes", "y"],
        ["none.csv", "--arm", "arm", "--control", "a", "--outcomes", "y"],
        ["p.csv", "--arm", "arm", "--control", "a", "--outcomes", "y", "--shares", "a=x"],
        ["p.csv", "--arm", "arm", "--control", "a", "--outcomes", "y", "--before", "x"],
    ):
        done = run(*wrong, folder=tmp_path)
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1
        assert not done.stdout


def test_names_from_a_file_cannot_become_markup():
    from homeground.insights.review.page import page

    csv = "arm,<img src=x>\n<script>alert(1)</script>,1\n<script>alert(1)</script>,2\nb,2\nb,4\n"
    asked = question(control="<script>alert(1)</script>", outcomes=["<img src=x>"])

    made = page(review_content(csv.encode(), "<b>.csv", asked, 10**7), "<b>.csv")

    assert "<script" not in made
    assert "<img" not in made
