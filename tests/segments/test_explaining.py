"""Why a customer belongs or not: every node answers as the plain evaluation does, and says what it knows."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from homeground.events import warehouse
from homeground.events.catalog.commerce import OrderPaid
from homeground.events.services import record
from homeground.people.errors import NoSuchCustomer
from homeground.people.models import Attribute, Customer
from homeground.people.services import AttributeGiven, ConsentDecision, decide_consent, merge, set_attributes
from homeground.segments.compiler import Asked, ask
from homeground.segments.errors import NotYetInWarehouse, RuleRefused
from homeground.segments.rules.parse import document_of, parse
from homeground.segments.services import Explained, create, create_list_from_rule, explain, reasons
from tests.segments.naive import Judge
from tests.segments.people import AT, TAGGED, in_step, make_customers
from tests.segments.test_compiler_against_naive import LIST, dictionary_of
from tests.segments.worlds import maker, write
from tests.support import drain

WORLDS = int(os.environ.get("SEGMENT_WORLDS", "15"))


@settings(
    max_examples=WORLDS, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.integers(0, 2**63))
def test_every_condition_answers_as_the_plain_evaluation_does(seed):
    make = maker(seed)
    world = make.world()
    write(world, LIST)
    person = make.random.choice(world.live())
    few = {one.id: one.into for one in world.people if one.into == person.id}
    for _ in range(15):
        rule = make.rule()
        statement, root = ask(parse(rule), world.at, dictionary_of(world), few)
        told = warehouse.frame(statement.sql, **statement.params).row(0, named=True)
        for asked in conditions(root):
            document = document_of(asked.node)
            assert bool(told[asked.column]) == Judge(world, person).holds(document), (document, person, world)


def conditions(asked: Asked) -> list[Asked]:
    return [asked] if asked.column else [one for child in asked.children for one in conditions(child)]


@pytest.fixture
def lin(transactional_db) -> int:
    lin, other = make_customers(2, tagged=[0])
    for at in range(3):
        record(
            OrderPaid(
                customer_id=[lin, lin, other][at], order_no=f"{at}", amount_minor=1999, currency="CNY", items=1,
                skus=["A1", "B2"], happened_at=AT - timedelta(days=40 * at),
            )
        )  # fmt: skip
    Attribute.objects.create(key="due", kind="date")
    known = {"city": "上海", "due": "2026-03-22"}
    set_attributes([AttributeGiven(lin, key, value, "crm", AT) for key, value in known.items()])
    decide_consent([ConsentDecision(lin, "promotion", "phone", True, {"page": "x"}, "h5", AT)])
    drain()
    merge(lin, other, {"by": "test"})
    in_step()
    return lin


def said(rule: Any, customer_id: int, language: str = "zh-hans") -> tuple[bool, str]:
    with override(language):
        root = explain(rule, customer_id, AT).root
    return root.holds, root.evidence


def test_conditions_say_what_they_stand_on(lin):
    assert said({"attribute": "city", "is": {"equals": "杭州"}}, lin) == (False, "现在是 上海（crm，2026-03-01）")
    assert said({"attribute": "city", "is": {"is_set": True}}, lin)[0]
    assert said({"attribute": "due", "is": {"next_days": 21}}, lin) == (
        False,
        "现在是 2026-03-22（crm，2026-03-01）；算的是 2026-03-01 至 2026-03-21",
    )
    holds, evidence = said(TAGGED, lin)
    assert holds
    assert evidence.startswith("高客单（手动 · test，")
    assert said({"tag": ["母婴"]}, lin) == (False, "现有标签：高客单")
    assert said({"identity": ["email"]}, lin) == (False, "只有手机号")
    assert said({"source": ["x"]}, lin)[1] == "来自 shop"
    assert said({"consent": "promotion", "channel": "phone", "is": "granted"}, lin) == (
        True,
        "2026-03-01 同意（手机消息，h5）",
    )
    assert said({"consent": "service", "channel": "phone", "is": "refused"}, lin) == (False, "从未表态")


def test_events_say_how_often_and_when_last(lin):
    paid = "commerce.order_paid"
    assert said({"event": paid, "is": {"at_least": 3}}, lin) == (True, "3 次，最近一次 2026-03-01 20:00")
    assert said({"event": paid, "within": {"before": "2025-01-01"}}, lin) == (
        False,
        "这段时间内没有，最近一次 2026-03-01 20:00",
    )
    assert said({"event": "page_viewed"}, lin) == (False, "从未发生")
    assert said({"event": "page_viewed"}, lin, "en") == (False, "never happened")
    total = {"event": paid, "measure": {"sum": "amount_minor"}, "is": {"at_least": 1}}
    assert said(total, lin)[1].endswith("¥59.97")
    after = {"event": paid, "then": {"event": paid, "within_days": 41}}
    assert said(after, lin)[0]


def test_orders_say_what_they_come_to(lin):
    assert said({"orders": "net", "within": {"last_days": 60}, "is": {"at_least": 30}}, lin) == (
        True,
        "2 次，最近一次 2026-03-01 20:00；净消费 ¥39.98",
    )
    assert said({"orders": "monetary", "is": {"equals": 5}}, lin)[1].startswith("1 分")
    assert said({"bought": ["B2", "C3"]}, lin)[1].endswith(" · B2")
    assert said({"bought": ["C3"]}, lin) == (False, "从未买过")


def test_a_tree_is_explained_with_the_segments_in_it(lin):
    create(slug="vip", name="高价值", rule=TAGGED)
    create_list_from_rule(slug="fixed", name="名单", rule=TAGGED, at=AT)
    rule = {"all": [{"not": {"segment": "vip"}}, {"any": [{"segment": "fixed"}, {"tag": ["母婴"]}]}]}

    found = explain(rule, lin, AT)

    assert not found.holds
    assert lines(found.root) == [
        ("", "all", False),
        ("all[0]", "not", False),
        ("all[0].not", "segment", True),
        ("all[0].not.segment", "tag", True),
        ("all[1]", "any", True),
        ("all[1].any[0]", "segment", True),
        ("all[1].any[1]", "tag", False),
    ]


def test_the_reasons_are_the_conditions_that_decided(lin):
    rule = {"all": [TAGGED, {"not": {"any": [{"relation": ["none"]}, TAGGED]}}, {"source": ["shop"]}]}

    out = reasons(explain(rule, lin, AT).root)
    back = reasons(explain({"not": rule}, lin, AT).root)

    assert [one.words for one in out] == ["不满足（标签含 高客单）"]
    assert [one.words for one in back] == ["标签含 高客单"]
    assert [one.kind for one in reasons(explain({"all": [TAGGED, {"source": ["shop"]}]}, lin, AT).root)] == [
        "tag",
        "source",
    ]


def lines(one: Explained) -> list[tuple[str, str, bool]]:
    return [(one.path, one.kind, one.holds), *(line for child in one.children for line in lines(child))]


@pytest.mark.django_db
def test_nobody_and_nonsense_are_refused():
    [one] = make_customers(1)
    with pytest.raises(NoSuchCustomer):
        explain(TAGGED, one + 1)
    with pytest.raises(RuleRefused):
        explain({"tag": []}, one)
    with pytest.raises(NotYetInWarehouse):
        explain(TAGGED, Customer.objects.create().pk)


@pytest.mark.django_db
def test_a_personal_attribute_is_not_looked_at():
    [one] = make_customers(1)
    set_attributes([AttributeGiven(one, "email", "lin@example.com", "crm", AT)])
    with pytest.raises(RuleRefused, match="个人信息"):
        explain({"attribute": "email", "is": {"is_set": True}}, one)
