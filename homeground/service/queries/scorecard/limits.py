"""What the platform does not let anyone measure exactly, metric by metric."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeground.service.models import ScoreGoal


@dataclass(frozen=True)
class Limit:
    """One metric: what it is counted from, and what stays unseen. document: of the platform."""

    metric: str
    basis: str | Promise
    unseen: str | Promise
    document: str


def limits() -> list[Limit]:
    """In the order of the metrics."""
    metric = ScoreGoal.Metric
    return [
        Limit(
            metric.FRIENDED,
            _(
                "经入口来的人里，已经是或后来成为员工好友的：扫群活码进群的，计入群主；经渠道活码、获客链接申请、"
                "并且平台告知了申请的，计入被申请的员工。每人每周算一次。"
            ),
            _(
                "要好友验证的入口，平台不告知申请，没通过的人谁都看不到，所以不算在内；别人拉进群的也不算。"
                "企业没有绑定微信开发者账号时，同一个人可能认不出来。"
            ),
            "92122",
        ),
        Limit(
            metric.ACCEPTED,
            _("平台告知的申请，和员工自己登记的申请，到通过为止的时间。"),
            _("开着好友验证时，平台不告知谁在等待通过：只能靠员工登记，或抽查。免验证能精确计时，但不建议打开。"),
            "92130",
        ),
        Limit(
            metric.ANSWERED,
            _("会话存档、微信客服、朋友圈评论里客户的话，到员工回复为止的时间；单独一句谢谢不用回，不计时。"),
            _(
                "没有会话存档时，单聊和群聊的每条消息都看不到，只有平台的日统计（首次回复按自然日）；"
                "员工点击“已回复”的只是自己的说法，单独列出。"
            ),
            "92132",
        ),
        Limit(
            metric.CARED,
            _("关怀轮次里员工勾选的点赞和评论。"),
            _("没有任何接口能给客户的朋友圈点赞或评论，也看不到员工是否真的做了：这是清单，不是证据。"),
            "93333",
        ),
        Limit(
            metric.CONVERTED,
            _("这段时间里是好友、并且在好友期间下过单的人。"),
            _("没有和订单对上身份的人算作没买；转化高低也可能是人群不同造成的，是否由员工带来，要看活动复盘的对照组。"),
            "",
        ),
    ]
