"""What the builder says on screen: its island has no catalogue of its own."""

from django.utils.translation import gettext as _


def builder_words() -> dict[str, str]:
    """Every text of static/segments/builder.js, in the language of the moment."""
    return {**_frame(), **_conditions(), **_comparisons(), **_aside()}


def _frame() -> dict[str, str]:
    return {
        "rules": _("人群规则"),
        "name": _("名称"),
        "link": _("环节"),
        "interval": _("自动刷新"),
        "static": _("存为固定名单"),
        "save": _("保存人群"),
        "saving": _("正在保存…"),
        "clicks": _("点选"),
        "json": "JSON",
        "json_label": _("规则 JSON"),
        "all": _("且"),
        "any": _("或"),
        "all_hint": _("满足以下全部条件"),
        "any_hint": _("满足以下任一条件"),
        "not_hint": _("排除满足这一组的人"),
        "exclude": _("排除"),
        "group": _("条件组"),
        "add_condition": _("条件"),
        "add_group": _("条件组"),
        "remove": _("删除"),
        "remove_condition": _("删除条件"),
        "remove_group": _("删除条件组"),
        "undo": _("撤销"),
        "everyone": _("没有条件：包含全部客户"),
        "nobody": _("没有条件：不包含任何人"),
        "is": _("满足"),
        "is_not": _("不满足"),
        "line": _("第 {line} 行"),
        "schema_note": _("写法见 docs/segments.md"),
    }


def _conditions() -> dict[str, str]:
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
        "count": _("订单数"),
        "net": _("净消费额"),
        "average": _("平均客单价"),
        "first": _("首次下单"),
        "last": _("最近一次下单"),
        "days_since_last": _("距最近下单天数"),
        "recency": _("近度分 R"),
        "frequency": _("频度分 F"),
        "monetary": _("金额分 M"),
        "granted": _("已同意"),
        "refused": _("已拒绝"),
        "purpose": _("用途"),
        "channel": _("渠道"),
        "choose": _("请选择"),
        "type_and_enter": _("输入后回车"),
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
        "equals": _("等于"),
        "in": _("属于"),
        "contains": _("包含"),
        "starts": _("开头是"),
        "greater": ">",
        "at_least": "≥",
        "less": "<",
        "at_most": "≤",
        "between": _("介于"),
        "before": _("早于"),
        "after": _("晚于"),
        "last_days": _("最近"),
        "next_days": _("未来"),
        "anniversary_days": _("周年日在未来"),
        "days": _("天"),
        "is_set": _("有值"),
        "is_unset": _("没有值"),
        "yes": _("是"),
        "no": _("否"),
        "to": _("至"),
        "window": _("时间范围"),
        "ever": _("不限时间"),
        "from": _("开始"),
        "until": _("结束"),
        "scale": _("分"),
    }


def _aside() -> dict[str, str]:
    return {
        "estimate": _("预估人数"),
        "share": _("占全部客户 {share}"),
        "as_of": _("数据截至 {moment}"),
        "counting": _("正在计算…"),
        "in_words": _("规则说明"),
        "sample": _("样例客户"),
        "nobody_found": _("没有符合的客户，放宽条件试试。"),
        "failed": _("连接不上服务器，请稍后再试。"),
        "fix": _("还有条件没填好"),
        "customer": _("客户"),
        "more": _("（已脱敏，最多 10 位）"),
    }
