"""客户朋友圈: posts that staff publish by hand, who may see them, and what came back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.wecom.models.contacts import ExternalContact
from homeground.wecom.models.mass_sends import FROM_RECORD
from homeground.wecom.models.staff import Staff


class Moment(models.Model):
    """朋友圈: one post, made by us as a task or by a member on their own."""

    class State(models.TextChoices):
        MARKING = "marking", _("正在圈定可见客户")
        ASKING = "asking", _("正在提交")
        PLACED = "placed", _("待员工发表")
        UNKNOWN = "unknown", _("提交结果不明")
        FAILED = "failed", _("提交失败")
        CANCELLED = "cancelled", _("已停止")
        DONE = "done", _("已结束")

    key = models.CharField(_("键"), max_length=100, unique=True, help_text="Ours: the same key is placed once.")
    jobid = models.CharField(_("任务 ID"), max_length=64, blank=True)
    moment_id = models.CharField(_("朋友圈 ID"), max_length=64, null=True, unique=True)  # noqa: DJ001  Null until known.
    campaign_id = models.BigIntegerField(
        _("营销活动"), null=True, help_text="Of room journeys; null: a planned post, or staff's own."
    )
    channel = models.CharField(
        _("渠道"), max_length=30, blank=True, help_text="Slug of channels.Channel, which its touches are told under."
    )
    tag_id = models.CharField(
        _("可见范围标签"),
        max_length=64,
        blank=True,
        help_text="Made for this post's audience alone; dropped at its end.",
    )
    is_personal = models.BooleanField(_("员工自发"), default=False)
    content = models.JSONField(
        _("内容"), help_text='{"text": …, "attachments": […], "senders": [userid …], "tags": [tag_id …]}.'
    )
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.ASKING)
    error = models.CharField(_("错误"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("提交时间"))
    expires_at = models.DateTimeField(
        _("截止时间"), help_text="What staff have not published by then is stopped; the reactions are read until then."
    )
    polled_at = models.DateTimeField(_("最近查询"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("朋友圈")
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="moment_newest_first"),
            models.Index(fields=["campaign_id"], name="moment_of_campaign", condition=Q(campaign_id__isnull=False)),
            models.Index(
                fields=["asked_at"],
                name="moment_open",
                condition=Q(state__in=("marking", "asking", "placed", "unknown")),
            ),
        ]

    @property
    def is_ours(self) -> bool:
        """Placed by us; else read from the platform's record, since it belongs to the feed."""
        return not self.key.startswith(FROM_RECORD)


class MomentRecipient(models.Model):
    """朋友圈目标客户: whom a campaign's post is meant for. Only these carry its tag."""

    moment = models.ForeignKey(Moment, models.CASCADE, related_name="recipients")
    contact = models.ForeignKey(ExternalContact, models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("员工"))
    touch_id = models.BigIntegerField(_("触达"), null=True, help_text="Of room journeys.")
    marked_at = models.DateTimeField(_("已打标签"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("朋友圈目标客户")
        constraints = [models.UniqueConstraint(fields=["moment", "contact"], name="moment_recipient_once")]
        indexes = [models.Index(fields=["touch_id"], name="moment_of_touch", condition=Q(touch_id__isnull=False))]


class MomentPost(models.Model):
    """朋友圈发表: one member's part of it."""

    moment = models.ForeignKey(Moment, models.CASCADE, related_name="posts")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("员工"))
    notified_at = models.DateTimeField(_("已通知"), null=True)
    published_at = models.DateTimeField(_("发表时间"), null=True, help_text="When we first saw it published.")
    seen_at = models.DateTimeField(_("可见客户读取时间"), null=True, help_text="When its viewers were read.")

    class Meta:
        verbose_name = verbose_name_plural = _("朋友圈发表")
        constraints = [models.UniqueConstraint(fields=["moment", "staff"], name="moment_post_once")]


class MomentViewer(models.Model):
    """朋友圈可见客户: who can see one member's post. That somebody looked, nobody can tell."""

    post = models.ForeignKey(MomentPost, models.CASCADE, related_name="viewers")
    contact = models.ForeignKey(ExternalContact, models.CASCADE, related_name="+")
    touch_id = models.BigIntegerField(_("触达"), null=True, help_text="Of room journeys.")

    class Meta:
        verbose_name = verbose_name_plural = _("朋友圈可见客户")
        constraints = [models.UniqueConstraint(fields=["post", "contact"], name="moment_viewer_once")]


class MomentReaction(models.Model):
    """朋友圈互动: a like or a comment under a member's post. The platform does not tell a comment's words."""

    class Kind(models.TextChoices):
        LIKE = "like", _("点赞")
        COMMENT = "comment", _("评论")

    post = models.ForeignKey(MomentPost, models.CASCADE, related_name="reactions")
    kind = models.CharField(_("类型"), max_length=7, choices=Kind.choices)
    contact = models.ForeignKey(ExternalContact, models.CASCADE, null=True, related_name="+")
    staff = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="+")
    happened_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("朋友圈互动")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "kind", "contact", "staff", "happened_at"],
                name="moment_reaction_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, staff__isnull=True) | Q(contact__isnull=True, staff__isnull=False),
                name="moment_reaction_of_one",
            ),
        ]
