"""Codes of apps: messages to members, sign-in, JS signatures, 微信客服, archive (document 90313)."""

from django.utils.translation import gettext_lazy as _

from homeground.wecom.client.errors.known import Known, Remedy

CODES = (
    Known(40029, _("登录 code 无效"), Remedy.SIGN_IN),
    Known(42003, _("登录 code 已过期"), Remedy.SIGN_IN),
    Known(42022, _("登录 code 已被使用"), Remedy.SIGN_IN),
    Known(50001, _("页面域名不可信"), Remedy.CONFIGURE, _("请在企业微信后台应用页设置「网页授权及 JS-SDK」可信域名。")),
    Known(84014, _("员工授权凭证已过期"), Remedy.SIGN_IN),
    Known(84015, _("员工授权凭证无效"), Remedy.SIGN_IN),
    Known(84025, _("state 参数不正确"), Remedy.REPORT),
    Known(40093, _("JS 接口签名不正确"), Remedy.REPORT),
    Known(42012, _("JS 接口凭证不能使用"), Remedy.REPORT),
    Known(91040, _("JS 接口凭证类型不符"), Remedy.REPORT),
    Known(82001, _("没有任何接收人"), Remedy.INPUT),
    Known(82002, _("部门超过 100 个"), Remedy.INPUT),
    Known(82003, _("标签超过 100 个"), Remedy.INPUT),
    Known(82004, _("消息内容被拒绝"), Remedy.INPUT),
    Known(42052, _("消息发出已超过 24 小时，不能撤回"), Remedy.FINAL),
    Known(60140, _("卡片凭证无效或已过期"), Remedy.FINAL),
    Known(92000, _("员工不在应用的可见范围"), Remedy.SKIP),
    Known(93000, _("群机器人地址无效或已被移除"), Remedy.CONFIGURE),
    Known(93004, _("群机器人已停止推送"), Remedy.CONFIGURE),
    Known(93008, _("群机器人不在群里"), Remedy.CONFIGURE),
    Known(60251, _("缺少客服账号 ID"), Remedy.CONFIGURE),
    Known(60252, _("客服账号 ID 不正确"), Remedy.CONFIGURE),
    Known(95000, _("客服账号 ID 不正确"), Remedy.CONFIGURE),
    Known(95001, _("客户没有新消息前最多回复 5 条"), Remedy.FINAL),
    Known(95002, _("客户 48 小时内没有来消息，不能再回复"), Remedy.FINAL),
    Known(95004, _("客服账号已不存在"), Remedy.CONFIGURE),
    Known(95007, _("客服消息凭证不正确"), Remedy.RESTART),
    Known(95013, _("客服会话已结束"), Remedy.FINAL),
    Known(95016, _("客服会话不能这样转换"), Remedy.INPUT),
    Known(95018, _("客服会话的状态不允许发送"), Remedy.FINAL),
    Known(95033, _("客服消息已经发送过"), Remedy.FINAL),
    Known(301048, _("存档媒体已过期"), Remedy.FINAL),
    Known(301052, _("会话存档服务已到期"), Remedy.CONFIGURE),
    Known(301053, _("没有开通会话存档"), Remedy.CONFIGURE),
    Known(301058, _("存档数据过大"), Remedy.SKIP),
)
