"""快捷回复: prepared answers, what they fit, and how often they helped."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from homeground.people.models import Relation


class QuickReply(models.Model):
    """快捷回复: a text with places, ready to send."""

    class Fits(models.TextChoices):
        ANYONE = "anyone", _("不限")
        BOUGHT = "bought", _("已消费")
        NOT_BOUGHT = "not_bought", _("未消费")

    title = models.CharField(_("标题"), max_length=60, unique=True)
    text = models.TextField(_("话术"), max_length=2000)
    url = models.URLField(_("附带链接"), max_length=500, blank=True)
    group = models.CharField(_("话术分组"), max_length=30, db_index=True)
    keywords = ArrayField(
        models.CharField(max_length=20), verbose_name=_("客户会怎么问"), default=list, blank=True,
        help_text=_("客户话里出现这些词时推荐，用顿号或逗号分开。"),
    )  # fmt: skip
    relations = ArrayField(
        models.CharField(max_length=10, choices=Relation.choices), verbose_name=_("适合的关系"), default=list,
        blank=True, help_text=_("都不选：不限。"),
    )  # fmt: skip
    fits = models.CharField(_("适合的客户"), max_length=10, choices=Fits.choices, default=Fits.ANYONE)
    uses = models.PositiveIntegerField(_("使用次数"), default=0)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)
    grams = models.GeneratedField(
        expression=Func(
            Concat("title", Value(" "), "text", output_field=models.TextField()), function="people_bigrams"
        ),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        help_text="Every two characters side by side, of title and text.",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("快捷回复")
        permissions = [("use_quickreply", _("使用快捷回复"))]
        indexes = [
            GinIndex(fields=["grams"], name="quick_reply_by_bigram"),
            models.Index(fields=["-uses", "-id"], name="quick_reply_most_used"),
        ]


class FavouriteReply(models.Model):
    """收藏的话术"""

    reply = models.ForeignKey(QuickReply, models.CASCADE, related_name="favourites")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("收藏的话术")
        constraints = [models.UniqueConstraint(fields=["reply", "user"], name="reply_favoured_once")]


class ReplyUse(models.Model):
    """话术使用: somebody took it for somebody."""

    reply = models.ForeignKey(QuickReply, models.CASCADE, related_name="+")
    staff = models.ForeignKey("wecom.Staff", models.SET_NULL, null=True, related_name="+")
    customer = models.ForeignKey("people.Customer", models.CASCADE, null=True, related_name="+")
    used_at = models.DateTimeField(_("使用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("话术使用")
        indexes = [models.Index(fields=["reply", "used_at"], name="reply_use_by_reply")]
