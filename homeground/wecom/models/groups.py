"""客户群: group chats and who is, or was, in them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.wecom.models.staff import Staff


class GroupChat(models.Model):
    """客户群"""

    chat_id = models.CharField(_("群 ID"), max_length=64, unique=True)
    name = models.CharField(_("群名"), max_length=120, blank=True)
    owner = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("群主"))
    expert = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("群内专家"),
        help_text=_("业务问题由谁回答（M61）。"),
    )  # fmt: skip
    notice = models.TextField(_("群公告"), blank=True)
    member_version = models.CharField(_("成员版本"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("建群时间"), null=True)
    dismissed_at = models.DateTimeField(_("解散时间"), null=True)
    seen_at = models.DateTimeField(_("最近同步"))

    class Meta:
        verbose_name = verbose_name_plural = _("客户群")

    @property
    def title(self) -> str:
        return self.name or self.chat_id


class GroupMember(models.Model):
    """群成员. Who left stays as history."""

    chat = models.ForeignKey(GroupChat, models.CASCADE, related_name="members")
    member_id = models.CharField(_("成员 ID"), max_length=64, help_text="userid or external_userid.")
    is_external = models.BooleanField(_("外部成员"))
    customer = models.ForeignKey("people.Customer", models.PROTECT, null=True, related_name="+", verbose_name=_("客户"))
    name = models.CharField(_("群昵称"), max_length=200, blank=True)
    joined_at = models.DateTimeField(_("入群时间"))
    join_scene = models.PositiveSmallIntegerField(_("入群方式"), default=0, help_text="The platform's own number.")
    invited_by = models.CharField(_("邀请人"), max_length=64, blank=True)
    state = models.CharField(_("渠道标识"), max_length=64, blank=True)
    left_at = models.DateTimeField(_("退群时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("群成员")
        constraints = [
            models.UniqueConstraint(
                fields=["chat", "member_id"], condition=Q(left_at__isnull=True), name="group_member_once"
            )
        ]
        indexes = [models.Index(fields=["member_id"], name="group_member_by_id")]
