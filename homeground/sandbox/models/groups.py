"""沙盒客户群: group chats and who is, or was, in them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.sandbox.models.contacts import Contact
from homeground.sandbox.models.members import Member

GROUP_MOST = 200  # People in one group before a join way moves on to its next.


class GroupChat(models.Model):
    """客户群. Its member_version changes with every change of members."""

    class Status(models.IntegerChoices):
        NORMAL = 0, _("跟进人正常")
        RESIGNED = 1, _("跟进人离职")
        MOVING = 2, _("离职继承中")
        MOVED = 3, _("离职继承完成")

    chat_id = models.CharField(_("群 ID"), max_length=64, unique=True)
    name = models.CharField(_("群名"), max_length=120, blank=True)
    owner = models.ForeignKey(Member, models.CASCADE, related_name="groups")
    admins = ArrayField(models.CharField(max_length=64), verbose_name=_("管理员"), default=list)
    notice = models.TextField(_("群公告"), blank=True)
    status = models.PositiveSmallIntegerField(_("状态"), choices=Status.choices, default=Status.NORMAL)
    member_version = models.CharField(_("成员版本"), max_length=32)
    opengid = models.CharField("OpenGID", max_length=64, unique=True)
    created_at = models.DateTimeField(_("建群时间"))
    dismissed_at = models.DateTimeField(_("解散时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒客户群")


class GroupMember(models.Model):
    """群成员: a member or a contact. Who left stays, for the statistics."""

    chat = models.ForeignKey(GroupChat, models.CASCADE, related_name="members")
    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="group_places")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="group_places")
    nickname = models.CharField(_("群昵称"), max_length=100, blank=True)
    join_scene = models.PositiveSmallIntegerField(_("入群方式"), default=1, help_text="1 invited, 2 by link, 3 by QR.")
    invited_by = models.CharField(_("邀请人"), max_length=64, blank=True)
    state = models.CharField(_("渠道标识"), max_length=30, blank=True)
    joined_at = models.DateTimeField(_("入群时间"))
    left_at = models.DateTimeField(_("退群时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒群成员")
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=True) ^ Q(contact__isnull=True), name="sandbox_group_member_is_one"
            ),
            models.UniqueConstraint(
                fields=["chat", "member"], condition=Q(left_at__isnull=True), name="sandbox_group_has_member_once"
            ),
            models.UniqueConstraint(
                fields=["chat", "contact"], condition=Q(left_at__isnull=True), name="sandbox_group_has_contact_once"
            ),
        ]


class GroupTransfer(models.Model):
    """群继承: at most 2 of one group in 90 days, 300 groups a day to one person."""

    chat = models.ForeignKey(GroupChat, models.CASCADE, related_name="transfers")
    takeover = models.ForeignKey(Member, models.CASCADE, related_name="+")
    is_resigned = models.BooleanField(_("离职继承"), default=False)
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒群继承")
        indexes = [
            models.Index(fields=["chat", "created_at"], name="sandbox_group_transfer_of"),
            models.Index(fields=["takeover", "created_at"], name="sandbox_group_transfer_to"),
        ]


class GroupWelcome(models.Model):
    """入群欢迎语素材. `content` is what the caller gave, as it is read back."""

    template_id = models.CharField(_("素材 ID"), max_length=64, unique=True)
    app = models.CharField(_("创建方"), max_length=7)
    content = models.JSONField(_("内容"))
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒入群欢迎语")
