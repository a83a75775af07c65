"""The editor around the canvas: palette, panel, keys, what each node does."""

from django.utils.translation import gettext as _

from homeground.journeys.views.journeys.words.canvas import Words


def frame() -> Words:
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
