"""The compiled statement and the plain evaluation agree on every rule of every world that hypothesis thinks of."""

import os

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from homeground.events import warehouse
from homeground.segments.compiler import compile_rule
from homeground.segments.rules.check import check
from homeground.segments.rules.dictionary import Dictionary, Known, StaticList
from homeground.segments.rules.parse import document_of, parse
from tests.segments.naive import World
from tests.segments.worlds import rules, worlds, write

LIST = 7
EXAMPLES = int(os.environ.get("SEGMENT_WORLDS", "60"))  # Worlds; each is asked up to 25 rules.


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(), st.lists(rules(), min_size=12, max_size=25))
def test_every_rule_gives_the_customers_that_the_plain_evaluation_gives(world, asked):
    write(world, LIST)
    dictionary = dictionary_of(world)
    for rule in asked:
        note(f"{rule}")
        assert compiled_answer(rule, world, dictionary) == world.answer(rule), rule


def compiled_answer(rule: dict, world: World, dictionary: Dictionary) -> list[int]:
    node = parse(rule)
    check(node, dictionary)
    assert parse(document_of(node)) == node
    statement = compile_rule(node, world.at, dictionary)
    found = warehouse.client().query(statement.sql, parameters=statement.params).result_rows
    return sorted(row[0] for row in found)


def dictionary_of(world: World) -> Dictionary:
    inside = {
        slug: parse(inside) if isinstance(inside, dict) else StaticList(LIST, 1)
        for slug, inside in world.segments.items()
    }
    attributes = {key: Known(kind) for key, kind in world.kinds.items()}
    return Dictionary(world.zone, world.currency, 2, attributes, inside)
