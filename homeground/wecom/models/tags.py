"""企业标签: the corp's own tags, each in step with a tag of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Made for one Moment each, to say who may see it: no tag of a customer, and gone with the post.
PASSING_GROUP = "主场·朋友圈可见范围"


class CorpTag(models.Model):
    """企业标签"""

    tag_id = models.CharField(_("标签 ID"), max_length=64, unique=True)
    group_id = models.CharField(_("标签组 ID"), max_length=64)
    group_name = models.CharField(_("标签组"), max_length=90)
    name = models.CharField(_("标签"), max_length=90)
    order = models.BigIntegerField(_("排序"), default=0, help_text="Higher comes first.")
    people_tag = models.ForeignKey(
        "people.Tag", models.SET_NULL, null=True, related_name="+", verbose_name=_("我们的标签")
    )
    is_ours = models.BooleanField(_("由我们创建"), default=False, help_text="An app may only edit tags that it made.")
    is_deleted = models.BooleanField(_("平台已删除"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("企业标签")
        indexes = [models.Index(fields=["group_id"], name="corp_tag_of_group")]
