import re

import pytest
from django.utils.translation import override

from homeground.journeys.graph import words
from homeground.journeys.graph.nodes import edges
from homeground.journeys.graph.parse import parse
from homeground.segments.rules.words import Labels as RuleLabels
from tests.journeys.test_graph_parse import EVERY_KIND

LABELS = words.Labels(
    rules=RuleLabels(
        attributes={"birthday": "生日"},
        events={"commerce.order_paid": "订单支付"},
        segments={"vip": "会员", "s": "流失"},
    ),
    messages={1: "欢迎"},
    channels={"phone": "短信", "email": "邮件"},
    doors={1: "福利群"},
    coupons={1: "新人券"},
    journeys={"care": "关怀"},
)
GRAPH = parse(EVERY_KIND)


def test_every_node_is_said_in_a_short_sentence():
    said = {node: words.step_words(step, LABELS) for node, step in GRAPH.nodes.items()}

    assert said == {
        "send": "用短信发送“欢迎”，弱关系走邮件",
        "task": "请员工在 24 小时内：回访",
        "tag": "打上标签 回访过，去掉标签 待回访",
        "attribute": "把“vip”设为 是",
        "points": "送 50 积分（生日），90 天内有效",
        "coupon": "发券“新人券”",
        "invite": "请员工邀请进群“福利群”",
        "webhook": "通知 shop.example.com",
        "wait": "等 1 天",
        "until": "等到周一、周五 09:30",
        "event": "等“订单支付”（amount ≥ ¥100.00）发生，最多 3 天",
        "date": "等到每年的“生日”前 3 天 09:30",
        "branch": "若 标签含 vip 且 不满足（属于人群“流失”）",
        "split": "随机分流：甲 50%、乙 50%",
        "channel": "走得通的渠道优先：先走最近有回应的，再按 短信 → 邮件",
        "outcome": "“send”的消息是否打开",
        "over": "转入旅程“关怀”",
    }


def test_every_way_in_and_out_is_said():
    assert [words.entry_words(entry, LABELS) for entry in GRAPH.entries] == [
        "已在或新进入人群“会员”",
        "发生“signed_up”",
        "人群“会员”里的人，每年的“生日”前 7 天 09:30",
        "每周一 09:30，人群“会员”全部进入",
        "手动加入、接口加入，或由其他旅程转入",
    ]
    assert GRAPH.goal
    assert words.sign_words(GRAPH.goal, LABELS) == "发生“订单支付”"
    assert words.sign_words(GRAPH.exits[0], LABELS) == "进入人群“gone”"
    assert words.again_words(GRAPH.again) == "距上次进入满 30 天可以再进，最多同时走 2 次"


@pytest.mark.parametrize(
    ("span", "text"),
    [({"days": 2, "hours": 3, "minutes": 1}, "2 天 3 小时 1 分钟"), ({"minutes": 30}, "30 分钟"), ({}, "不等待")],
)
def test_lengths_of_time_are_said(span, text):
    assert words.span_words(words.Span(**span)) == text


def test_each_way_out_of_a_node_has_its_words():
    said = {
        (node, way): words.way_words(step, way, LABELS)
        for node, step in GRAPH.nodes.items()
        for way, _to in edges(step)
    }

    assert (said["event", "next"], said["event", "otherwise"]) == ("等到了", "超时没等到")
    assert said["branch", "会员"] == "会员"
    assert said["branch", "otherwise"] == "都不符合"
    assert (said["channel", "email"], said["channel", "otherwise"]) == ("邮件", "都走不通")
    assert said["send", "next"] == ""


def test_english_is_complete():
    with override("en"):
        said = [
            *(words.step_words(step, LABELS) for step in GRAPH.nodes.values()),
            *(words.entry_words(entry, words.Labels()) for entry in GRAPH.entries),
            words.again_words(GRAPH.again),
            words.span_words(words.Span(days=1)),
        ]
    names = "新人券|欢迎|短信|邮件|回访过|待回访|回访|生日|福利群|订单支付|流失|会员|关怀|发一条|甲|乙"

    assert [one for one in said if re.search("[一-鿿]", re.sub(names, "", one))] == []
    assert said[-1] == "1 day"
