"""指标: what the packs' pages show; one definition a metric, and beside every gain its harm (M2)."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Harm = Literal["left", "complained", "returned"]


@dataclass(frozen=True)
class Metric:
    """A share: so many (good) of so many (of). harm: what must not rise while it does."""

    key: str
    label: Text
    good: Text
    of: Text
    harm: Harm


HARMS: dict[str, tuple[Text, Text]] = {
    "left": (_("反感率"), _("期内退订、拉黑、删除好友或退群的客户，占期内收到过消息的客户")),
    "complained": (_("投诉率"), _("期内投诉过的客户，占期内收到过消息、下过单或发来过消息的客户")),
    "returned": (_("退款率"), _("期内有退款的客户，占期内下过单的客户")),
}
METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (
        Metric(
            "participation", _("活动参与率"), _("期内点击、回复消息，或点赞评论朋友圈的客户"),
            _("期内收到过消息的客户"), "left",
        ),
        Metric(
            "repurchase", _("复购率"), _("其中期内下过两单及以上的客户"), _("期内下过单的客户"), "returned",
        ),
        Metric(
            "popularity", _("产品受欢迎度"), _("其中买过最受欢迎的一款产品的客户"), _("期内下过单的客户"), "returned",
        ),
        Metric(
            "reply-in-time", _("应答及时率"), _("其中在时限内回复的"),
            _("期内客户发来、需要员工回复的消息，含一直没有回复的"), "complained",
        ),
        Metric(
            "lead-in-hour", _("咨询一小时接起率"), _("其中一小时内有员工回复或主动联系的"),
            _("期内新加的好友，不含不足一小时的"), "left",
        ),
        Metric(
            "lead-in-time", _("新客首次跟进率"), _("其中 24 小时内有员工回复或主动联系的"),
            _("期内新加的好友，不含不足 24 小时的"), "left",
        ),
        Metric(
            "consult-entry", _("咨询进入率"), _("其中经这些来源进入私域的客户，历来累计"),
            _("内容自媒体来源的账号粉丝数，由运营填写"), "left",
        ),
        Metric(
            "first-order", _("首单转化率"), _("其中同一期内下了第一单的"), _("期内第一次出现的客户"), "left",
        ),
        Metric(
            "kept-on", _("持续回购率"), _("其中这一期又下单的"), _("上一期下过单的客户"), "returned",
        ),
        Metric(
            "yearly-return", _("周年回流率"), _("其中今年同期前后 30 天内又下单的"), _("去年同期下过单的客户"), "left",
        ),
        Metric(
            "referral-share", _("转介绍占比"), _("其中来源类型是“口碑转介绍”的"), _("期内第一次出现的客户"), "left",
        ),
        Metric(
            "trust-first", _("先信任后下单"), _("其中首单前 90 天内能看到朋友圈内容的"),
            _("期内第一次下单的企业微信客户，最多取最新两千人"), "complained",
        ),
        Metric(
            "silent-buy", _("沉默转购买"), _("其中期内下单的"), _("期初已沉默 90 天的客户：没有任何主动行为"), "left",
        ),
        Metric(
            "journey-goal", _("旅程达成率"), _("其中已达成目标的"),
            _("期内进入本打法各条旅程的人次，不含对照组"), "left",
        ),
    )
}  # fmt: skip
