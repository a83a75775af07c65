"""欢迎语: what a new friend reads first."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeground.growth.models.doors import DAY, Door


class WelcomePicture(models.Model):
    """欢迎语图片: kept here, and uploaded to the platform again before its copy expires."""

    name = models.CharField(_("文件名"), max_length=100)
    content_type = models.CharField(max_length=20)
    body = models.BinaryField()
    url = models.URLField(_("平台地址"), max_length=500, blank=True, help_text="Of media/uploadimg: lasts.")
    media_id = models.CharField(max_length=300, blank=True, help_text="Of media/upload: lasts three days.")
    media_at = models.DateTimeField(null=True, help_text="When the media_id was made.")
    error = models.CharField(_("错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("欢迎语图片")


class Welcome(models.Model):
    """欢迎语: one text with its hours. Of a door, or (without one) the default of all friends."""

    class Attachment(models.TextChoices):
        NONE = "", _("不带附件")
        IMAGE = "image", _("图片")
        LINK = "link", _("网页链接")
        MINI_PROGRAM = "miniprogram", _("小程序")

    class Relation(models.TextChoices):
        ANY = "", _("所有人")
        WEAK = "weak", _("弱关系（无关系、单边）")
        STRONG = "strong", _("强关系（双边、多边）")

    door = models.ForeignKey(Door, models.CASCADE, null=True, related_name="welcomes")
    position = models.PositiveSmallIntegerField(_("顺序"), help_text="The first that fits is sent.")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("星期"), help_text="0 is Monday.")
    start_minute = models.PositiveSmallIntegerField(_("开始"), default=0)
    end_minute = models.PositiveSmallIntegerField(_("结束"), default=DAY)
    relation = models.CharField(_("关系"), max_length=6, choices=Relation.choices, blank=True)
    text = models.TextField(_("欢迎语"), blank=True)
    attachment = models.CharField(_("附件"), max_length=11, choices=Attachment.choices, blank=True)
    title = models.CharField(_("标题"), max_length=64, blank=True)
    url = models.CharField(_("网址或小程序页面"), max_length=500, blank=True)
    appid = models.CharField("AppID", max_length=40, blank=True)
    picture = models.ForeignKey(WelcomePicture, models.PROTECT, null=True, related_name="+", verbose_name=_("图片"))

    class Meta:
        verbose_name = verbose_name_plural = _("欢迎语")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_minute__lt=DAY, end_minute__range=(1, DAY)) & ~Q(start_minute=F("end_minute")),
                name="welcome_within_a_day",
            ),
            models.CheckConstraint(condition=~Q(text="", attachment=""), name="welcome_says_something"),
        ]
