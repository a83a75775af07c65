"""What the console keeps of its own: failed sign-ins, for the limit on them."""

from django.db import models
from django.db.models.functions import Now


class FailedSignIn(models.Model):
    """登录失败: one wrong password. Old rows go when new ones come."""

    account = models.CharField("账号", max_length=150, help_text="As typed; it need not exist.")
    address = models.GenericIPAddressField("来源地址")
    failed_at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "登录失败"
        indexes = [
            models.Index(fields=["account", "failed_at"], name="failed_by_account"),
            models.Index(fields=["address", "failed_at"], name="failed_by_address"),
        ]
        default_permissions = ()
        permissions = [
            ("manage_users", "管理成员与角色"),
            ("change_brand", "修改品牌设置"),
        ]
