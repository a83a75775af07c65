"""专家名片: who our people are, and what entitles them to advise (M47, M61)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StaffProfile(models.Model):
    """员工名片: what a customer sees of one member of staff."""

    staff = models.OneToOneField("wecom.Staff", models.CASCADE, related_name="profile", verbose_name=_("员工"))
    token = models.CharField(_("名片地址"), max_length=16, unique=True, help_text="In /p/<token>.")
    headline = models.CharField(_("一句话介绍"), max_length=60, blank=True, help_text=_("例如：十年敏感肌护理顾问"))
    introduction = models.TextField(_("自我介绍"), max_length=1000, blank=True)
    expertise = models.CharField(
        _("擅长"), max_length=120, blank=True, help_text=_("用顿号分隔，例如：敏感肌、屏障修护")
    )
    is_shown = models.BooleanField(_("对客户展示"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("员工名片")


class Credential(models.Model):
    """资质证书: what a member may call themselves, until when, and who checked it."""

    staff = models.ForeignKey("wecom.Staff", models.CASCADE, related_name="credentials", verbose_name=_("员工"))
    title = models.CharField(_("资质名称"), max_length=80, help_text=_("例如：国家二级公共营养师"))
    number = models.CharField(_("证书编号"), max_length=60, blank=True)
    issuer = models.CharField(_("发证机构"), max_length=80)
    issued_on = models.DateField(_("发证日期"))
    expires_on = models.DateField(_("有效期至"), null=True, blank=True, help_text=_("长期有效则留空。"))
    checked_by = models.CharField(_("核验人"), max_length=150, help_text=_("看过原件的人。"))
    checked_at = models.DateTimeField(_("核验时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("资质证书")
        ordering = ["expires_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "title", "number"], name="credential_once"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
                name="credential_ends_after_it_begins",
            ),
        ]
