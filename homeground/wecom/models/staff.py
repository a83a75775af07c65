"""员工: who serves. Not a console login, but may have one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Staff(models.Model):
    """员工: a member of the corp who may have customers. Kept when they leave."""

    userid = models.CharField(_("账号"), max_length=64, unique=True, help_text="Lower case: theirs ignores case.")
    name = models.CharField(_("姓名"), max_length=64, blank=True)
    department = models.CharField(_("部门"), max_length=64, blank=True)
    position = models.CharField(_("职务"), max_length=64, blank=True)
    avatar = models.URLField(_("头像"), max_length=500, blank=True)
    is_active = models.BooleanField(_("在职"), default=True, help_text="Has the customer contact feature.")
    left_at = models.DateTimeField(_("离职时间"), null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name=_("登录账号"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("员工")
        ordering = ["pk"]

    @property
    def title(self) -> str:
        return self.name or self.userid
