"""微信客服: how far the messages of each account were read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KfAccount(models.Model):
    """客服账号: where the next reading begins."""

    open_kfid = models.CharField(_("客服账号 ID"), max_length=64, unique=True)
    cursor = models.CharField(_("位置"), max_length=100, blank=True)
    read_at = models.DateTimeField(_("最近读取"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("客服账号")
