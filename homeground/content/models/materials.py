"""素材: pictures and films that messages carry."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Material(models.Model):
    """素材: one file, kept once however often it is given. Pictures are kept as the platform takes them."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("图片")
        VIDEO = "video", _("视频")

    kind = models.CharField(_("类型"), max_length=5, choices=Kind.choices)
    name = models.CharField(_("文件名"), max_length=100)
    digest = models.CharField(_("摘要"), max_length=64, unique=True, help_text="SHA-256 of the bytes we keep.")
    content_type = models.CharField(_("格式"), max_length=30)
    size_bytes = models.PositiveIntegerField(_("大小"))
    width = models.PositiveIntegerField(_("宽"), null=True)
    height = models.PositiveIntegerField(_("高"), null=True)
    seconds = models.FloatField(_("时长"), null=True)
    added_by = models.CharField(_("上传人"), max_length=150)
    added_at = models.DateTimeField(_("上传时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("素材")


class MaterialBytes(models.Model):
    """素材内容. In the database: the worker may run on another machine than the pages, and a backup has it too."""

    material = models.OneToOneField(Material, models.CASCADE, primary_key=True, related_name="bytes")
    content = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = _("素材内容")


class MaterialUpload(models.Model):
    """素材上传: the platform's name for a file; it forgets the file after three days."""

    class Use(models.TextChoices):
        MASS = "mass", _("群发")
        MOMENTS = "moments", _("朋友圈")
        URL = "url", _("永久链接")

    material = models.ForeignKey(Material, models.CASCADE, related_name="uploads")
    use = models.CharField(max_length=7, choices=Use.choices)
    media_id = models.CharField(max_length=500, help_text="Or, for url, the address of the picture.")
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("素材上传")
        constraints = [models.UniqueConstraint(fields=["material", "use"], name="material_uploaded_once_per_use")]
