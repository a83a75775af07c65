"""沙盒企业: one corp of our own, its secrets, its clock and the rules that its platform keeps."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Corp(models.Model):
    """沙盒企业: one row. Its secrets open nothing but this sandbox, so they stand here as they are."""

    class MassRule(models.TextChoices):
        """How often one customer, or one group, may get mass messages (the documented three modes)."""

        MONTH_DAYS = "per_month_days", _("每月不超过当月天数")
        SEVEN_A_WEEK = "7_per_week", _("每周 7 次")
        ONE_A_DAY = "1_per_day", _("每天 1 次")

    class CallbackFault(models.TextChoices):
        NONE = "", _("不出错")
        DUPLICATE = "duplicate", _("重复发送")
        SHUFFLE = "shuffle", _("乱序")
        FAIL = "fail", _("发送失败")
        DELAY = "delay", _("延迟")

    corpid = models.CharField(_("企业 ID"), max_length=18)
    name = models.CharField(_("企业名称"), max_length=60, default="沙盒企业")
    agentid = models.PositiveIntegerField(_("应用 ID"), default=1000002)
    secret = models.CharField(_("应用 Secret"), max_length=43)
    contact_secret = models.CharField(_("客户联系 Secret"), max_length=43)
    token = models.CharField(_("回调 Token"), max_length=32)
    aes_key = models.CharField("EncodingAESKey", max_length=43)
    callback_url = models.CharField(_("回调地址"), max_length=500, blank=True, help_text="Empty: nobody is told.")
    clock_offset_seconds = models.BigIntegerField(_("时钟偏移秒数"), default=0, help_text="Added to the real time.")
    time_zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    is_developer_bound = models.BooleanField(
        _("已绑定微信开发者"), default=True, help_text="Then contacts carry a unionid."
    )
    callback_fault = models.CharField(
        _("回调故障"), max_length=9, choices=CallbackFault.choices, blank=True, default=CallbackFault.NONE
    )
    callback_faults_left = models.PositiveIntegerField(
        _("剩余次数"), default=0, help_text="Callbacks that the fault still meets."
    )
    callback_delay_seconds = models.PositiveIntegerField(_("回调延迟秒数"), default=5)
    mass_rule = models.CharField(_("群发规则"), max_length=14, choices=MassRule.choices, default=MassRule.MONTH_DAYS)
    dispatch_seconds = models.PositiveIntegerField(
        _("任务下发秒数"), default=2, help_text="So long a new msgid answers 41063, and a Moments job runs."
    )
    calls_per_minute = models.PositiveIntegerField(_("每分钟调用"), default=10_000, help_text="For each API.")
    calls_per_hour = models.PositiveIntegerField(_("每小时调用"), default=150_000, help_text="For each API.")
    tells_of_api_actions = models.BooleanField(
        _("接口操作也回调"), default=False, help_text="The platform never does; for tests only."
    )
    is_archiving = models.BooleanField(_("会话存档"), default=False)
    archive_url = models.CharField(_("存档推送地址"), max_length=500, blank=True)
    sealed_archive_token = models.TextField(_("存档推送令牌"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒企业")
        permissions = [("play_corp", _("扮演沙盒企业的员工与客户"))]
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sandbox_corp_is_one_row")]


class App(models.TextChoices):
    """Which secret a caller holds: its own app, or the app for customer contact."""

    AGENT = "agent", _("自建应用")
    CONTACT = "contact", _("客户联系")


class AccessToken(models.Model):
    """令牌. Old ones stay a while: an expired token is answered with another code than one never given."""

    app = models.CharField(_("应用"), max_length=7, choices=App.choices)
    token = models.CharField(_("令牌"), max_length=512, unique=True)
    expires_at = models.DateTimeField(_("到期"))
    is_invalid = models.BooleanField(_("已作废"), default=False, help_text="Then the platform says 40014.")

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒令牌")
        indexes = [models.Index(fields=["app", "-expires_at"], name="sandbox_token_newest")]


class JsTicket(models.Model):
    """JS-SDK 票据: one of the corp ("corp"), one of each app (its own name)."""

    kind = models.CharField(_("类型"), max_length=12, unique=True)
    ticket = models.CharField(_("票据"), max_length=512)
    expires_at = models.DateTimeField(_("到期"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒票据")


class OAuthCode(models.Model):
    """网页授权码: who opened the page. Once, within 5 minutes. Exactly one of member and contact, or only an openid."""

    code = models.CharField(_("授权码"), max_length=512, unique=True)
    member = models.ForeignKey("sandbox.Member", models.CASCADE, null=True, related_name="+")
    contact = models.ForeignKey("sandbox.Contact", models.CASCADE, null=True, related_name="+")
    openid = models.CharField("OpenID", max_length=64, blank=True, help_text="Of somebody who is neither.")
    is_private = models.BooleanField(_("含敏感信息"), default=False, help_text="scope=snsapi_privateinfo.")
    created_at = models.DateTimeField(_("创建时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒授权码")


class UserTicket(models.Model):
    """成员票据: lets an app read what a member granted, for 30 minutes."""

    ticket = models.CharField(_("票据"), max_length=512, unique=True)
    member = models.ForeignKey("sandbox.Member", models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(_("到期"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒成员票据")
