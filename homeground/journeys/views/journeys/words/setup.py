"""The journey's own settings: ways in, re-entry, goal, exits, measures; and the filters of events."""

from django.utils.translation import gettext as _

from homeground.journeys.views.journeys.words.canvas import Words


def setup() -> Words:
    return {
        "entries": _("谁会进来"),
        "entries_help": _("符合任意一个入口就进来。"),
        "add_entry": _("添加入口…"),
        "by_segment": _("进入人群"),
        "by_event": _("发生事件"),
        "by_date": _("到了日期"),
        "by_schedule": _("定时整批"),
        "by_hand": _("手动或接口加入"),
        "segment": _("人群"),
        "has_existing": _("发布时已在人群里的人也进来"),
        "key": _("区分多次的键"),
        "no_key": _("不用键"),
        "key_help": _("例如订单号：每个订单各走一次。"),
        "everybody": _("所有客户"),
        "hand_help": _("在客户列表或用接口把人加进来；其他旅程也能转入。"),
        "rhythm": _("多久一次"),
        "rhythm_on": _("只在一天"),
        "rhythm_weekday": _("每周"),
        "rhythm_day": _("每月"),
        "on_day": _("日期"),
        "weekday": _("星期"),
        "month_day": _("几号"),
        "day_unit": _("号"),
        "month_help": _("没有这一天的月份取最后一天。"),
        "again": _("能不能再进来"),
        "again_help": _("同一位客户第二次符合入口时怎么办。"),
        "again_when": _("再次进入"),
        "again_never": _("一生只进一次"),
        "again_after_exit": _("离开后可以再进"),
        "again_after_days": _("隔一段时间可以再进"),
        "again_any": _("每次符合都进"),
        "again_days": _("距上次进入至少"),
        "at_once": _("最多同时走几次"),
        "at_once_help": _("大于 1 时要在事件入口里选键。"),
        "goal": _("目标"),
        "goal_help": _("任何时候达成都算成功并立即离开，等待中也一样。"),
        "add_goal": _("设一个目标"),
        "exits": _("退出条件"),
        "exits_help": _("任何时候发生就立即离开，不再打扰。"),
        "exit_n": _("退出条件 {n}"),
        "add_exit": _("添加退出条件"),
        "sign": _("以什么为准"),
        "sign_event": _("发生一件事"),
        "sign_segment": _("进入一个人群"),
    }


def measures() -> Words:
    return {
        "variants": _("实验版本"),
        "variants_help": _("按比例分到不同的起点，同一位客户始终在同一版本；复盘时比较。"),
        "add_variant": _("添加版本"),
        "variant_name": _("版本名称"),
        "start": _("从哪个节点开始"),
        "measured": _("名称与衡量"),
        "measured_help": _("主要指标、观察天数与对照组在首次发布后不能再改。"),
        "journey_name": _("旅程名称"),
        "link": _("环节"),
        "hypothesis": _("假设"),
        "hypothesis_help": _("为什么走完这条旅程会改变行为？"),
        "primary": _("主要指标"),
        "window": _("观察天数"),
        "holdout": _("对照组比例"),
        "holdout_help": _("随机留下、不进入旅程的客户，用来比较效果。"),
    }


def filters() -> Words:
    return {
        "where": _("并且"),
        "add_filter": _("添加属性条件"),
        "property": _("属性名"),
        "value_kind": _("值的类型"),
        "as_text": _("文本"),
        "as_number": _("数字"),
        "as_flag": _("是或否"),
        "comparison": _("比较"),
        "equals": _("等于"),
        "contains": _("包含"),
        "in": _("属于"),
        "at_least": "≥",
        "at_most": "≤",
        "yes": _("是"),
        "no": _("否"),
    }
