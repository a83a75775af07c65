"""What the canvas says on screen: its modules have no catalogue of their own."""

from django.utils.translation import gettext as _

_Words = dict[str, str | list[str]]


def canvas_words() -> _Words:
    """Texts of static/journeys/journey/canvas.js and watch.js, in the language of the moment."""
    return {
        "entry": _("进入条件"),
        "no_entry": _("还没有设置，点这里选谁会进来"),
        "problem": _("有问题"),
        "here": _("人在这里"),
        "failed": _("人出错"),
        "next": _("接下来"),
        "otherwise": _("否则"),
        "wait_event_next": _("等到了"),
        "wait_event_otherwise": _("超时"),
        "wait_date_next": _("到日子了"),
        "wait_date_otherwise": _("没有日期"),
        "channel_otherwise": _("都走不通"),
        "branch_otherwise": _("都不符合"),
        "outcome_next": _("是"),
        "outcome_otherwise": _("否"),
        "zoom_in": _("放大"),
        "zoom_out": _("缩小"),
        "fit": _("看全图"),
        "tools": _("画布工具"),
        "canvas": _("流程图：方向键沿连线移动，回车打开节点"),
        **_kinds(),
    }


def editor_words() -> _Words:
    """Texts of the other modules beside it."""
    return {**_frame(), **_forms(), **_more_forms(), **_setup(), **_measures(), **_filters()}


def field_words() -> dict[str, str]:
    """What the forms call the parts of a graph, for problems that name them."""
    said = {**editor_words()}
    same = ("weak_channel", "urgency", "title", "how", "door", "url", "journey", "time", "event", "ways")
    other = {
        "name": "name",
        "message": "template",
        "channel": "which_channel",
        "deadline_hours": "deadline",
        "add": "tags_add",
        "remove": "tags_remove",
        "points": "points_count",
        "reason": "points_reason",
        "expires_days": "points_days",
        "coupon": "coupon_kind",
        "attribute": "which_attribute",
        "span": "how_long",
        "at_most": "wait_at_most",
        "of": "of_message",
        "next": "next_step",
        "valid_days": "valid_days",
        "entries": "entries",
        "again": "again",
        "variants": "variants",
        "goal": "goal",
        "exits": "exits",
    }
    return {field: str(said[word]) for field, word in {**dict(zip(same, same, strict=True)), **other}.items()}


def _kinds() -> _Words:
    return {
        "message": _("发消息"),
        "task": _("员工任务"),
        "invite": _("邀请进群"),
        "wait": _("等一段时间"),
        "wait_until": _("等到钟点"),
        "wait_event": _("等事件发生"),
        "wait_date": _("等到日期"),
        "branch": _("条件分支"),
        "split": _("随机分流"),
        "channel": _("按渠道分流"),
        "outcome": _("看消息结果"),
        "points": _("送积分"),
        "coupon": _("发优惠券"),
        "tag": _("改标签"),
        "attribute": _("改属性"),
        "webhook": _("通知其他系统"),
        "handover": _("转入另一旅程"),
    }


def _frame() -> _Words:
    return {
        "palette": _("可以添加的节点"),
        "palette_help": _("拖到画布上，或点一下接在所选节点之后"),
        "family_say": _("触达"),
        "family_staff": _("员工"),
        "family_wait": _("等待"),
        "family_fork": _("分流"),
        "family_gift": _("权益"),
        "family_note": _("资料"),
        "family_link": _("连接"),
        "undo": _("撤销"),
        "redo": _("重做"),
        "copy": _("复制"),
        "paste": _("粘贴"),
        "remove": _("删除"),
        "arrange": _("自动排列"),
        "saving_saved": _("草稿已保存"),
        "saving_saving": _("正在保存…"),
        "saving_unsaved": _("有改动，稍后自动保存"),
        "saving_failed": _("没有保存成功"),
        "saving_conflict": _("别人刚改过这条旅程"),
        "try_again": _("再试一次"),
        "reload": _("刷新页面"),
        "panel": _("设置与检查"),
        "tab_node": _("节点"),
        "tab_setup": _("旅程设置"),
        "tab_outline": _("大纲"),
        "tab_problems": _("问题"),
        "none_title": _("选一个节点来设置"),
        "none_help": _("点画布上的节点，或从左边加一个。从节点下沿的圆点拖出连线。"),
        "keys_help": _(
            "键盘：Tab 进入画布，方向键沿连线走，回车设置，Delete 删除，Alt+方向键移动，"
            "Ctrl+Z 撤销，Ctrl+C / Ctrl+V 复制粘贴。"
        ),
        "edge_help": _("这条连线被选中。删除后，走到这里的客户就结束旅程。"),
        "cut": _("删除连线"),
        "many": _("选中了 {n} 个节点"),
        "outline_empty": _("还没有节点"),
        "outline_help": _("按走的顺序列出全部节点；回车设置，Delete 删除。"),
        "loose": _("没有连上："),
        "no_problems": _("没有问题，可以发布"),
        "no_problems_help": _("每次改动都会重新检查。"),
        "problems_help": _("解决这些问题后才能发布；点一条就到那个节点。"),
        "rule_of": _("“{name}”的条件"),
        "rule_help": _("客户走到这里时按当时的资料判断，符合就走这一路。"),
        "close": _("关闭"),
        "done": _("完成"),
        "choose": _("请选择"),
        "days": _("天"),
        "hours": _("小时"),
        "minutes": _("分钟"),
        "name": _("节点名称"),
        "then": _("接下来"),
        "next_step": _("下一个节点"),
        "end_here": _("旅程到此结束"),
        **{f"{kind}_help": text for kind, text in _helps().items()},
    }


def _helps() -> dict[str, str]:
    return {
        "message": _("通过一个渠道发一条消息；发之前还要过触达规则，会被拦下的会说明原因。"),
        "task": _("给客户的专属员工派一件要在期限内做完的事，按员工的余力安排。"),
        "invite": _("请员工邀请客户进群；一个群满了，活码自动换到下一个。"),
        "wait": _("停一段时间再往下走。"),
        "wait_until": _("停到客户当地的某个钟点，可以限定星期几。"),
        "wait_event": _("停到某件事发生；超过时限没等到，就走另一路。"),
        "wait_date": _("停到客户的某个日期之前几天，例如生日或预计下次购买。"),
        "branch": _("按客户资料分几路，从上到下走第一条符合的。"),
        "split": _("按比例随机分几路，同一位客户每次走同一路。"),
        "channel": _("走得通的渠道优先：从上到下走第一个已启用、客户有地址、也没有退订的渠道。"),
        "outcome": _("看前面那条消息到现在有没有送达、打开或回复。"),
        "points": _("给客户送积分，每次走到这里只送一次。"),
        "coupon": _("给客户发一张券；已领满或券发完时跳过，并记下原因。"),
        "tag": _("给客户打上或去掉标签。"),
        "attribute": _("把客户的一个属性设为一个值。"),
        "webhook": _("把这一步告诉另一个系统，带签名，只算一次。"),
        "handover": _("这条旅程到此为止，客户进入另一条旅程。"),
    }


def _forms() -> _Words:
    return {
        "template": _("消息模板"),
        "is_promotion": _("营销信息：需要客户同意，自动附上退订方式，计入疲劳度。"),
        "is_service": _("服务通知：不计入疲劳度。"),
        "no_message_help": _("先在“内容”里写一个消息模板。"),
        "opt_out": _("退订：（自动附上链接）"),
        "which_channel": _("渠道"),
        "weak_channel": _("弱关系渠道"),
        "no_weak": _("不区分"),
        "weak_help": _("无关系与单边关系的客户改走此渠道。"),
        "urgency": _("紧急程度"),
        "urgency_1": _("可以等"),
        "urgency_2": _("一般"),
        "urgency_3": _("过时就没意义"),
        "urgency_help": _("几条消息争同一位客户的余量时，先比紧急程度，再比价值，再比等了多久。"),
        "value_of": _("预期价值"),
        "value_help": _("发出这一条平均能带来多少。"),
        "valid_days": _("有效期"),
        "valid_help": _("过了还发不出去就放弃，并记下原因。"),
        "title": _("任务标题"),
        "how": _("怎么做"),
        "how_help": _("员工会看到的要点或话术。"),
        "deadline": _("期限"),
        "door": _("群活码"),
        "no_door": _("还没有群活码，先在“入口”里建一个。"),
        "tags_add": _("打上标签"),
        "tags_remove": _("去掉标签"),
        "which_attribute": _("哪个属性"),
        "value": _("值"),
        "points_count": _("积分数"),
        "points_reason": _("说明"),
        "points_reason_help": _("客户在积分明细里会看到。"),
        "points_expire": _("会过期"),
        "points_days": _("多少天内有效"),
        "coupon_kind": _("哪种券"),
        "coupon_kind_help": _("总量、每人限领和有效期在券种里设。"),
        "no_coupon": _("还没有能发的券，先在“会员与积分”里建一种。"),
        "url": _("接收地址"),
        "url_help": _("按 Standard Webhooks 签名；同一步重试也只算一次。"),
        "journey": _("转入哪条旅程"),
        "handover_help": _("对方要有“手动加入”的入口，并按它自己的进入规则。"),
        "how_long": _("等多久"),
        "wait_at_most": _("最多等"),
        "time": _("钟点（客户当地）"),
        "on_weekdays": _("只在这些天"),
        "weekdays": [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")],
        "weekdays_help": _("一个都不选：每天都行。"),
        "type_and_enter": _("输入后回车"),
    }


def _more_forms() -> _Words:
    return {
        "event": _("事件"),
        "date_attribute": _("哪个日期"),
        "yearly": _("每年的这一天（周年）"),
        "lead_days": _("提前"),
        "lead_help": _("负数表示之后几天。"),
        "ways": _("分几路"),
        "way_a": _("符合"),
        "way_n": _("第 {n} 路"),
        "way_name": _("这一路的名称"),
        "add_way": _("再加一路"),
        "remove_way": _("删除这一路"),
        "earlier": _("提前判断"),
        "no_rule": _("没有条件：所有人都走这一路"),
        "edit_rule": _("编辑条件"),
        "share": _("比例"),
        "even": _("平均分"),
        "total": _("合计 {total}%，要等于 100%"),
        "answered_first": _("客户最近有回应的渠道优先"),
        "answered_first_help": _("半年内最后一次回复、打开或点击在哪个渠道，就先走哪个；没有就按上面的顺序。"),
        "of_message": _("哪条消息"),
        "was": _("看什么"),
        "was_sent": _("已发出"),
        "was_delivered": _("已送达"),
        "was_opened": _("已打开"),
        "was_clicked": _("已点击"),
        "was_answered": _("已回复"),
    }


def _setup() -> _Words:
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


def _measures() -> _Words:
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


def _filters() -> _Words:
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
