from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homeground.journeys.graph.check import check
from homeground.journeys.graph.nodes import edges
from homeground.journeys.graph.parse import parse
from homeground.journeys.graph.routes import circles, hasty_targets
from tests.journeys.graphs import DAY, KNOWN, graph, send, tag, wait


def problems(document: Any, slug: str = "mine") -> list[tuple[str, str]]:
    return [(one.node or one.field, one.text) for one in check(parse(document), KNOWN, slug=slug)]


def only(document: Any, slug: str = "mine") -> tuple[str, str]:
    (found,) = problems(document, slug)
    return found


def branch(to: str | None = None, **more: Any) -> dict[str, Any]:
    ways = [{"name": "会员", "rule": {"tag": ["vip"]}, "next": to}]
    return {"kind": "branch", "name": "分情形", "ways": ways, "otherwise": None} | more


def choose(*channels: str, **more: Any) -> dict[str, Any]:
    ways = [{"channel": one, "next": None} for one in channels]
    return {"kind": "channel", "name": "选渠道", "ways": ways, "otherwise": None} | more


def test_a_graph_that_holds_together_has_no_problem():
    assert problems(graph({"a": send("b"), "b": wait("c"), "c": branch("d"), "d": tag("b")})) == []


def test_every_problem_is_named_not_only_the_first():
    found = check(
        parse(graph({"a": send("gone", message=99), "b": wait(span={}), "c": tag(add=[])}, goal={"segment": "none"})),
        KNOWN,
    )

    assert [(one.node, one.field) for one in found] == [
        ("", "goal.segment"),
        ("a", "next"),
        ("a", "message"),
        ("b", "span"),
        ("c", "add"),
        ("b", ""),
        ("c", ""),
    ]
    assert {one.name for one in found if one.node} == {"发一条", "等一天", "打标签"}


def test_a_variant_that_begins_nowhere_is_refused():
    document = graph({"a": wait()}, variants=[{"name": "A", "share_bp": 10000, "start": "b"}])

    assert problems(document) == [
        ("variants[0].start", "指向的节点“b”不存在"),
        ("a", "没有任何一条路走到这里，请连上或删除"),
    ]


def test_a_circle_without_a_wait_is_refused_with_its_nodes():
    where, text = only(graph({"a": send("b"), "b": tag("a")}))

    assert where == "a"
    assert "发一条、打标签" in text


@pytest.mark.parametrize(
    "pause",
    [
        wait("a"),
        {"kind": "wait_until", "name": "早", "time": "09:00", "next": "a"},
        {"kind": "wait_event", "name": "等", "event": "x", "at_most": DAY, "next": "a", "otherwise": "a"},
        {"kind": "wait_date", "name": "生日", "attribute": "birthday", "next": "a", "otherwise": None},
    ],
)
def test_a_circle_with_a_wait_may_be(pause):
    assert problems(graph({"a": send("b"), "b": pause})) == []


def test_a_date_that_is_past_is_no_wait():
    date = {"kind": "wait_date", "name": "生日", "attribute": "birthday", "next": None, "otherwise": "a"}

    assert only(graph({"a": send("b"), "b": date}))[0] == "a"


def test_spans_of_zero_are_refused():
    event = {"kind": "wait_event", "name": "等", "event": "x", "at_most": {"hours": 0}, "next": None, "otherwise": None}

    assert problems(graph({"a": wait("b", span={}), "b": event})) == [
        ("a", "等待时长不能为零"),
        ("b", "最长等待时间不能为零"),
    ]


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (send(message=99), "消息模板不存在，请重新选择"),
        (send(message=3), "模板“来信”是为另一类渠道写的，渠道“短信”发不出去"),
        (send(weak_channel="email"), "模板“欢迎”是为另一类渠道写的，渠道“邮件”发不出去"),
        (send(channel="pigeon"), "没有标识为“pigeon”的渠道"),
        (send(weak_channel="pigeon"), "没有标识为“pigeon”的渠道"),
        (send(channel="off"), "渠道“停用的”未启用，请先到“渠道”页启用它"),
        (send(message=2, channel="mute"), "渠道“没有退订的”没有退订方式，不能发营销信息"),
        (send(message=2, weak_channel="mute"), "渠道“没有退订的”没有退订方式，不能发营销信息"),
        (send(message=4), "模板“太长”现在不能发送：正文太长"),
        (tag(add=[]), "请写明要打上或去掉哪些标签"),
        (tag(add=["a", "b"], remove=["b"]), "同一个标签不能既打上又去掉：b"),
        (
            {"kind": "attribute", "name": "设", "attribute": "age", "value": "老", "next": None},
            "这个值不合“age”的类型",
        ),
        (
            {"kind": "attribute", "name": "设", "attribute": "x" * 61, "value": "老", "next": None},
            "属性标识最多 60 个字符",
        ),
        ({"kind": "coupon", "name": "券", "coupon": 9, "next": None}, "券种不存在，请重新选择"),
        ({"kind": "coupon", "name": "券", "coupon": 2, "next": None}, "券“旧券”现在发不出去：已归档"),
        ({"kind": "invite", "name": "邀", "door": 9, "next": None}, "入口不存在，请重新选择"),
        ({"kind": "invite", "name": "邀", "door": 2, "next": None}, "“活码”不是群活码，不能邀请进群"),
        ({"kind": "invite", "name": "邀", "door": 3, "next": None}, "群活码“旧群”已停用"),
        ({"kind": "handover", "name": "转", "journey": "mine"}, "不能转入旅程自己；要再走一遍，请连回前面的节点"),
        ({"kind": "handover", "name": "转", "journey": "none"}, "没有标识为“none”的旅程"),
        ({"kind": "handover", "name": "转", "journey": "over"}, "旅程“往事”没有在运行，没法转入"),
        ({"kind": "handover", "name": "转", "journey": "new"}, "旅程“草稿”没有在运行，没法转入"),
        ({"kind": "handover", "name": "转", "journey": "closed"}, "旅程“只看事件”没有开放手动加入，没法转入"),
        ({"kind": "handover", "name": "转", "journey": "echo"}, "转入“回声”后又会转回这里，中间没有等待"),
        (
            {"kind": "wait_date", "name": "等", "attribute": "city", "next": None, "otherwise": None},
            "“city”不是日期，不能用来计时",
        ),
        (
            {"kind": "wait_date", "name": "等", "attribute": "none", "next": None, "otherwise": None},
            "属性字典里没有“none”",
        ),
        (
            {"kind": "wait_until", "name": "等", "time": "09:00", "weekdays": [1, 1], "next": None},
            "同一个星期几选了两次",
        ),
        (
            {"kind": "wait_event", "name": "等", "event": "x", "at_most": DAY, "next": None, "otherwise": None}
            | {"where": [{"property": "p", "is": {"last_days": 3}}]},
            "事件属性只能按文本、数值或是否比较",
        ),
        (
            branch(ways=[{"name": "一", "rule": {"segment": "gone"}, "next": None}]),
            "没有标识为“gone”的人群",
        ),
        (
            branch(ways=[{"name": "otherwise", "rule": {"tag": ["a"]}, "next": None}]),
            "出口不能叫 otherwise，请换一个名称",
        ),
        (
            branch(ways=[{"name": "同", "rule": {"tag": ["a"]}, "next": None}] * 2),
            "有 2 个都叫“同”，请改成不同的名称",
        ),
        (
            {"kind": "split", "name": "分", "ways": [{"name": n, "share_bp": 4999, "next": None} for n in "ab"]},
            "各份比例相加应为 100%，现在是 99.98%",
        ),
        (choose("phone", "pigeon"), "没有标识为“pigeon”的渠道"),
        (choose("email", "off"), "渠道“停用的”未启用，请先到“渠道”页启用它"),
        (choose("phone", "email", "phone"), "渠道“短信”选了 2 次，每个渠道只留一路"),
        (
            {"kind": "outcome", "name": "看", "of": "a", "was": "sent", "next": None, "otherwise": None},
            "“a”不是发送消息的节点",
        ),
        (
            {"kind": "outcome", "name": "看", "of": "none", "was": "sent", "next": None, "otherwise": None},
            "“none”不是发送消息的节点",
        ),
    ],
)
def test_a_node_that_cannot_work_is_refused_in_words(node, text):
    assert only(graph({"a": node})) == ("a", text)


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "http://2130706433/", "https://10.0.0.8/", "http://nas.local/"])
def test_a_webhook_into_the_private_network_is_refused(url):
    node, text = only(graph({"a": {"kind": "webhook", "name": "通知", "url": url, "next": None}}))

    assert node == "a"
    assert "private" in text


def test_a_private_host_that_the_operator_allowed_may_be_called():
    known = replace(KNOWN, private_hosts=frozenset({"nas.local"}))
    call = {"kind": "webhook", "name": "通知", "url": "http://nas.local/hook", "next": None}

    assert check(parse(graph({"a": call})), known) == []


def test_an_outcome_of_a_message_that_comes_later_is_refused():
    look = {"kind": "outcome", "name": "看", "of": "b", "was": "sent", "next": "b", "otherwise": None}

    assert only(graph({"a": look, "b": send()})) == ("a", "走到这一步之前不会经过“发一条”")


def test_handing_over_in_a_circle_may_be_when_there_is_a_wait():
    assert problems(graph({"a": wait("b"), "b": {"kind": "handover", "name": "转", "journey": "echo"}})) == []


@pytest.mark.parametrize(
    ("entry", "field", "text"),
    [
        ({"by": "segment", "segment": "gone"}, "entries[0].segment", "没有标识为“gone”的人群"),
        ({"by": "segment", "segment": "list"}, "entries[0].segment", "固定名单不会再有人进入，请换一个动态人群"),
        ({"by": "date", "attribute": "city"}, "entries[0].attribute", "“city”不是日期，不能用来计时"),
        ({"by": "date", "attribute": "none"}, "entries[0].attribute", "属性字典里没有“none”"),
        ({"by": "date", "attribute": "birthday", "segment": "x"}, "entries[0].segment", "没有标识为“x”的人群"),
        (
            {"by": "schedule", "segment": "vip"},
            "entries[0]",
            "请在某一天、每周几、每月几号里选一个，只选一个",
        ),
        (
            {"by": "schedule", "segment": "vip", "weekday": 1, "day": 3},
            "entries[0]",
            "请在某一天、每周几、每月几号里选一个，只选一个",
        ),
        ({"by": "schedule", "segment": "vip", "on": "2026-02-30"}, "entries[0].on", "没有“2026-02-30”这一天"),
        (
            {"by": "event", "event": "x", "where": [{"property": "p", "is": {"before": "2026-01-01"}}]},
            "entries[0].where[0].is",
            "事件属性只能按文本、数值或是否比较",
        ),
    ],
)
def test_a_way_in_that_cannot_work_is_refused_in_words(entry, field, text):
    assert only(graph({"a": wait()}, entries=[entry])) == (field, text)


def test_a_fixed_list_may_let_in_whoever_is_on_it():
    entries = [
        {"by": "segment", "segment": "list", "has_existing": True},
        {"by": "schedule", "segment": "list", "day": 31},
    ]

    assert problems(graph({"a": wait()}, entries=entries)) == []


def test_several_walks_at_once_need_a_key():
    twice = {"when": "any", "at_once": 2}
    unkeyed, keyed = {"by": "event", "event": "x"}, {"by": "event", "event": "x", "key": "order_no"}
    by_segment = {"by": "segment", "segment": "vip"}

    assert problems(graph({"a": wait()}, again=twice, entries=[keyed])) == []
    assert only(graph({"a": wait()}, again=twice, entries=[keyed, unkeyed]))[0] == "entries[1].key"
    assert only(graph({"a": wait()}, again=twice, entries=[by_segment]))[0] == "again.at_once"


def test_again_after_days_says_after_how_many():
    assert only(graph({"a": wait()}, again={"when": "after_days"}))[0] == "again.days"


def test_shares_of_variants_add_up_and_their_names_differ():
    half = {"name": "A", "share_bp": 4000, "start": "a"}

    assert problems(graph({"a": wait()}, variants=[half, half])) == [
        ("variants", "各份比例相加应为 100%，现在是 80%"),
        ("variants", "有 2 个都叫“A”，请改成不同的名称"),
    ]


_IDS = [f"n{number}" for number in range(7)]
_TO = st.sampled_from([*_IDS, None])
_SPANS = st.sampled_from([{}, DAY])


@st.composite
def _nodes(draw: Any) -> dict[str, Any]:
    """Any kind of node that leads on, anywhere, or nowhere."""
    made = {}
    for node in draw(st.lists(st.sampled_from(_IDS), min_size=1, unique=True)):
        step = draw(st.sampled_from(["send", "tag", "wait", "until", "event", "date", "branch", "split", "channel"]))
        to, other = draw(_TO), draw(_TO)
        made[node] = {
            "send": send(to),
            "tag": tag(to),
            "wait": wait(to, span=draw(_SPANS)),
            "until": {"kind": "wait_until", "name": "早", "time": "09:00", "next": to},
            "event": {"kind": "wait_event", "name": "等", "event": "x", "at_most": draw(_SPANS)}
            | {"next": to, "otherwise": other},
            "date": {"kind": "wait_date", "name": "日", "attribute": "birthday", "next": to, "otherwise": other},
            "branch": branch(to, otherwise=other),
            "channel": choose(otherwise=other, ways=[{"channel": "phone", "next": to}]),
            "split": {"kind": "split", "name": "分"}
            | {"ways": [{"name": "甲", "share_bp": 1, "next": to}, {"name": "乙", "share_bp": 9999, "next": other}]},
        }[step]
    return made


def _longest_hurry(found: Any, node: str | None, steps: int = 0) -> int:
    """How many nodes a walk does in one moment from here, at most: by following every way, no cleverness."""
    if node is None or steps > len(found.nodes):
        return steps
    ahead = hasty_targets(found.nodes[node]) or [None]
    return max(_longest_hurry(found, to, steps + 1) for to in ahead)


@settings(max_examples=400, deadline=None)
@given(_nodes())
def test_what_is_accepted_is_bounded_and_every_node_is_reached(nodes):
    found = parse(graph(nodes))
    wrong = check(found, KNOWN)
    start = found.variants[0].start
    reached, waiting = set(), [start]
    while waiting:
        node = waiting.pop()
        if node in found.nodes and node not in reached:
            reached.add(node)
            waiting += [to for _way, to in edges(found.nodes[node]) if to]

    unreachable = {one.node for one in wrong if "没有任何一条路" in one.text}
    dangling = {(node, way) for node, step in found.nodes.items() for way, to in edges(step) if to and to not in nodes}

    assert unreachable == set(nodes) - reached
    assert {(one.node, one.field) for one in wrong if "不存在" in one.text} == dangling
    if not wrong:
        assert max(_longest_hurry(found, node) for node in nodes) <= len(nodes)


@settings(max_examples=300, deadline=None)
@given(_nodes())
def test_every_circle_without_a_wait_is_named(nodes):
    found = parse(graph(nodes))
    assume(all(to in nodes for step in found.nodes.values() for _way, to in edges(step) if to))
    in_a_hurry = {
        node for node in nodes if any(_comes_back(found, to, node) for to in hasty_targets(found.nodes[node]))
    }
    named = [one for one in check(found, KNOWN) if "绕成一圈" in one.text]

    assert {node for circle in circles(found) for node in circle} == in_a_hurry
    assert bool(named) == bool(in_a_hurry)
    assert {one.node for one in named} <= in_a_hurry


def _comes_back(found: Any, node: str, home: str) -> bool:
    seen, waiting = set(), [node]
    while waiting:
        one = waiting.pop()
        if one == home:
            return True
        if one not in seen:
            seen.add(one)
            waiting += hasty_targets(found.nodes[one])
    return False
