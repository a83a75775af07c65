import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from homeground.playbooks.errors import NoSuchPack, PackRefused
from homeground.playbooks.metrics import METRICS
from homeground.playbooks.pack.reading import FOLDER, pack_from, pack_in, pack_of, packs, read
from homeground.playbooks.pack.schema import schema, schema_text

SLUGS = [
    "big-decision", "business", "urgent-expert", "daily-care", "yearly-need", "compare-trust", "everyday",
]  # fmt: skip
DOCUMENT = json.loads((FOLDER / "6-everyday.json").read_text())


def changed(path: str, value: Any) -> Any:
    """The document of a pack with one field other. value None: without it."""
    document = copy.deepcopy(DOCUMENT)
    *way, last = path.split("/")
    place = document
    for step in way:
        place = place[int(step) if step.isdecimal() else step]
    if value is None:
        del place[last]
    else:
        place[int(last) if last.isdecimal() else last] = value
    return document


def test_there_are_six_types_and_one_for_businesses():
    found = packs()

    assert [pack.slug for pack in found] == SLUGS
    combinations = {(one.fit.price, one.fit.cycle, one.fit.frequency) for one in found}
    assert len(combinations) == 6


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_pack_is_whole_and_fits_the_published_schema(path):
    jsonschema.validate(json.loads(path.read_text()), schema())
    pack = read(path)

    for journey in pack.journeys.values():
        assert 4 <= len(journey.graph["nodes"]) <= 14
        assert journey.graph["exits"], "every journey lets out who complains or refuses"
    assert pack.need in pack.segments
    assert len(pack.off_limits) >= 5
    assert len(pack.lacks) >= 1


def test_the_published_schema_is_the_one_that_is_used():
    published = Path(__file__).parents[2] / "docs" / "playbook.schema.json"

    assert published.read_text() == schema_text()


def test_the_everyday_pack_has_exactly_the_three_metrics_of_its_type():
    metrics = [kpi.metric for kpi in pack_of("everyday").kpis]

    assert metrics == ["participation", "repurchase", "popularity"]
    assert [str(METRICS[one].label) for one in metrics] == ["活动参与率", "复购率", "产品受欢迎度"]


def test_a_tenth_of_the_fans_is_expected_to_come_in_where_experts_are_sought():
    (kpi,) = [kpi for kpi in pack_of("urgent-expert").kpis if kpi.metric == "consult-entry"]

    assert kpi.expected == 0.1


def test_no_pack_pretends_that_points_coupons_or_commission_exist():
    for pack in packs():
        kinds = {step["kind"] for journey in pack.journeys.values() for step in journey.graph["nodes"].values()}
        assert not kinds & {"points", "coupon", "commission"}
        assert all("还没有" in lack.needs.zh or "接进来" in lack.needs.zh for lack in pack.lacks)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("version", 0, "version"),
        ("version", "1", "version"),
        ("name", {"zh": "日常"}, "name.en"),
        ("extra", 1, "extra"),
        ("fit/price", "dear", "fit.price"),
        ("summary/en", "", "summary.en"),
        ("need", "nobody", "need"),
        ("kpis/0/metric", "clicks", "kpis[0].metric"),
        ("segments/wants/rule", {"segment": "nobody"}, "segments.wants.rule.segment"),
        ("segments/quiet/rule", {"orders": "many"}, "segments.quiet.rule.orders"),
        ("journeys/rhythm/graph/nodes/weather/message", "nothing", "journeys.rhythm.graph.nodes.weather.message"),
        ("journeys/rhythm/graph/nodes/weather/next", "nowhere", "journeys.rhythm.graph.nodes.weather.next"),
        ("journeys/rhythm/graph/nodes/weather/urgency", 9, "journeys.rhythm.graph.nodes.weather.urgency"),
        ("journeys/rhythm/graph/nodes", None, "journeys.rhythm.graph"),
        ("replies/open/title/zh", "长" * 61, "replies.open.title.zh"),
        ("suitability/service/few", 9.0, "suitability.service.few"),
        ("feed/max_per_day", 0, "feed.max_per_day"),
        ("off_limits", [], "off_limits"),
    ],
)
def test_a_faulty_pack_is_refused_with_the_file_and_the_field(path, value, field):
    with pytest.raises(PackRefused) as refusal:
        pack_from(changed(path, value), "mine.json")

    assert refusal.value.field == field
    assert str(refusal.value).startswith("mine.json")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"null", b"{", b'{"slug": NaN}', b"[" * 5000])
def test_what_is_no_json_object_is_refused(content):
    with pytest.raises(PackRefused):
        pack_in(content, "mine.json")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PackRefused, match=r"mine\.json"):
        read(tmp_path / "mine.json")
    with pytest.raises(NoSuchPack):
        pack_of("nobody")
