"""沙盒朋友圈: what members are to publish, who can see it, and what those did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.sandbox.models.contacts import Contact
from homeground.sandbox.models.members import Member


class Moment(models.Model):
    """客户朋友圈: of the corp (create_type 0) or one that a member published in the client (1)."""

    moment_id = models.CharField(_("朋友圈 ID"), max_length=64, unique=True)
    jobid = models.CharField(_("任务 ID"), max_length=64, null=True, unique=True)  # noqa: DJ001  Null: made in the client.
    create_type = models.PositiveSmallIntegerField(_("创建方"), default=0, help_text="0 the corp, 1 a member.")
    creator = models.CharField(_("创建人"), max_length=64, blank=True, help_text="Empty: made by API.")
    content = models.JSONField(_("内容"), help_text='{"text": {"content": …}, "attachments": […]} as given.')
    tag_ids = ArrayField(
        models.CharField(max_length=64), verbose_name=_("可见标签"), null=True, help_text="Null: all their customers."
    )
    invalid = models.JSONField(_("无效范围"), default=dict, help_text="What the job's result reports.")
    created_at = models.DateTimeField(_("创建时间"))
    cancelled_at = models.DateTimeField(_("停止时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒朋友圈")
        indexes = [models.Index(fields=["created_at", "id"], name="sandbox_moment_by_time")]

    @property
    def is_public(self) -> bool:
        """Whether all customers of its members may see it."""
        return self.tag_ids is None


class MomentTask(models.Model):
    """朋友圈任务: what one member has to publish."""

    moment = models.ForeignKey(Moment, models.CASCADE, related_name="tasks")
    member = models.ForeignKey(Member, models.CASCADE, related_name="moment_tasks")
    published_at = models.DateTimeField(_("发表时间"), null=True)
    deleted_at = models.DateTimeField(_("删除时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒朋友圈任务")
        constraints = [models.UniqueConstraint(fields=["moment", "member"], name="sandbox_moment_task_once")]
        indexes = [
            models.Index(fields=["member"], name="sandbox_moment_task_open", condition=Q(published_at__isnull=True))
        ]


class MomentViewer(models.Model):
    """可见客户: written for all of a member's chosen customers when that member publishes."""

    moment = models.ForeignKey(Moment, models.CASCADE, related_name="viewers", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="moment_views")

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒朋友圈可见客户")
        constraints = [
            models.UniqueConstraint(fields=["moment", "member", "contact"], name="sandbox_moment_viewer_once")
        ]
        indexes = [models.Index(fields=["moment", "member", "id"], name="sandbox_moment_viewer_page")]


class MomentReaction(models.Model):
    """点赞与评论 under what one member published, by a contact or, with none, by that member."""

    class Kind(models.TextChoices):
        LIKE = "like", _("点赞")
        COMMENT = "comment", _("评论")

    moment = models.ForeignKey(Moment, models.CASCADE, related_name="reactions")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(_("类型"), max_length=7, choices=Kind.choices)
    text = models.CharField(_("内容"), max_length=500, blank=True, help_text="The platform's API never shows it.")
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒朋友圈互动")
        constraints = [
            models.UniqueConstraint(
                fields=["moment", "member", "contact"],
                condition=Q(kind="like"),
                nulls_distinct=False,
                name="sandbox_moment_like_once",
            )
        ]
        indexes = [models.Index(fields=["moment", "member", "id"], name="sandbox_moment_reactions")]
