"""安装: which pack was installed, and which objects of other rooms came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """打法安装: a pack as it was installed; one a pack. Its pieces are ordinary objects of their rooms."""

    pack = models.SlugField(_("打法"), max_length=40, unique=True)
    version = models.PositiveIntegerField(_("版本"))
    document = models.JSONField(_("内容"), help_text="The pack as it was installed, or last upgraded to.")
    language = models.CharField(_("语言"), max_length=2, help_text="zh or en: in which the pieces were written.")
    choices = models.JSONField(_("选择"), default=dict, help_text="Channel by kind, group door.")
    answers = models.JSONField(_("回答"), default=dict, help_text="Price, cycle, frequency; suitability's figures.")
    installed_by = models.CharField(_("安装人"), max_length=150)
    installed_at = models.DateTimeField(_("安装时间"))
    upgraded_at = models.DateTimeField(_("升级时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("打法安装")
        ordering = ["-installed_at", "-pk"]
        permissions = [("install_playbook", _("安装、升级与卸载打法"))]
        constraints = [models.CheckConstraint(condition=Q(language__in=("zh", "en")), name="installation_in_zh_or_en")]


class InstalledPiece(models.Model):
    """打法部件: one object that an installation made, and how it was then."""

    class Kind(models.TextChoices):
        """In the order in which they are made: what others name comes first."""

        SEGMENT = "segment", _("人群")
        MESSAGE = "message", _("消息模板")
        COUPON = "coupon", _("优惠券")
        JOURNEY = "journey", _("旅程")
        REPLY = "reply", _("快捷回复")
        PERSONA = "persona", _("人设")
        POST = "post", _("朋友圈计划")
        FOLLOW_UP = "follow_up", _("跟进间隔")
        FEED = "feed", _("朋友圈配比")
        CAP = "cap", _("疲劳度")
        SHARE = "share", _("营销占比")

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="pieces", verbose_name=_("打法安装"))
    kind = models.CharField(_("类型"), max_length=9, choices=Kind.choices)
    name = models.CharField(_("包内名称"), max_length=60, help_text="What the pack calls it.")
    object_id = models.BigIntegerField(_("对象"), help_text="Of the kind's own table; it may be gone by now.")
    given = models.JSONField(_("包内内容"), help_text="What the pack said, in the installation's language.")
    fingerprint = models.CharField(_("指纹"), max_length=64, help_text="SHA-256 of the object as it was installed.")
    version = models.PositiveIntegerField(_("版本"), help_text="Of the pack that it was last written from.")

    class Meta:
        verbose_name = verbose_name_plural = _("打法部件")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["installation", "kind", "name"], name="installed_piece_once"),
        ]
