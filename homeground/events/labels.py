"""What events, and those who told of them, are called on screen."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "channels.message_assigned": _("消息待员工确认"),
    "channels.message_withdrawn": _("消息在员工确认前撤回"),
    "channels.message_sent": _("消息已发送"),
    "channels.message_delivered": _("消息已送达"),
    "channels.message_opened": _("消息被打开"),
    "channels.message_clicked": _("消息被点击"),
    "channels.message_answered": _("客户回复"),
    "channels.message_refused": _("客户拒收"),
    "channels.message_failed": _("消息发送失败"),
    "commerce.order_paid": _("订单支付"),
    "commerce.order_refunded": _("订单退款"),
    "commerce.order_changed": _("订单更正"),
    "people.customers_merged": _("身份合并"),
    "people.customers_unmerged": _("撤销合并"),
    "people.consent_given": _("授权同意"),
    "people.consent_withdrawn": _("退订"),
    "people.relation_moved": _("关系阶段变化"),
    "people.customer_unmasked": _("查看客户隐私信息"),
    "segments.segment_entered": _("进入人群"),
    "segments.segment_left": _("离开人群"),
    "growth.door_opened": _("打开入口页"),
    "growth.door_entered": _("经入口进来"),
    "service.message_received": _("发来消息"),
    "service.customer_answered": _("员工已回复"),
    "service.customer_touched": _("员工主动联系"),
    "service.ticket_opened": _("工单已开"),
    "service.ticket_closed": _("工单结单"),
    "loyalty.points_earned": _("获得积分"),
    "loyalty.points_redeemed": _("积分兑换"),
    "loyalty.points_expired": _("积分过期"),
    "loyalty.points_reversed": _("积分冲回"),
    "loyalty.coupon_granted": _("领到优惠券"),
    "loyalty.coupon_used": _("核销优惠券"),
    "loyalty.coupon_expired": _("优惠券过期"),
    "loyalty.coupon_revoked": _("优惠券作废"),
    "journeys.journey_entered": _("进入旅程"),
    "journeys.journey_left": _("离开旅程"),
    "wecom.friend_requested": _("申请加好友"),
    "wecom.friend_added": _("加为好友"),
    "wecom.friend_removed_by_staff": _("被员工删除好友"),
    "wecom.friend_removed_by_customer": _("删除了好友"),
    "wecom.friend_transferred": _("转接给同事"),
    "wecom.transfer_refused": _("拒绝转接"),
    "wecom.group_joined": _("进群"),
    "wecom.group_left": _("退群"),
    "wecom.chat_started": _("首次开口"),
    "wecom.moment_liked": _("点赞朋友圈"),
    "wecom.moment_commented": _("评论朋友圈"),
    # What event SDKs send without a name of their own.
    "page_viewed": _("浏览网页"),
    "screen_viewed": _("浏览应用页面"),
    "identified": _("身份识别"),
    "grouped": _("归入组织"),
    "aliased": _("身份关联"),
}

SOURCES: dict[str, str | Promise] = {
    "homeground": _("系统记录"),
    "api": _("事件接口"),
    "segment": "Segment SDK",
    "wecom": _("企业微信"),
    "kf": _("微信客服"),
    "chat": _("聊天"),
    "demo": _("演示数据"),
    "predicted": _("预测"),
    "opt_out_page": _("退订页"),
    "one_click": _("邮件一键退订"),
}
_PARTS: dict[str, str | Promise] = {"file": _("文件 %s"), "door": _("入口 %s"), "console": _("后台 %s")}


def label(name: str) -> str:
    """The event's name on screen, in the reader's language; an event of the brand's own bears the name it came with."""
    return str(LABELS.get(name, name))


def source_label(source: str) -> str:
    """Where it came from, on screen, in the reader's language; a brand's own source bears the name it came with."""
    kind, _colon, name = source.partition(":")
    return str(_PARTS[kind]) % name if name and kind in _PARTS else str(SOURCES.get(source, source))


def source_choices(sources: Iterable[str]) -> list[tuple[str, str]]:
    """Sources as the choices of a list."""
    return [(source, source_label(source)) for source in sources]
