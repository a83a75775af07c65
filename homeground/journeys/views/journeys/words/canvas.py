"""The canvas: what stands on nodes, lines and tools."""

from django.utils.translation import gettext as _

Words = dict[str, str | list[str]]


def canvas_words() -> Words:
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


def _kinds() -> Words:
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
