"""接入: which corp this is, the apps that speak for it, and how much of the platform's patience is used up."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

PLATFORM = "https://qyapi.weixin.qq.com/"
SANDBOX = "/sandbox/wecom/"  # Below the address of a deployment: its own sandbox corp.


class Corp(models.Model):
    """企业: the one corp of this deployment. One row; none before somebody connects one."""

    corpid = models.CharField(_("企业 ID"), max_length=64)
    name = models.CharField(_("企业名称"), max_length=60, blank=True)
    base_url = models.URLField(
        _("接口地址"), default=PLATFORM, help_text=_("官方地址，或本机沙盒企业的地址；其余部分完全一样。")
    )
    connected_at = models.DateTimeField(_("接入时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("企业")
        permissions = [("connect_corp", _("接入企业微信"))]
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="corp_is_one_row")]

    @property
    def is_real(self) -> bool:
        """Whether it is the platform itself that answers."""
        return self.base_url.startswith(PLATFORM)


class App(models.Model):
    """应用: one secret of the corp, with its token and, where it has a callback, the keys of that."""

    class Slug(models.TextChoices):
        """What each app is for. One self-built app may serve for both: then their secrets are equal."""

        CONTACT = "contact", _("客户联系")
        AGENT = "agent", _("员工应用")

    slug = models.CharField(_("用途"), max_length=10, choices=Slug.choices, unique=True)
    agentid = models.CharField(_("应用 ID"), max_length=20, blank=True)
    sealed_secret = models.TextField("Secret")
    sealed_callback_token = models.TextField(_("回调 Token"), blank=True)
    sealed_aes_key = models.TextField("EncodingAESKey", blank=True)
    sealed_access_token = models.TextField("access_token", blank=True)
    expires_at = models.DateTimeField(_("令牌到期"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("应用")


class RateBudget(models.Model):
    """调用额度: calls to one API in the running minute and hour, shared by every process."""

    api = models.CharField(_("接口"), max_length=80, unique=True, help_text="Path without /cgi-bin/.")
    minute_at = models.DateTimeField(_("这一分钟起"))
    in_minute = models.PositiveIntegerField(_("这一分钟已调用"), default=0)
    hour_at = models.DateTimeField(_("这一小时起"))
    in_hour = models.PositiveIntegerField(_("这一小时已调用"), default=0)
    blocked_until = models.DateTimeField(_("暂停到"), null=True, help_text="The platform answered 45009.")

    class Meta:
        verbose_name = verbose_name_plural = _("调用额度")
