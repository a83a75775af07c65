"""沙盒素材: files that a caller uploaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Media(models.Model):
    """素材: temporary (3 days), or permanent when it is an image for a URL."""

    media_id = models.CharField(_("素材 ID"), max_length=128, unique=True)
    kind = models.CharField(_("类型"), max_length=5)
    name = models.CharField(_("文件名"), max_length=255)
    content_type = models.CharField(_("内容类型"), max_length=100)
    body = models.BinaryField(_("内容"))
    is_permanent = models.BooleanField(_("永久"), default=False)
    attachment_type = models.PositiveSmallIntegerField(
        _("附件用途"), default=0, help_text="0 none, 1 Moments, 2 product album."
    )
    created_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒素材")
