"""沙盒员工: members and departments of the corp."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    """部门"""

    number = models.PositiveIntegerField(_("部门 ID"), unique=True)
    name = models.CharField(_("名称"), max_length=64)
    parent = models.PositiveIntegerField(_("上级部门 ID"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒部门")


class Member(models.Model):
    """员工. The platform does not tell upper from lower case in a userid."""

    userid = models.CharField(_("账号"), max_length=64)
    name = models.CharField(_("姓名"), max_length=64)
    departments = ArrayField(models.PositiveIntegerField(), verbose_name=_("部门"), default=list)
    position = models.CharField(_("职务"), max_length=64, blank=True)
    avatar = models.CharField(_("头像"), max_length=500, blank=True)
    mobile = models.CharField(_("手机号"), max_length=20, blank=True)
    email = models.CharField(_("邮箱"), max_length=100, blank=True)
    gender = models.PositiveSmallIntegerField(_("性别"), default=0, help_text="0 unknown, 1 male, 2 female.")
    is_active = models.BooleanField(_("已激活"), default=True)
    is_visible = models.BooleanField(_("在应用可见范围内"), default=True)
    has_contact = models.BooleanField(_("可使用客户联系"), default=True)
    is_licensed = models.BooleanField(_("有接口许可"), default=True)
    customer_cap = models.PositiveIntegerField(_("客户上限"), default=20_000)
    resigned_at = models.DateTimeField(_("离职时间"), null=True)
    joined_at = models.DateTimeField(_("入职时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒员工")
        constraints = [models.UniqueConstraint(Lower("userid"), name="sandbox_member_userid_once")]
