"""触达渠道: the ways that messages travel, and the links that they carried."""

import json
from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from homeground.core.secrets import seal, unseal

REFUSING_WORDS = [
    "退订",
    "TD",
    "T",
    "取消订阅",
    "拒收",
    "不要再发",
    "别再发了",
    "STOP",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
]


def refusing_words() -> list[str]:
    """The words that mean "no more" in a new channel."""
    return list(REFUSING_WORDS)


class Channel(models.Model):
    """触达渠道: one configured way to reach people."""

    slug = models.SlugField(_("标识"), max_length=20, unique=True, help_text="Consent and events name it so.")
    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(_("类型"), max_length=20, help_text="One of kinds.KINDS.")
    address_kinds = ArrayField(
        models.CharField(max_length=20), verbose_name=_("地址类型"), help_text="Kinds of identity, the best first."
    )
    unit_cost_minor = models.PositiveIntegerField(
        _("单条成本"), default=0, help_text="In the brand currency's minor unit."
    )
    rate_per_second = models.PositiveIntegerField(_("每秒上限"), default=0, help_text="Messages a second; 0: no limit.")
    is_enabled = models.BooleanField(_("启用"), default=False)
    refusing_words = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("退订用语"),
        default=refusing_words,
        help_text="An answer that is just one of these is an opt-out.",
    )
    sealed_settings = models.TextField(_("配置"), blank=True, help_text="JSON, encrypted.")
    paced_until = models.DateTimeField(_("已排到"), null=True, help_text="Until when the rate is spoken for.")
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("触达渠道")
        ordering = ["pk"]
        permissions = [("test_channel", "发送测试消息")]

    @property
    def title(self) -> str:
        """Its name; the one that it was installed with in the reader's language."""
        return gettext(self.name) if self.name else self.slug

    @property
    def settings(self) -> dict[str, Any]:
        """What its kind needs to send, secrets included; nothing when the deployment's key has changed since.

        Never shown, never logged.
        """
        try:
            return dict(json.loads(unseal(self.sealed_settings)))
        except (InvalidToken, ValueError):
            return {}

    @settings.setter
    def settings(self, settings: dict[str, Any]) -> None:
        self.sealed_settings = seal(json.dumps(settings))


class Link(models.Model):
    """链接: a URL that messages carried. Tokens name its id, so they stay short and lead nowhere else."""

    hash = models.CharField(_("摘要"), max_length=64, unique=True, help_text="SHA-256 of the URL, hexadecimal.")
    url = models.TextField(_("网址"))
    created_at = models.DateTimeField(_("首次出现"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("链接")
