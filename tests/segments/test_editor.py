"""The rule editor in a real browser: it can make whatever the rule language has, and leaves alone what none touched."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from django.urls import reverse

from homeground.people.models import Attribute, Consent, Identity, Relation
from homeground.segments.errors import RuleRefused
from homeground.segments.queries import vocabulary
from homeground.segments.rules import nodes
from homeground.segments.rules.check import check
from homeground.segments.rules.comparisons import Comparison, Part, Window
from homeground.segments.rules.dictionary import Dictionary, Known, StaticList
from homeground.segments.rules.parse import DEEPEST, document_of, parse
from homeground.segments.rules.schema import schema
from homeground.segments.services import create
from tests.segments.people import TAGGED, make_customers
from tests.segments.worlds import KINDS, maker

DICTIONARY = Dictionary(
    "Asia/Shanghai", "CNY", 2, {key: Known(kind) for key, kind in KINDS.items()}, {"listed": StaticList(1, 1)}
)
VALUES = [
    *(1, "a", True, False, "2026-01-01", [1], ["a"], [1, 2], ["2026-01-01", "2026-01-02"]),
]
GROUPS = {"all", "any", "not"}
SCRIPT = Path(__file__).parent / "editor.js"


def keys_of(union: Any) -> list[str]:
    """The first keys of the parts of a union, as JSON has them."""
    return [get_args(one)[0].first_key()[0] for one in get_args(get_args(union)[0])]


def fitting_tests(rule: str) -> set[tuple[str, str]]:
    """Every comparison that makes a rule which is not refused: its key, and what it compares.

    rule: JSON with "TEST" where the comparison belongs.
    """
    tests = itertools.product(keys_of(Comparison), VALUES)
    return {
        (key, kind_of(value))
        for key, value in tests
        if is_rule(json.loads(rule.replace('"TEST"', json.dumps({key: value}))))
    }


def is_rule(rule: Any) -> bool:
    try:
        check(parse(rule), DICTIONARY)
    except RuleRefused:
        return False
    return True


def kind_of(value: Any) -> str:
    one = value[0] if isinstance(value, list) else value
    if isinstance(one, bool):
        return f"flag {one}"
    return type(one).__name__.replace("float", "int")


def wanted() -> set[tuple[str, ...]]:
    """What the language can say, read from the language itself."""
    found: set[tuple[str, ...]] = {("kind", one.first_key()[0]) for one in nodes._NODES} - {
        ("kind", key) for key in GROUPS
    }
    for attribute in KINDS:
        rule = {"attribute": attribute, "is": "TEST"}
        found |= {("attribute", attribute, *test) for test in fitting_tests(json.dumps(rule))}
    for fact in get_args(nodes.OrdersAre.model_fields["orders"].annotation):
        found |= {("orders", fact, *test) for test in fitting_tests(json.dumps({"orders": fact, "is": "TEST"}))}
    for measure in ["count", "first", "last", {"sum": "n"}, {"min": "n"}, {"max": "n"}]:
        rule = {"event": "shared", "measure": measure, "is": "TEST"}
        found |= {("event", named(measure), *test) for test in fitting_tests(json.dumps(rule))}
    where = [{"property": "n", "is": "TEST"}]
    then = {"event": "viewed", "where": where, "within_days": 1}
    found |= {("where", *test) for test in fitting_tests(json.dumps({"event": "shared", "where": where}))}
    found |= {("then.where", *test) for test in fitting_tests(json.dumps({"event": "shared", "then": then}))}
    found |= {("window", *one) for one in itertools.product(("created", "bought", "event", "count"), keys_of(Window))}
    return found | {("window", key, "") for key in ("bought", "event", "count")} | {("event", "did"), ("event", "then")}


def named(measure: Any) -> str:
    return measure if isinstance(measure, str) else str(next(iter(measure)))


def made(leaf: Any) -> Iterator[tuple[str, ...]]:
    """What one condition says, in the same words."""
    kind = next(key for key in ({one.first_key()[0] for one in nodes._NODES} - GROUPS) if key in leaf)
    yield ("kind", kind)
    if kind == "attribute":
        yield ("attribute", leaf["attribute"], *said(leaf["is"]))
    if kind == "orders":
        yield ("orders", leaf["orders"], *said(leaf["is"]))
    if kind == "event":
        yield from made_event(leaf)
    named = leaf["orders"] if kind == "orders" else kind
    window = leaf.get("created") or leaf.get("within")
    yield ("window", named, next(iter(window)) if window else "")


def made_event(leaf: Any) -> Iterator[tuple[str, ...]]:
    measure = named(leaf.get("measure", "count"))
    yield ("event", measure, *said(leaf["is"])) if "is" in leaf else ("event", "then" if "then" in leaf else "did")
    yield from (("where", *said(one["is"])) for one in leaf.get("where", []))
    yield from (("then.where", *said(one["is"])) for one in leaf.get("then", {}).get("where", []))


def said(test: dict[str, Any]) -> tuple[str, str]:
    ((key, value),) = test.items()
    return key, kind_of(value)


def measures() -> set[str]:
    """What may be measured of an event, as the schema says it."""
    words, *parts = schema()["$defs"]["Did"]["properties"]["measure"]["oneOf"]
    return {*words["enum"], *(part["$ref"].rpartition("/")[2].lower() for part in parts)}


@pytest.fixture
def editor(console_page, transactional_db):
    """A page on which window.mounted(rule) gives an editor of its own."""
    make_customers(1)
    for key, kind in KINDS.items():
        Attribute.objects.create(key=key, kind=kind)
    create(slug="listed", name="名单", rule=TAGGED)
    console_page.goto(reverse("segments:new"))
    console_page.wait_for_selector(".rule-editor")
    console_page.evaluate(SCRIPT.read_text())
    return console_page


@pytest.mark.browser
def test_whatever_the_language_can_say_can_be_clicked(editor):
    leaves = [json.loads(one) for one in editor.evaluate("() => window.crawled()")]
    found = {feature for leaf in leaves if is_rule(leaf) for feature in made(leaf)}

    assert len(wanted()) > 120
    assert wanted() - found == set()
    editor.guard.assert_quiet()


@pytest.mark.browser
def test_a_rule_that_nobody_touches_stays_as_it_was_written(editor):
    rules = [document_of(parse(maker(seed).rule())) for seed in range(120)]
    rules += [TAGGED, {"not": TAGGED}, {"not": {"not": TAGGED}}, {"not": {"not": {"not": {"any": []}}}}, {"any": []}]
    rules.append(deepest())

    for rule, (quiet, more, again) in zip(
        rules, editor.evaluate("(rules) => window.rounded(rules)", rules), strict=True
    ):
        assert quiet == 0, rule
        assert again == rule
        key = "any" if "any" in rule else "all"
        assert more == {key: [*rule.get(key, [rule] if not GROUPS & rule.keys() - {"not"} else []), {"tag": []}]}
    editor.guard.assert_quiet()


def deepest() -> Any:
    rule: Any = TAGGED
    for level in range(DEEPEST - 1):
        rule = {"all": [rule]} if level % 2 else {"any": [rule]}
    parse(rule)
    return rule


@pytest.mark.django_db
def test_every_fixed_word_of_the_language_is_offered():
    offered = vocabulary()

    assert [one["value"] for one in offered.relations] == Relation.values
    assert [one["value"] for one in offered.identities] == Identity.Kind.values
    assert [one["value"] for one in offered.purposes] == Consent.Purpose.values
    assert {"phone", "email", "*"} <= {one["value"] for one in offered.channels}
    assert [one["value"] for one in offered.months] == list(range(1, 13))


def test_a_part_that_is_new_to_the_language_is_looked_for():
    parts = {one.first_key()[0] for one in nodes._NODES if issubclass(one, Part)}

    assert parts == {one[1] for one in wanted() if one[0] == "kind"} | GROUPS
    assert measures() == {"count", "first", "last", "sum", "min", "max"}
    assert {("attribute", "birthday", "in_months", "int"), ("where", "is_set", "flag False")} <= wanted()


def rule_of(page: Any) -> Any:
    """The rule as the page would send it."""
    page.get_by_role("button", name="JSON").click()
    rule = json.loads(page.get_by_label("规则 JSON").input_value())
    page.get_by_role("button", name="点选").click()
    return rule


@pytest.mark.browser
def test_rows_move_wrap_and_come_back_by_keys_alone(editor):
    page = editor
    rule = {"all": [TAGGED, {"any": [{"source": ["a"]}]}, {"relation": ["none"]}]}
    page.goto(f"{reverse('segments:new')}?rule={json.dumps(rule)}")
    handles = page.locator(".handle")
    handles.nth(0).focus()

    page.keyboard.press("ArrowRight")  # Into the group below, first.
    assert rule_of(page) == {"all": [{"any": [TAGGED, {"source": ["a"]}]}, {"relation": ["none"]}]}
    handles.nth(1).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")  # Out at the end of the group; the focus went along.
    assert rule_of(page) == {"all": [{"any": [{"source": ["a"]}]}, TAGGED, {"relation": ["none"]}]}
    handles.nth(2).focus()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert rule_of(page) == rule
    page.get_by_role("button", name="重做").click()
    assert rule_of(page)["all"][0] == {"any": [TAGGED, {"source": ["a"]}]}
    page.guard.assert_quiet()


@pytest.mark.browser
def test_rows_are_copied_wrapped_unwrapped_and_dragged(editor):
    page = editor
    page.goto(f"{reverse('segments:new')}?rule={json.dumps({'all': [TAGGED, {'relation': ['none']}]})}")
    page.get_by_role("button", name="复制一份").first.click()
    page.get_by_role("button", name="放进新的条件组").nth(2).click()
    assert rule_of(page) == {"all": [TAGGED, TAGGED, {"any": [{"relation": ["none"]}]}]}
    page.locator(".handle").first.drag_to(page.locator(".rule-group .rule-group .group-foot"))
    assert rule_of(page) == {"all": [TAGGED, {"any": [{"relation": ["none"]}, TAGGED]}]}
    page.get_by_role("button", name="拆开这一组").click()
    assert rule_of(page) == {"all": [TAGGED, {"relation": ["none"]}, TAGGED]}
    page.get_by_role("button", name="删除条件").nth(1).click()
    assert rule_of(page) == {"all": [TAGGED, TAGGED]}
    page.guard.assert_quiet()


@pytest.mark.browser
def test_no_group_goes_deeper_than_a_rule_may(editor):
    page = editor
    page.goto(f"{reverse('segments:new')}?rule={json.dumps(deepest())}")
    page.wait_for_selector(".condition")

    assert page.get_by_role("button", name="放进新的条件组").count() == 0
    assert page.locator(".group-foot").nth(0).get_by_role("button", name="条件组").count() == 0
    assert page.locator(".group-foot").last.get_by_role("button", name="条件组").count() == 1
