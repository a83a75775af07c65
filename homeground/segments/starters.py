"""Pairs to begin with (M32, M33): people who differ in one thing, so that each gets what fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
_BOUGHT = {"orders": "count", "is": {"at_least": 1}}
_SVIP = {"all": [{"orders": "monetary", "is": {"equals": 5}}, {"orders": "frequency", "is": {"at_least": 4}}]}
_NEAR = {"relation": ["two_way", "many_way"]}
_INTENT = {
    "any": [
        {"event": "channels.message_clicked", "within": {"last_days": 30}},
        {"event": "channels.message_answered", "within": {"last_days": 30}},
        {"orders": "days_since_last", "is": {"at_most": 30}},
    ]
}


@dataclass(frozen=True)
class Half:
    """One segment of a pair."""

    slug: str
    name: Text
    link: str
    rule: Any


@dataclass(frozen=True)
class Pair:
    """Two segments, and why they are told apart."""

    key: str
    title: Text
    why: Text
    halves: Sequence[Half]


PAIRS = [
    Pair(
        "new-old",
        _("新客与老客"),
        _("新客先建立信任，老客常来常往：同一句话对两种人说，总有一半不合适。"),
        [
            Half("new-buyers", _("新客（首单 90 天内）"), "retain", {"orders": "first", "is": {"last_days": 90}}),
            Half(
                "old-buyers",
                _("老客（首单超过 90 天）"),
                "activate",
                {"all": [_BOUGHT, {"not": {"orders": "first", "is": {"last_days": 90}}}]},
            ),
        ],
    ),
    Pair(
        "bought-or-not",
        _("已购与未购"),
        _("未购的人看种草内容，已购的人看使用与复购：朋友圈可见范围也按此区分。"),
        [
            Half("bought", _("已购客户"), "activate", _BOUGHT),
            Half("not-bought", _("未购客户"), "convert", {"not": _BOUGHT}),
        ],
    ),
    Pair(
        "svip-ordinary",
        _("SVIP 与普通客户"),
        _("消费额与频次都居前的客户配专属服务，其他买过的客户走标准服务。"),
        [
            Half("svip", _("SVIP（M=5 且 F≥4）"), "retain", _SVIP),
            Half("ordinary", _("普通购买客户"), "convert", {"all": [_BOUGHT, {"not": _SVIP}]}),
        ],
    ),
    Pair(
        "strong-weak",
        _("高意向强关系与弱关系"),
        _("关系深、近期有动作的人可以直接推荐；关系浅的人先互动，少打扰。"),
        [
            Half("strong", _("高意向强关系"), "convert", {"all": [_NEAR, _INTENT]}),
            Half("weak", _("弱关系"), "acquire", {"relation": ["none", "one_way"]}),
        ],
    ),
]


def pair_of(key: str) -> Pair | None:
    """The pair of this key."""
    return next((pair for pair in PAIRS if pair.key == key), None)
