import pytest
from django.utils.translation import override

from homeground.segments.rules.nodes import Node
from homeground.segments.rules.parse import parse
from homeground.segments.rules.words import Labels, sentence
from tests.segments.worlds import maker

LABELS = Labels(
    attributes={"city": "城市"}, events={"commerce.order_paid": "订单支付"}, segments={"vip": "高价值"}, currency="CNY"
)
RULE = {
    "all": [
        {"attribute": "city", "is": {"in": ["上海", "杭州"]}},
        {"orders": "net", "within": {"last_days": 365}, "is": {"at_least": 1234.5}},
        {"any": [{"tag": ["高客单"]}, {"segment": "vip"}]},
        {"not": {"event": "commerce.order_paid", "within": {"last_days": 30}}},
    ]
}


def said(rule: Node, language: str) -> str:
    with override(language):
        return sentence(parse(rule), LABELS)


def test_a_rule_reads_as_a_sentence_in_chinese():
    assert said(RULE, "zh-hans") == (
        "城市 属于 上海、杭州 且 最近 365 天净消费额 ≥ ¥1,234.50 且 （标签含 高客单 或 属于人群“高价值”）"
        " 且 不满足（最近 30 天发生过 “订单支付”）"
    )


def test_a_rule_reads_as_a_sentence_in_english():
    assert said(RULE, "en") == (
        "城市 is one of 上海, 杭州 and net spend ≥ ¥1,234.50 in the last 365 days"
        " and (tagged 高客单 or in the segment “高价值”) and not (did “订单支付” in the last 30 days)"
    )


@pytest.mark.parametrize(
    ("rule", "chinese", "english"),
    [
        ({"all": []}, "全部客户", "all customers"),
        ({"any": []}, "没有客户", "nobody"),
        (
            {"event": "a", "measure": {"sum": "amount_minor"}, "is": {"between": [100, 2000]}},
            "“a” 的 amount 合计 在 ¥1.00 至 ¥20.00 之间",
            "total amount of “a” between ¥1.00 and ¥20.00",
        ),
        (
            {
                "event": "a",
                "where": [{"property": "path", "is": {"starts": "/p"}}],
                "then": {"event": "b", "within_days": 3},
            },
            "“a”（path 开头是 /p），之后 3 天内 “b”",
            "“a” (path starts with /p), then “b” within 3 days",
        ),
        (
            {"orders": "last", "is": {"before": "2026-01-31"}},
            "最近一次下单 早于 2026-01-31",
            "last order before 2026-01-31",
        ),
        (
            {"consent": "promotion", "channel": "phone", "is": "refused"},
            "拒绝在phone接收营销信息",
            "refused Promotion by phone",
        ),
    ],
)
def test_conditions_read_well_in_both_languages(rule, chinese, english):
    assert said(rule, "zh-hans") == chinese
    assert said(rule, "en") == english


def test_every_rule_has_a_sentence():
    for seed in range(300):
        rule = maker(seed).rule()
        assert said(rule, "en")
        assert said(rule, "zh-hans")
