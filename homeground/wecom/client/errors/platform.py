"""Codes of the platform itself: credentials, rates, rights (document 90313)."""

from django.utils.translation import gettext_lazy as _

from homeground.wecom.client.errors.known import Known, Remedy

CODES = (
    Known(-1, _("平台系统繁忙"), Remedy.RETRY),
    Known(6000, _("数据版本冲突"), Remedy.RETRY),
    Known(40001, _("Secret 不正确"), Remedy.CONFIGURE, _("请在「企业微信」页面重新填写应用的 Secret。")),
    Known(40013, _("企业 ID 不正确"), Remedy.CONFIGURE, _("请在「企业微信」页面核对企业 ID。")),
    Known(40014, _("令牌无效"), Remedy.REFRESH),
    Known(41001, _("调用缺少令牌"), Remedy.REPORT),
    Known(41002, _("缺少企业 ID"), Remedy.CONFIGURE),
    Known(41004, _("缺少 Secret"), Remedy.CONFIGURE),
    Known(42001, _("令牌已过期"), Remedy.REFRESH),
    Known(45009, _("调用次数超过平台频率限制"), Remedy.WAIT),
    Known(45033, _("同时进行的调用过多"), Remedy.RETRY),
    Known(45035, _("同时修改同一数据"), Remedy.RETRY),
    Known(
        48001,
        _("应用没有这个接口的权限"),
        Remedy.CONFIGURE,
        _("请在企业微信后台「客户联系 → 可调用接口的应用」加入本应用。"),
    ),
    Known(
        48002,
        _("应用没有这个接口的权限"),
        Remedy.CONFIGURE,
        _("请在企业微信后台「客户联系 → 可调用接口的应用」加入本应用。"),
    ),
    Known(48005, _("这个接口已被平台停用"), Remedy.STOP),
    Known(48006, _("这个接口的权限已被平台收回"), Remedy.STOP),
    Known(48011, _("员工长期未登录企业微信"), Remedy.STAFF),
    Known(
        50002,
        _("员工不在应用的可见范围"),
        Remedy.SKIP,
        _("需要这位员工时，请在企业微信后台把他加入应用的可见范围。"),
    ),
    Known(50003, _("应用已被停用"), Remedy.STOP, _("请在企业微信后台启用应用。")),
    Known(60011, _("没有这位员工或部门的权限"), Remedy.SKIP),
    Known(
        60020,
        _("服务器 IP 不在企业可信 IP 中"),
        Remedy.CONFIGURE,
        _("请在企业微信后台应用页的「企业可信 IP」加入本服务器的出口 IP。"),
    ),
    Known(
        60021,
        _("员工不在应用的可见范围"),
        Remedy.SKIP,
        _("需要这位员工时，请在企业微信后台把他加入应用的可见范围。"),
    ),
    Known(60111, _("没有这个员工账号"), Remedy.SKIP),
    Known(301002, _("应用无权进行这项操作"), Remedy.CONFIGURE),
    Known(
        701008,
        _("员工都没有接口许可"),
        Remedy.CONFIGURE,
        _("请在企业微信后台为员工购买或分配「互通账号」接口许可。"),
    ),
)
