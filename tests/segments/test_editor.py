"""The rule editor in a real browser: it can make whatever the rule language has, and leaves alone what nobody touches."""

import itertools
import json
from collections.abc import Iterator
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


def keys_of(union: Any) -> list[str]:
    """The first keys of the parts of a union, as JSON has them."""
    return [get_args(one)[0].first_key()[0] for one in get_args(get_args(union)[0])]


def fitting_tests(rule_of: Any) -> set[tuple[str, str]]:
    """Every comparison that makes a rule which is not refused: its key, and what it compares."""
    found = set()
    for key, value in itertools.product(keys_of(Comparison), VALUES):
        if is_rule(rule_of({key: value})):
            found.add((key, kind_of(value)))
    return found


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
    kinds = {one.first_key()[0] for one in nodes._NODES} - GROUPS
    facts = get_args(nodes.OrdersAre.model_fields["orders"].annotation)
    measures = [
        *get_args(get_args(get_args(get_args(nodes.Measure)[0])[0])[0]),
        *({one: "n"} for one in ("sum", "min", "max")),
    ]
    found: set[tuple[str, ...]] = {("kind", kind) for kind in kinds}
    for attribute in KINDS:
        found |= {
            ("attribute", attribute, *test)
            for test in fitting_tests(lambda test: {"attribute": attribute, "is": test})
        }
    for fact in facts:
        found |= {("orders", fact, *test) for test in fitting_tests(lambda test: {"orders": fact, "is": test})}
    for measure in measures:
        name = measure if isinstance(measure, str) else next(iter(measure))
        rule = lambda test: {"event": "shared", "measure": measure, "is": test}
        found |= {("event", name, *test) for test in fitting_tests(rule)}
    for place in ("where", "then.where"):
        found |= {(place, *test) for test in fitting_tests(lambda test: event_with(place, test))}
    for key, within in itertools.product(("created", "bought", "event", "count"), keys_of(Window)):
        found.add(("window", key, within))
    return found | {("window", key, "") for key in ("bought", "event", "count")} | {("event", "did"), ("event", "then")}


def event_with(place: str, test: Any) -> Any:
    where = [{"property": "n", "is": test}]
    if place == "where":
        return {"event": "shared", "where": where}
    return {"event": "shared", "then": {"event": "viewed", "where": where, "within_days": 1}}


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
    measure = leaf.get("measure", "count")
    name = measure if isinstance(measure, str) else next(iter(measure))
    yield ("event", "then" if "then" in leaf else "did") if "is" not in leaf else ("event", name, *said(leaf["is"]))
    yield from (("where", *said(one["is"])) for one in leaf.get("where", []))
    yield from (("then.where", *said(one["is"])) for one in leaf.get("then", {}).get("where", []))


def said(test: dict[str, Any]) -> tuple[str, str]:
    ((key, value),) = test.items()
    return key, kind_of(value)


MOUNT = """
async () => {
  const { ruleEditor } = await import("/static/segments/editor.js");
  const given = JSON.parse(document.getElementById("builder-data").textContent);
  const Editor = ruleEditor({ ...given, icons: "/static/ui/icons.svg" });
  window.tick = () => new Promise((done) => setTimeout(done));
  window.mounted = (rule) => {
    const place = document.createElement("div");
    document.body.append(place);
    const own = { place, emitted: [], rule };
    const state = Vue.reactive({ rule });
    const app = Vue.createApp({ render: () => Vue.h(Editor, { rule: state.rule, error: null, onChange: (now) => { own.emitted.push(now); own.rule = state.rule = now; } }) });
    app.mount(place);
    own.gone = () => { app.unmount(); place.remove(); };
    return own;
  };
}
"""
ROUND = """
async (rules) => {
  const answers = [];
  for (const rule of rules) {
    const own = window.mounted(rule);
    await window.tick();
    const quiet = own.emitted.length;
    [...own.place.querySelectorAll(".group-foot")].at(-1).querySelector("button").click();
    await window.tick();
    const more = own.emitted.at(-1);
    [...own.place.querySelectorAll(".row-tools button:last-child")].at(-1).click();
    await window.tick();
    answers.push([quiet, more, own.emitted.at(-1)]);
    own.gone();
  }
  return answers;
}
"""
CRAWL = """
async () => {
  const own = window.mounted({ all: [{ tag: [] }] });
  const made = new Set();
  const set = (field, value, name) => { field.value = value; field.dispatchEvent(new Event(name, { bubbles: true })); };
  const row = () => own.place.querySelector(".condition");
  async function filled() {
    await window.tick();
    for (const box of row().querySelectorAll(".chips")) {
      if (box.querySelector('[aria-pressed="true"]')) continue;
      const chip = box.querySelector(".chip"), input = box.querySelector("input");
      if (input) set(input, "1", "change"); else chip.click();
    }
    for (const field of row().querySelectorAll("input.form-control:not(.chip-input)")) if (field.value === "") set(field, "n", "input");
    await window.tick();
    made.add(JSON.stringify(own.rule.all[0]));
  }
  const selects = (within) => [...within().querySelectorAll("select")].filter((one) => !one.dataset.done);
  async function crawled(within, depth, skipped) {
    await filled();
    if (!depth) return;
    for (let at = skipped; at < selects(within).length; at++) {
      for (const value of [...selects(within)[at].options].map((one) => one.value).slice(0, 12)) {
        if (!selects(within)[at]) continue;
        set(selects(within)[at], value, "change");
        await crawled(within, depth - 1, at + 1);
      }
    }
  }
  const press = async (button) => { button.click(); await filled(); };
  const filter = (where) => [...row().querySelectorAll(".filters-of")].at(where).querySelector("button:last-child");
  const kinds = () => row().querySelectorAll("select")[1];
  for (const kind of [...kinds().options].map((one) => one.value)) {
    set(kinds(), kind, "change");
    await crawled(row, kind === "event" ? 2 : 2, 2);
    if (kind !== "event") continue;
    await press([...row().querySelectorAll(".filters-of")][0].lastElementChild);
    await crawled(() => row().querySelector(".filters-of .condition-fields"), 2, 0);
    const measure = [...row().querySelectorAll("select")].find((one) => [...one.options].some((option) => option.value === "then"));
    set(measure, "then", "change");
    await filled();
    await press(row().querySelector(".then-fields .filters-of").lastElementChild);
    await crawled(() => row().querySelector(".then-fields .condition-fields"), 2, 0);
  }
  own.gone();
  return [...made];
}
"""


@pytest.fixture
def editor(console_page, transactional_db):
    """A page on which window.mounted(rule) gives an editor of its own."""
    make_customers(1)
    for key, kind in KINDS.items():
        Attribute.objects.create(key=key, kind=kind)
    create(slug="listed", name="名单", rule=TAGGED)
    console_page.goto(reverse("segments:new"))
    console_page.wait_for_selector(".rule-editor")
    console_page.evaluate(MOUNT)
    return console_page


@pytest.mark.browser
def test_whatever_the_language_can_say_can_be_clicked(editor):
    leaves = [json.loads(one) for one in editor.evaluate(CRAWL)]
    found = {feature for leaf in leaves if is_rule(leaf) for feature in made(leaf)}

    assert len(wanted()) > 120
    assert wanted() - found == set()
    editor.guard.assert_quiet()


@pytest.mark.browser
def test_a_rule_that_nobody_touches_stays_as_it_was_written(editor):
    rules = [document_of(parse(maker(seed).rule())) for seed in range(120)]
    rules += [TAGGED, {"not": TAGGED}, {"not": {"not": TAGGED}}, {"not": {"not": {"not": {"any": []}}}}, {"any": []}]
    rules.append(deepest())

    for rule, (quiet, more, again) in zip(rules, editor.evaluate(ROUND, rules), strict=True):
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

    assert parts == {kind for _, kind, *_ in (one for one in wanted() if one[0] == "kind")} | GROUPS
    assert {("attribute", "birthday", "in_months", "int"), ("where", "is_set", "flag False")} <= wanted()
