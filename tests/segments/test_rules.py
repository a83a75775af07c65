import json
from pathlib import Path

import jsonschema
import pytest

from homeground.segments.errors import RuleRefused, SegmentCycle
from homeground.segments.rules.check import check
from homeground.segments.rules.dictionary import Dictionary, Known, StaticList
from homeground.segments.rules.parse import document_of, parse, read
from homeground.segments.rules.schema import schema, schema_text
from tests.segments.worlds import maker

DOCS = Path(__file__).parents[2] / "docs"
KNOWN = {
    "city": Known("text"),
    "age": Known("number"),
    "birthday": Known("date"),
    "vip": Known("flag"),
    "id_card": Known("text", is_personal=True),
}
DICTIONARY = Dictionary("Asia/Shanghai", "CNY", 2, KNOWN, {"listed": StaticList(1, 1)})


def refused(rule: object) -> str:
    """The path at which a rule is refused."""
    with pytest.raises(RuleRefused) as refusal:
        check(parse(rule), DICTIONARY)
    assert str(refusal.value)
    return refusal.value.path


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("everyone", ""),
        (None, ""),
        ({}, ""),
        ({"everyone": True}, ""),
        ({"all": {}}, "all"),
        ({"all": [{"any": [{"tag": "VIP"}]}]}, "all[0].any[0].tag"),
        ({"all": [{"tag": ["a"]}, {"any": [{"attribute": "age", "is": {"equals": "三十"}}]}]}, "all[1].any[0].is"),
        ({"not": {"attribute": "age", "is": {"at_least": "30"}}}, "not.is.at_least"),
        ({"attribute": "shoe", "is": {"equals": 1}}, "attribute"),
        ({"attribute": "id_card", "is": {"is_set": True}}, "attribute"),
        ({"attribute": "city", "is": {"greater": 3}}, "is"),
        ({"attribute": "vip", "is": {"equals": "yes"}}, "is"),
        ({"attribute": "birthday", "is": {"equals": "2026-02-30"}}, "is"),
        ({"attribute": "birthday", "is": {"before": "2026-02-30"}}, "is.before"),
        ({"attribute": "birthday", "is": {"between": ["2026-02-02", "2026-02-01"]}}, "is.between"),
        ({"attribute": "age", "is": {"between": [2, 1]}}, "is.between"),
        ({"attribute": "age", "is": {"between": [2]}}, "is.between[1]"),
        ({"attribute": "age", "is": {"equals": 1, "less": 3}}, "is.less"),
        ({"attribute": "age", "is": {"about": 3}}, "is"),
        ({"attribute": "age", "is": {"less": 1e300}}, "is.less"),
        ({"attribute": "age", "is": {"less": float("nan")}}, "is.less"),
        ({"attribute": "age"}, "is"),
        ({"tag": []}, "tag"),
        ({"tag": [""]}, "tag[0]"),
        ({"tag": ["a\x00"]}, "tag[0]"),
        ({"tag": ["a"], "or": 1}, "or"),
        ({"relation": ["friends"]}, "relation[0]"),
        ({"consent": "promotion", "channel": "a:b", "is": "granted"}, "channel"),
        ({"created": {"last_days": 0}}, "created.last_days"),
        ({"created": {"between": ["2026-02-02", "2026-02-01"]}}, "created.between"),
        ({"orders": "count", "is": {"before": "2026-01-01"}}, "is"),
        ({"orders": "last", "is": {"anniversary_days": 3}}, "is"),
        ({"orders": "count", "is": {"is_set": True}}, "is"),
        ({"orders": "net", "is": {"at_least": 0.001}}, "is"),
        ({"orders": "recency", "within": {"last_days": 3}, "is": {"equals": 5}}, "within"),
        ({"event": "a", "measure": "average", "is": {"less": 1}}, "measure"),
        ({"event": "a", "measure": {"sum": "n"}}, "is"),
        ({"event": "a", "measure": "first", "is": {"less": 1}}, "is"),
        ({"event": "a", "is": {"roughly": 3}}, "is"),
        ({"event": "a", "where": [{"property": "p", "is": {"after": "2026-01-01"}}]}, "where[0].is"),
        ({"event": "a", "is": {"equals": 1}, "then": {"event": "b", "within_days": 1}}, "then"),
        ({"event": "a", "then": {"event": "b"}}, "then.within_days"),
        ({"segment": "nowhere"}, "segment"),
    ],
)
def test_a_wrong_rule_is_refused_with_the_path_of_its_node(rule, path):
    assert refused(rule) == path


def test_a_rule_may_be_eight_levels_deep_and_no_deeper():
    rule = {"tag": ["a"]}
    for _ in range(7):
        rule = {"not": rule}
    check(parse(rule), DICTIONARY)

    assert refused({"not": rule}) == ".".join(["not"] * 8)


def test_a_rule_may_have_two_hundred_nodes_and_no_more():
    check(parse({"all": [{"tag": ["a"]}] * 199}), DICTIONARY)

    assert refused({"all": [{"tag": ["a"]}] * 200}).startswith("all[")


def test_a_bomb_of_brackets_is_refused():
    with pytest.raises(RuleRefused):
        parse(read('{"not":' * 100_000 + "1" + "}" * 100_000))
    with pytest.raises(RuleRefused):
        read(b"\xff\xfe{}")


def test_a_segment_inside_itself_is_refused_with_the_way_round():
    dictionary = Dictionary("UTC", "CNY", 2, {}, {"b": parse({"segment": "c"}), "c": parse({"not": {"segment": "a"}})})

    with pytest.raises(SegmentCycle, match="a → b → c → a"):
        check(parse({"segment": "b"}), dictionary, slug="a")


def test_segments_that_multiply_are_refused():
    many = {f"s{level}": parse({"all": [{"segment": f"s{level + 1}"}] * 10}) for level in range(5)}
    dictionary = Dictionary("UTC", "CNY", 2, {}, {**many, "s5": StaticList(1, 1)})

    with pytest.raises(RuleRefused):
        check(parse({"segment": "s0"}), dictionary)


def test_the_published_schema_is_the_one_in_force():
    assert (DOCS / "segment.schema.json").read_text() == schema_text(), "run `make docs`"


def test_rules_that_are_read_fit_the_published_schema():
    validator = jsonschema.Draft202012Validator(schema())
    for seed in range(200):
        rule = maker(seed).rule()
        validator.validate(rule)
        assert parse(document_of(parse(rule))) == parse(rule)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"all": [{"event": "a", "measure": "average"}]})


def test_every_example_of_the_manual_is_a_rule():
    examples = [block.split("```")[0] for block in (DOCS / "segments.md").read_text().split("```json\n")[1:]]

    assert len(examples) >= 10
    for example in examples:
        parse(json.loads(example))
