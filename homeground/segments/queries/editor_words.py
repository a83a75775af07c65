"""What the rule editor says on screen: it has no catalogue of its own."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from homeground.segments.rules.parse import DEEPEST

LIMITS = {"deepest": DEEPEST}


def editor_words() -> dict[str, str]:
    """Every text of static/segments/editor.js and what it is made of, in the language of the moment."""
    parts = (_groups(), _tools(), _kinds(), _order_facts(), _consent(), _event(), _filters(), _comparisons(), _days())
    return {key: text for part in parts for key, text in part.items()}


def editor_urls() -> dict[str, Any]:
    """Where the editor asks for what the brand knows."""
    own = {name: reverse(f"segments:{name}") for name in ("values", "properties", "property_values")}
    try:
        return own | {"products": reverse("console:products")}
    except NoReverseMatch:
        return own


def _groups() -> dict[str, str]:
    return {
        "all": _("且"),
        "any": _("或"),
        "all_hint": _("满足以下全部条件"),
        "any_hint": _("满足以下任一条件"),
        "not_hint": _("排除满足这一组的人"),
        "exclude": _("排除"),
        "group": _("条件组"),
        "everyone": _("没有条件：包含全部客户"),
        "nobody": _("没有条件：不包含任何人"),
        "is": _("满足"),
        "is_not": _("不满足"),
        "not_filled": _("还没填好"),
    }


def _tools() -> dict[str, str]:
    return {
        "add_condition": _("条件"),
        "add_group": _("条件组"),
        "remove": _("删除"),
        "remove_condition": _("删除条件"),
        "remove_group": _("删除条件组"),
        "duplicate": _("复制一份"),
        "wrap": _("放进新的条件组"),
        "unwrap": _("拆开这一组"),
        "move": _("移动"),
        "move_hint": _("拖动，或用方向键移动：← 移出这一组，→ 移进相邻的组"),
        "moved": _("已移动"),
        "cannot_move": _("不能移到那里"),
        "undo": _("撤销"),
        "redo": _("重做"),
    }


def _kinds() -> dict[str, str]:
    return {
        "kind": _("条件类型"),
        "profile": _("客户画像"),
        "attributes": _("属性"),
        "orders": _("订单"),
        "behaviour": _("行为"),
        "others": _("其他"),
        "tag": _("标签"),
        "source": _("来源"),
        "relation": _("关系阶段"),
        "consent": _("授权"),
        "identity": _("拥有身份"),
        "created": _("建档时间"),
        "bought": _("买过商品"),
        "event": _("做过的事"),
        "segment": _("属于人群"),
    }


def _order_facts() -> dict[str, str]:
    return {
        "count": _("订单数"),
        "net": _("净消费额"),
        "average": _("平均客单价"),
        "first": _("首次下单"),
        "last": _("最近一次下单"),
        "days_since_last": _("距最近下单天数"),
        "recency": _("近度分 R"),
        "frequency": _("频度分 F"),
        "monetary": _("金额分 M"),
        "scale": _("分"),
    }


def _consent() -> dict[str, str]:
    return {
        "granted": _("已同意"),
        "refused": _("已拒绝"),
        "purpose": _("用途"),
        "channel": _("渠道"),
    }


def _event() -> dict[str, str]:
    return {
        "seen": _("发生过的"),
        "unseen": _("还没有发生过的"),
        "measure": _("看什么"),
        "did": _("发生过"),
        "times": _("次数"),
        "sum": _("合计"),
        "min": _("最小值"),
        "max": _("最大值"),
        "first_time": _("首次时间"),
        "last_time": _("最近时间"),
        "then": _("随后发生"),
        "within_days": _("天内"),
    }


def _filters() -> dict[str, str]:
    return {
        "property": _("事件属性"),
        "add_filter": _("筛选"),
        "where": _("且"),
        "value_kind": _("值类型"),
        "as_text": _("文本"),
        "as_number": _("数值"),
        "as_flag": _("是否"),
    }


def _comparisons() -> dict[str, str]:
    return {
        "comparison": _("比较方式"),
        "value": _("值"),
        "choose": _("请选择"),
        "type_and_enter": _("输入后回车"),
        "search_and_enter": _("搜索后回车"),
        "equals": _("等于"),
        "in": _("属于"),
        "contains": _("包含"),
        "starts": _("开头是"),
        "greater": ">",
        "at_least": "≥",
        "less": "<",
        "at_most": "≤",
        "between": _("介于"),
        "is_set": _("有值"),
        "is_unset": _("没有值"),
        "yes": _("是"),
        "no": _("否"),
        "to": _("至"),
    }


def _days() -> dict[str, str]:
    return {
        "before": _("早于"),
        "after": _("晚于"),
        "last_days": _("最近"),
        "next_days": _("未来"),
        "anniversary_days": _("周年日在未来"),
        "in_months": _("月份是"),
        "days": _("天"),
        "window": _("时间范围"),
        "ever": _("不限时间"),
        "from": _("开始"),
        "until": _("结束"),
    }
