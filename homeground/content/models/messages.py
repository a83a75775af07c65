"""消息模板: what we say, written once, with places that each customer's own facts fill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.core.loop import Link


@dataclass(frozen=True)
class Wording:
    """The text of one message as it stood at one moment; campaigns keep it from the freeze on.

    attachments: in our form (services.attachments); only messages on WeCom have any.
    """

    channel_kind: str
    subject: str
    body: str
    attachments: Sequence[Mapping[str, Any]] = ()


class Message(models.Model):
    """消息模板: text for one kind of channel. Campaigns take a copy when they freeze, so later edits change no send."""

    class ChannelKind(models.TextChoices):
        PHONE = "phone", _("手机消息")
        EMAIL = "email", _("邮件")
        WEBHOOK = "webhook", _("网络回调")
        WECOM_MASS = "wecom_mass", _("企业微信群发")
        WECOM_MOMENTS = "wecom_moments", _("朋友圈")

    name = models.CharField(_("模板名称"), max_length=60, unique=True)
    link = models.CharField(_("环节"), max_length=8, choices=Link.choices)
    channel_kind = models.CharField(
        _("渠道类型"), max_length=20, choices=ChannelKind.choices, default=ChannelKind.PHONE
    )
    subject = models.CharField(_("标题"), max_length=200, blank=True, help_text=_("邮件标题；其他渠道可留空。"))
    body = models.TextField(_("正文"), max_length=20_000, blank=True)
    attachments = models.JSONField(
        _("附件"), default=list, blank=True, help_text="In our form, see services.attachments; on WeCom alone."
    )
    is_promotion = models.BooleanField(
        _("营销信息"), default=True, help_text=_("营销信息需要客户同意，并自动附上退订方式；服务通知不需要。")
    )
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("消息模板")

    @property
    def wording(self) -> Wording:
        """Its text now."""
        return Wording(self.channel_kind, self.subject, self.body, self.attachments)


# One text for everybody, confirmed by a member of staff: it names nobody.
SHARED_KINDS = (Message.ChannelKind.WECOM_MASS, Message.ChannelKind.WECOM_MOMENTS)
