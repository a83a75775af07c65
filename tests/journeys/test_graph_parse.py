import json
from pathlib import Path

import jsonschema
import pytest

from homeground.journeys.errors import DraftRefused, GraphRefused
from homeground.journeys.graph.parse import document_of, parse, read
from homeground.journeys.graph.schema import schema, schema_text
from tests.journeys.graphs import graph, send, wait

DOCS = Path(__file__).parents[2] / "docs"
EVERY_KIND = graph(
    {
        "send": send("task", weak_channel="email", urgency=3, value_minor=500, valid_days=2),
        "task": {"kind": "task", "name": "打电话", "title": "回访", "how": "问问近况", "next": "tag"},
        "tag": {"kind": "tag", "name": "标签", "add": ["回访过"], "remove": ["待回访"], "next": "attribute"},
        "attribute": {"kind": "attribute", "name": "属性", "attribute": "vip", "value": True, "next": "points"},
        "points": {
            "kind": "points",
            "name": "积分",
            "points": 50,
            "reason": "生日",
            "expires_days": 90,
            "next": "coupon",
        },
        "coupon": {"kind": "coupon", "name": "券", "coupon": 1, "next": "invite"},
        "invite": {"kind": "invite", "name": "进群", "door": 1, "next": "webhook"},
        "webhook": {"kind": "webhook", "name": "通知", "url": "https://shop.example.com/hook", "next": "wait"},
        "wait": wait("until"),
        "until": {"kind": "wait_until", "name": "早上", "time": "09:30", "weekdays": [1, 5], "next": "event"},
        "event": {
            "kind": "wait_event",
            "name": "等下单",
            "event": "commerce.order_paid",
            "where": [{"property": "amount_minor", "is": {"at_least": 10000}}],
            "at_most": {"days": 3},
            "next": "date",
            "otherwise": "branch",
        },
        "date": {
            "kind": "wait_date",
            "name": "生日前",
            "attribute": "birthday",
            "yearly": True,
            "lead_days": 3,
            "next": "branch",
            "otherwise": None,
        },
        "branch": {
            "kind": "branch",
            "name": "分情形",
            "ways": [{"name": "会员", "rule": {"all": [{"tag": ["vip"]}, {"not": {"segment": "s"}}]}, "next": "split"}],
            "otherwise": "outcome",
        },
        "split": {
            "kind": "split",
            "name": "一半",
            "ways": [
                {"name": "甲", "share_bp": 5000, "next": "outcome"},
                {"name": "乙", "share_bp": 5000, "next": "channel"},
            ],
        },
        "channel": {
            "kind": "channel",
            "name": "走哪个渠道",
            "ways": [{"channel": "phone", "next": "outcome"}, {"channel": "email", "next": None}],
            "answered_first": True,
            "otherwise": "outcome",
        },
        "outcome": {
            "kind": "outcome",
            "name": "看了吗",
            "of": "send",
            "was": "opened",
            "next": "over",
            "otherwise": None,
        },
        "over": {"kind": "handover", "name": "转走", "journey": "care"},
    },
    entries=[
        {"by": "segment", "segment": "vip", "has_existing": True},
        {"by": "event", "event": "signed_up", "where": [], "key": "order_no"},
        {"by": "date", "attribute": "birthday", "yearly": True, "lead_days": 7, "segment": "vip"},
        {"by": "schedule", "segment": "vip", "weekday": 1},
        {"by": "hand"},
    ],
    again={"when": "after_days", "days": 30, "at_once": 2},
    goal={"event": "commerce.order_paid"},
    exits=[{"segment": "gone"}, {"event": "complained"}],
)


def refused(document):
    with pytest.raises(GraphRefused) as refusal:
        parse(document)
    return [(one.node, one.field, one.text) for one in refusal.value.problems]


def test_every_kind_of_node_and_entry_is_read_and_written_back():
    found = parse(EVERY_KIND)

    assert parse(document_of(found)) == found
    assert {step.kind for step in found.nodes.values()} == {step["kind"] for step in EVERY_KIND["nodes"].values()}


def test_a_field_that_does_not_fit_is_named_with_its_node():
    nodes = {
        "a": send("b", urgency=9),
        "b": wait(span={"days": -1}),
        "c": {"kind": "wait_until", "name": "早", "next": None},
    }

    assert refused(graph(nodes)) == [
        ("a", "urgency", "最多为 3"),
        ("b", "span.days", "至少为 0"),
        ("c", "time", "缺少这一项"),
    ]


def test_the_sentence_of_a_refusal_names_the_node_as_people_call_it():
    with pytest.raises(GraphRefused, match=r"节点 “等一天”（a）：span\.days：至少为 0"):
        parse(graph({"a": wait(span={"days": -1})}))


@pytest.mark.parametrize("time", ["24:00", "09:60", "9:00", "0٣:00", "09:30\n"])
def test_times_that_no_clock_shows_are_refused(time):
    node = {"kind": "wait_until", "name": "夜", "time": time, "next": None}

    assert refused(graph({"a": node})) == [("a", "time", "格式不对")]


def test_unknown_nodes_entries_and_fields_are_named():
    nodes = {"a": {"kind": "teleport", "name": "x"}, "b": wait(speed=3)}
    problems = refused(graph(nodes, entries=[{"by": "magic"}]))

    assert problems == [
        ("", "entries[0]", "不认识的节点、入口或比较方式"),
        ("a", "", "不认识的节点、入口或比较方式"),
        ("b", "speed", "不认识的字段"),
    ]


def test_a_rule_of_a_branch_is_refused_at_its_place_in_the_words_of_segments():
    ways = [{"name": "一", "rule": {"all": [{"tag": []}]}, "next": None}]
    problems = refused(graph({"b": {"kind": "branch", "name": "分", "ways": ways, "otherwise": None}}))

    assert problems == [("b", "ways[0].rule.all[0].tag", "至少要有一项")]


def test_a_rule_that_is_too_deep_is_refused():
    rule = {"tag": ["a"]}
    for _level in range(9):
        rule = {"not": rule}
    ways = [{"name": "一", "rule": rule, "next": None}]
    ((node, field, text),) = refused(graph({"b": {"kind": "branch", "name": "分", "ways": ways, "otherwise": None}}))

    assert (node, field.startswith("ways[0].rule.not")) == ("b", True)
    assert "嵌套超过 8 层" in text


def test_a_sign_is_judged_as_what_it_is_meant_to_be():
    assert refused(graph({"a": wait()}, goal={"segment": "s", "where": []})) == [("", "goal.where", "不认识的字段")]
    assert refused(graph({"a": wait()}, exits=[{}])) == [("", "exits[0].event", "缺少这一项")]


def test_ids_of_nodes_are_plain():
    ((node, _field, _text),) = refused(
        graph({"A b": wait()}, variants=[{"name": "A", "share_bp": 10000, "start": "a"}])
    )

    assert node == "A b"


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "text",
        {"nodes": {"a": {"name": "\x00"}}},
        {"nodes": float("nan")},
        {"nodes": "\ud800"},
        {"nodes": "x" * 300_000},
    ],
)
def test_what_cannot_even_be_kept_is_no_draft(document):
    with pytest.raises(DraftRefused):
        parse(document)


def test_a_document_without_end_is_refused_before_it_is_read():
    deep: object = "end"
    for _level in range(100_000):
        deep = [deep]

    with pytest.raises(DraftRefused, match="嵌套"):
        parse({"nodes": deep})


def test_more_than_two_hundred_nodes_are_refused():
    assert refused(graph({f"n{at}": wait() for at in range(201)})) == [("", "nodes", "最多为 200")]


def test_text_that_is_not_json_is_refused():
    for text in ("{", b"\xff", "[" * 100_000):
        with pytest.raises(DraftRefused):
            read(text)
    assert read('{"a": 1}') == {"a": 1}


def test_the_published_schema_is_the_one_in_force():
    assert (DOCS / "journey.schema.json").read_text() == schema_text(), "run `make docs`"


def test_graphs_that_are_read_fit_the_published_schema():
    validator = jsonschema.Draft202012Validator(schema())

    validator.validate(EVERY_KIND)
    validator.validate(json.loads(json.dumps(document_of(parse(EVERY_KIND)))))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(graph({"a": wait(span={"days": -1})}))
