import copy
import json
import re
from collections.abc import Iterator
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


def texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every pair of texts, Chinese and English."""
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        if isinstance(value["zh"], str):
            yield value["zh"], value["en"]
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def ways(graph: dict[str, Any], need: str) -> Iterator[tuple[str, bool]]:
    """Every node on every way from the start, and whether a branch on the need was passed before it."""
    open_ways, seen = [(graph["start"], False)], set()
    while open_ways:
        node, gated = open_ways.pop()
        if node is None or (node, gated) in seen:
            continue
        seen.add((node, gated))
        yield node, gated
        step = graph["nodes"][node]
        for way in step.get("ways", []):
            open_ways.append((way["next"], gated or way["rule"] == {"segment": need}))
        open_ways += [(step[name], gated) for name in ("next", "otherwise") if name in step]


@pytest.mark.parametrize("slug", SLUGS)
def test_nobody_without_need_gets_a_promotion_of_a_pack(slug):
    pack = pack_of(slug)
    for journey in pack.journeys.values():
        for node, gated in ways(journey.graph, str(pack.need)):
            step = journey.graph["nodes"][node]
            if step["kind"] == "message" and pack.messages[step["message"]].is_promotion:
                assert gated, f"{journey.name.zh}: {node}"
    if any(message.is_promotion for message in pack.messages.values()):
        assert any(one.kept_by == "need" for one in pack.off_limits)


@pytest.mark.parametrize("slug", SLUGS)
def test_who_complains_or_leaves_us_is_let_out_of_every_journey(slug):
    for journey in pack_of(slug).journeys.values():
        events = {sign["event"] for sign in journey.graph["exits"]}
        assert {"wecom.friend_removed_by_customer", "service.ticket_opened"} <= events


@pytest.mark.parametrize("slug", SLUGS)
def test_the_words_of_a_pack_are_whole_and_lawful(slug):
    document = pack_of(slug).model_dump(mode="json")
    sent = {part: document[part] for part in ("messages", "posts", "replies")}

    for zh, en in texts(document):
        assert re.search(r"[\u4e00-\u9fff]", zh) or not re.search("[a-z]", zh), zh
        assert not re.search(r"[\u4e00-\u9fff]", en), en
        assert zh.count("{{") == en.count("{{"), zh
    for zh, _en in texts(sent):
        assert not re.search(
            "最好|最佳|最有效|第一名|全国第|顶级|国家级|独一无二|包治|根治|百分百|转发.{0,6}(得|领|送|换)|集赞", zh
        ), zh
    for zh, en in texts({part: document[part] for part in ("messages", "posts", "persona")}):
        told = re.search(r"\d+ ?(年|位|家|户|人)", zh)
        assert not told or "____" in zh, f"a fact of somebody: {zh}"
        assert ("____" in zh) == ("____" in en), zh


def test_the_yearly_pack_asks_a_month_ahead_by_text_only_with_consent_and_only_twice():
    pack = pack_of("yearly-need")
    graph = pack.journeys["year-round"].graph
    texting = [key for key, step in graph["nodes"].items() if step["kind"] == "message"]

    assert graph["entries"][0] | {"segment": ""} == {
        "by": "date", "attribute": "next_order_on", "lead_days": 30, "time": "10:00", "segment": "",
    }  # fmt: skip
    assert len(texting) == 2
    assert pack.segments["may-text"].rule == {"consent": "promotion", "channel": "phone", "is": "granted"}
    texts_without = dict(ways(graph, "may-text"))
    assert all(texts_without[node] for node in texting)
    assert all(word in pack.messages["partner"].body.zh for word in ("下单、做完、没退款", "没有下线", "不收任何费用"))


def test_trials_keep_track_of_the_rivals_and_refills_of_the_day_it_runs_out():
    trial = pack_of("compare-trust")
    daily = pack_of("daily-care")

    assert {"rivals", "trial_on"} <= trial.attributes.keys()
    assert "两三家" in trial.journeys["trial-follow"].graph["nodes"]["before"]["how"]["zh"]
    entries = daily.journeys["replenish"].graph["entries"]
    assert [entry["attribute"] for entry in entries] == ["runs_out_on", "next_order_on"]
    assert "《广告法》第十七、十八条" in daily.journeys["keepers"].graph["nodes"]["four-gates"]["how"]["zh"]


def test_no_pack_pretends_that_commission_exists_and_what_it_gives_is_given_by_its_own_coupons():
    for pack in packs():
        steps = [step for journey in pack.journeys.values() for step in journey.graph["nodes"].values()]
        assert not [step for step in steps if step["kind"] == "commission"]
        assert {step["coupon"] for step in steps if step["kind"] == "coupon"} == pack.coupons.keys()
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
        ("journeys/joint/graph/nodes/voucher/coupon", "none", "journeys.joint.graph.nodes.voucher.coupon"),
        ("coupons/joint/valid_days", 0, "coupons.joint.valid_days"),
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
