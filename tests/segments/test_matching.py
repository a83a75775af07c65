"""A rule asked of a few gives what the plain evaluation gives for those few, and what was changed a moment ago."""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from homeground.events import warehouse
from homeground.events.catalog.commerce import OrderPaid
from homeground.events.services import record
from homeground.people.models import Stale
from homeground.people.services import merge, tag
from homeground.segments.compiler import compile_rule
from homeground.segments.errors import RuleRefused
from homeground.segments.rules.parse import parse
from homeground.segments.services import create, matching
from tests.segments.people import AT, TAGGED, in_step, make_customers
from tests.segments.test_compiler_against_naive import LIST, dictionary_of
from tests.segments.worlds import maker, write
from tests.support import drain

WORLDS = int(os.environ.get("SEGMENT_WORLDS", "20"))
BOUGHT = {"orders": "count", "is": {"at_least": 1}}


@settings(
    max_examples=WORLDS, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.integers(0, 2**63))
def test_a_few_get_the_answer_that_they_get_among_all(seed):
    make = maker(seed)
    world = make.world()
    write(world, LIST)
    roots = sorted({person.into for person in world.people})
    asked = set(make.some(roots, len(roots)))
    few = {person.id: person.into for person in world.people if person.into in asked}
    for _ in range(15):
        rule = make.rule()
        statement = compile_rule(parse(rule), world.at, dictionary_of(world), few)
        found = warehouse.client().query(statement.sql, parameters=statement.params).result_rows
        assert sorted(row[0] for row in found) == [one for one in world.answer(rule) if one in asked], (rule, world)


@pytest.mark.django_db
def test_those_for_whom_it_holds_are_told_from_the_others():
    ids = make_customers(5, tagged=[0, 3])

    assert matching(TAGGED, ids[:4], AT) == {ids[0], ids[3]}
    assert matching(parse(TAGGED), ids[1:], AT) == {ids[3]}
    assert matching({"not": TAGGED}, [*ids, 10**9], AT) == {ids[1], ids[2], ids[4]}
    assert matching(TAGGED, [], AT) == set()


@pytest.mark.django_db(transaction=True)
def test_an_id_that_was_merged_away_answers_as_who_it_is_now():
    ids = make_customers(3)
    record(
        OrderPaid(customer_id=ids[1], order_no="1", amount_minor=1, currency="CNY", items=1, skus=[], happened_at=AT)
    )
    drain()
    merge(ids[0], ids[1], {"by": "test"})

    assert matching(BOUGHT, ids, AT) == {ids[0], ids[1]}
    assert matching(BOUGHT, [ids[1]], AT - timedelta(days=1)) == set()


@pytest.mark.django_db(transaction=True)
def test_a_tag_of_a_moment_ago_counts_before_the_worker_came():
    ids = make_customers(3)
    tag(ids[:1], "高客单", "manual", "test")

    assert Stale.objects.exists()
    assert matching(TAGGED, ids, AT) == {ids[0]}


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_nothing_in_the_warehouse():
    ids = make_customers(3)
    tag(ids[:1], "高客单", "manual", "test")
    with transaction.atomic():
        tag(ids[1:2], "高客单", "manual", "test")
        assert matching(TAGGED, ids, AT) == {ids[0]}
        transaction.set_rollback(True)
    in_step()

    assert matching(TAGGED, ids, AT) == {ids[0]}


@pytest.mark.django_db
def test_it_looks_into_other_segments_and_refuses_what_is_no_rule():
    ids = make_customers(3, tagged=[2])
    create(slug="vip", name="vip", rule=TAGGED)

    assert matching({"not": {"segment": "vip"}}, ids, AT) == set(ids[:2])
    with pytest.raises(RuleRefused, match="segment"):
        matching({"segment": "nobody"}, ids, AT)
